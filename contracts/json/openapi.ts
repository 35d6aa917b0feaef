import { isRecord } from '../../gateway/model/json.ts'
import { type Raw, record, text } from '../language/raw.ts'
import type { SchemaCheck } from '../language/schema-check.ts'
import { type AnswerRules, type MessageRules, type NeededName, noAnswerRules, type Operation } from './contract.ts'
import { readRoute } from './route.ts'
import { checked, readStructured, type SchemaReader } from './schema-source.ts'

const methods = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options'] as const

/**
 * The operations of an OpenAPI 3.0 or 3.1 file: routes, required header and query parameters, JSON bodies of requests and answers (2XX as `schema`, default
 * and 4XX or 5XX as `error`). What is not JSON is left out. Routes fit below any prefix, as servers are deployed.
 */
export function readOpenapi(reader: SchemaReader, name: string): readonly Operation[] {
  const document = readStructured(reader, ['openapi'], name)
  if (document === null) return []
  if (!isRecord(document) || !text(document.openapi).startsWith('3.')) {
    reader.report(['openapi'], `${name} is no OpenAPI 3 document`)
    return []
  }
  const components = record(record(document.components).schemas)
  const definitions = Object.fromEntries(Object.entries(components).map(([key, schema]) => [key, modern(schema)]))
  return Object.entries(record(document.paths)).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = record(item)[method]
      return isRecord(operation) ? operationOf(reader, { method, path, item: record(item), operation, definitions }) : []
    }),
  )
}

interface Found {
  readonly method: string
  readonly path: string
  readonly item: Raw
  readonly operation: Raw
  readonly definitions: Raw
}

function operationOf(reader: SchemaReader, found: Found): readonly Operation[] {
  const route = readRoute(`${found.method.toUpperCase()} /**${found.path}`)
  if (route === null) {
    reader.report(['openapi'], `the path of ${found.method.toUpperCase()} ${found.path} can not be used as a route`)
    return []
  }
  const name = text(found.operation.operationId) || route.text
  const answer = answerOf(reader, found)
  return [{ name, route, record: null, file: null, where: null, request: requestOf(reader, found), answer }]
}

function requestOf(reader: SchemaReader, found: Found): MessageRules {
  const { item, operation } = found
  const parameters = [item.parameters, operation.parameters].flatMap((list) => (Array.isArray(list) ? list.map(record) : []))
  const needed = (place: string): readonly NeededName[] =>
    parameters
      .filter((parameter) => parameter.in === place && parameter.required === true)
      .map((parameter) => ({ name: text(parameter.name).toLowerCase(), severity: null }))
  return { headers: needed('header'), query: needed('query'), schema: bodyOf(reader, found, operation.requestBody), rows: null }
}

function answerOf(reader: SchemaReader, found: Found): AnswerRules {
  const responses = record(found.operation.responses)
  const pick = (fits: RegExp) => Object.entries(responses).find(([status]) => fits.test(status))?.[1]
  return {
    ...noAnswerRules,
    schema: bodyOf(reader, found, pick(/^2/)),
    error: bodyOf(reader, found, pick(/^[45]/) ?? responses.default),
  }
}

function bodyOf(reader: SchemaReader, { definitions }: Found, body: unknown): SchemaCheck | null {
  const content = Object.entries(record(record(body).content))
  const schema = record(content.find(([type]) => /[/+]json\b/.test(type))?.[1]).schema
  if (!isRecord(schema)) return null
  const whole = { ...record(modern(schema)), definitions }
  return checked(reader, ['openapi'], whole)
}

/** OpenAPI 3.0 as JSON Schema 2020-12: `nullable`, exclusive bounds as booleans, references into the file's components. */
function modern(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(modern)
  if (!isRecord(value)) return value
  const out = new Map<string, unknown>()
  for (const [key, inner] of Object.entries(value)) {
    if (key === '$ref' && typeof inner === 'string') out.set(key, inner.replace(/^#\/components\/schemas\//, '#/definitions/'))
    else if (key === 'nullable' || key.startsWith('x-')) continue
    else out.set(key, modern(inner))
  }
  if (value.nullable === true && typeof value.type === 'string') out.set('type', [value.type, 'null'])
  for (const [flag, bound] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    if (typeof value[flag] !== 'boolean') continue
    out.delete(flag)
    if (value[flag] === true && typeof value[bound] === 'number') {
      out.delete(bound)
      out.set(flag, value[bound])
    }
  }
  return Object.fromEntries(out)
}
