import type { Schema } from '../../../gateway/desk/api/schema.ts'
import { shapes } from '../../../gateway/desk/api/shapes.ts'

const named: { readonly [name: string]: Schema<unknown> } = shapes
const componentPrefix = '#/components/schemas/'

/**
 * Whether an answer of the API has the shape that the API's own table promises: the console's border. It reads the keywords that
 * gateway/desk/api/schema.ts makes; it compiles nothing, since the content security policy forbids code from text. Properties
 * that a newer desk adds are let through.
 */
export function fits<T>(schema: Schema<T>, value: unknown): value is T {
  return matches(schema.json, value)
}

/** A property of an unknown value, or undefined. */
export function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

function matches(json: unknown, value: unknown): boolean {
  const reference = property(json, '$ref')
  if (typeof reference === 'string') return matches(named[reference.slice(componentPrefix.length)]?.json, value)
  const alternatives = property(json, 'anyOf')
  if (Array.isArray(alternatives)) return alternatives.some((one: unknown) => matches(one, value))
  const values = property(json, 'enum')
  if (Array.isArray(values)) return values.includes(value)
  const constant = property(json, 'const')
  if (constant !== undefined) return value === constant
  return matchesType(json, value)
}

function matchesType(json: unknown, value: unknown): boolean {
  switch (property(json, 'type')) {
    case 'string':
      return typeof value === 'string'
    case 'integer':
      return Number.isInteger(value)
    case 'number':
      return typeof value === 'number'
    case 'boolean':
      return typeof value === 'boolean'
    case 'null':
      return value === null
    case 'array':
      return Array.isArray(value) && value.every((item: unknown) => matches(property(json, 'items'), item))
    case 'object':
      return typeof value === 'object' && value !== null && hasProperties(json, value)
    default:
      return true
  }
}

function hasProperties(json: unknown, value: object): boolean {
  const required = property(json, 'required')
  const properties = property(json, 'properties')
  const hasAll = !Array.isArray(required) || required.every((name: unknown) => typeof name === 'string' && name in value)
  if (!hasAll || typeof properties !== 'object' || properties === null) return hasAll
  return Object.entries(properties).every(([name, schema]: [string, unknown]) => {
    const own = property(value, name)
    return own === undefined || matches(schema, own)
  })
}
