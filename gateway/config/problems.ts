import type { ErrorObject } from 'ajv'
import { type Document, isMap, isPair, isScalar, type LineCounter, type ParsedNode } from 'yaml'
import type { Place } from '../model/failure.ts'

/** One thing that is wrong, or odd, with a configuration. Errors keep Auscult from starting; warnings don't. */
export interface Problem {
  readonly severity: 'error' | 'warning'
  readonly message: string
  readonly place: Place
}

/** Where things stand in a YAML file. */
export interface Locator {
  /** The place of a value, or of the key itself with `atKey`. */
  place(path: readonly (string | number)[], atKey?: boolean): Place
}

export function createLocator(file: string, document: Document.Parsed<ParsedNode>, lines: LineCounter): Locator {
  return {
    place(path, atKey = false) {
      const key = keyText(path)
      const start = atKey ? keyStart(document, path) : valueStart(document, path)
      if (start === null) return { file, ...(key === '' ? {} : { key }) }
      const { line, col } = lines.linePos(start)
      return { file, line, column: col, ...(key === '' ? {} : { key }) }
    },
  }
}

/** ajv's errors as sentences, one problem each; the echoes of `anyOf` and `oneOf` branches are left out. */
export function schemaProblems(errors: readonly ErrorObject[], locator: Locator): readonly Problem[] {
  const combined = errors.filter((e) => e.keyword === 'anyOf' || e.keyword === 'oneOf').map((e) => e.schemaPath)
  return (
    errors
      // Of if and then, only what then says is a sentence.
      .filter((e) => e.keyword !== 'if')
      .filter((e) => !combined.some((path) => e.schemaPath !== path && e.schemaPath.startsWith(`${path}/`)))
      .map((e) => problemOf(e, locator))
  )
}

function problemOf(error: ErrorObject, locator: Locator): Problem {
  const path = pathOf(error.instancePath)
  if (error.keyword === 'additionalProperties') {
    const extra = String(error.params.additionalProperty)
    return { severity: 'error', message: `unknown key "${extra}"`, place: locator.place([...path, extra], true) }
  }
  return { severity: 'error', message: sentence(error), place: locator.place(path) }
}

function sentence(error: ErrorObject): string {
  switch (error.keyword) {
    case 'required':
      return `"${error.params.missingProperty}" is missing`
    case 'enum':
      return `must be one of ${error.params.allowedValues.join(', ')}`
    case 'pattern':
      return error.parentSchema?.description
        ? `must be: ${error.parentSchema.description}`
        : `must match ${error.params.pattern}`
    case 'type':
      return `must be ${article(String(error.params.type))}`
    default:
      return error.message ?? `breaks the rule ${error.keyword}`
  }
}

function article(type: string): string {
  return type === 'object' ? 'a mapping' : type === 'array' || type === 'integer' ? `an ${type}` : `a ${type}`
}

/** `/interfaces/3/source` as ["interfaces", 3, "source"]. */
function pathOf(pointer: string): readonly (string | number)[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part))
}

function keyText(path: readonly (string | number)[]): string {
  return path.map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`)).join('')
}

function valueStart(document: Document.Parsed<ParsedNode>, path: readonly (string | number)[]): number | null {
  for (let depth = path.length; depth >= 0; depth -= 1) {
    const node = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true)
    if (hasRange(node)) return node.range[0]
  }
  return null
}

function keyStart(document: Document.Parsed<ParsedNode>, path: readonly (string | number)[]): number | null {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true)
  if (!isMap(parent)) return valueStart(document, path)
  const pair = parent.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === path.at(-1))
  return pair && hasRange(pair.key) ? pair.key.range[0] : valueStart(document, path)
}

function hasRange(node: unknown): node is { range: readonly [number, number, number] } {
  return typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)
}
