import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import type { Failure, Place } from '../../gateway/model/failure.ts'
import { failure } from '../../gateway/model/failures.ts'

/** Where in the YAML something stands: keys from the top, numbers for list items. */
export type KeyPath = readonly (string | number)[]

/** A contract's YAML with the places of its keys. Scalars are texts (`01` stays `01`, `NO` stays `NO`), or what YAML 1.2 says they are where a contract holds JSON Schemas. */
export interface Source {
  readonly file: string
  readonly value: unknown
  /** Problems of the YAML and of its shape, in the order of the file. */
  readonly problems: readonly Failure[]
  /** A problem at a key or its value; `offset` counts characters into the value. */
  problem(path: KeyPath, text: string, options?: { readonly atKey?: boolean; readonly offset?: number }): Failure
}

/** Reads the YAML of a contract and holds it against its language's JSON Schema (`shapeCheck`). Never throws: what is wrong is in `problems`. */
export function readSource(
  text: string,
  file: string,
  checkShape: ValidateFunction,
  scalars: 'texts' | 'typed' = 'texts',
): Source {
  const lines = new LineCounter()
  const document = parseDocument(text, { schema: scalars === 'texts' ? 'failsafe' : 'core', lineCounter: lines })
  const problem: Source['problem'] = (path, message, options = {}) => {
    const offset = offsetOf(document, path, options.atKey === true) + (options.offset ?? 0)
    const { line, col } = lines.linePos(offset)
    const place: Place = { file, line, column: col, key: keyText(path) }
    return failure('CONTRACT_INVALID', message, { place })
  }
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => {
      const { line, col } = lines.linePos(error.pos[0])
      return failure('CONTRACT_INVALID', firstLine(error.message), { place: { file, line, column: col } })
    })
    return { file, value: null, problems, problem }
  }
  const value: unknown = document.toJS({ maxAliasCount: 100 })
  const errors = checkShape(value) ? [] : (checkShape.errors ?? [])
  const problems = errors.flatMap((error) => shapeProblem(error, problem))
  return { file, value, problems, problem }
}

/** A language's JSON Schema, ready for `readSource`. */
export function shapeCheck(languageSchema: object): ValidateFunction {
  return new Ajv2020({ allErrors: true, allowUnionTypes: true, strictRequired: false }).compile(languageSchema)
}

function shapeProblem(error: ErrorObject, problem: Source['problem']): readonly Failure[] {
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
  switch (error.keyword) {
    case 'if':
    case 'propertyNames':
      // The branch and the name's own error say it better.
      return []
    case 'additionalProperties':
      return [problem([...path, String(error.params.additionalProperty)], 'this key is unknown', { atKey: true })]
    case 'required':
      return [problem(path, `the key "${error.params.missingProperty}" is missing`)]
    case 'enum':
      return [problem(path, `must be one of ${error.params.allowedValues.join(', ')}`)]
    case 'type':
      return [problem(path, `must be ${typeWord(String(error.params.type))}`)]
    case 'pattern':
      if (error.propertyName !== undefined)
        return [problem([...path, error.propertyName], 'this name has a form that is not allowed here', { atKey: true })]
      return [problem(path, `doesn't have the form that is asked here (${error.params.pattern})`)]
    default:
      return [problem(path, error.message ?? 'is not as it should be')]
  }
}

function typeWord(type: string): string {
  if (type.includes('array')) return type.includes('string') ? 'a text or a list' : 'a list'
  if (type.includes('object')) return type.includes('string') ? 'a text or a set of keys' : 'a set of keys'
  return 'a text'
}

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? message).replace(/ at line \d+, column \d+:?$/u, '')
}

function keyText(path: KeyPath): string {
  return path.map((key, i) => (/^\d+$/u.test(String(key)) ? `[${key}]` : `${i === 0 ? '' : '.'}${key}`)).join('')
}

/** Character offset of the value at `path`, or of its key; of the nearest thing above when there is none. */
function offsetOf(document: Document.Parsed, path: KeyPath, atKey: boolean): number {
  let node: unknown = document.contents
  let offset = startOf(node) ?? 0
  for (const [depth, key] of path.entries()) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key))
      if (pair === undefined) return offset
      const isLast = depth === path.length - 1
      offset = (isLast && !atKey ? startOf(pair.value) : undefined) ?? startOf(pair.key) ?? offset
      node = pair.value
    } else if (isSeq(node)) {
      node = node.items[Number(key)]
      offset = startOf(node) ?? offset
    } else return offset
  }
  return offset
}

function startOf(node: unknown): number | undefined {
  if (!isNode(node)) return undefined
  const { range }: Node = node
  // A quoted text begins behind its quote, so that an offset into the value points at the right character.
  const isQuoted = isScalar(node) && (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE')
  return range == null ? undefined : range[0] + (isQuoted ? 1 : 0)
}
