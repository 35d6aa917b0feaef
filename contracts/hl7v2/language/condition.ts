import { patternProblem } from '../../language/safe-pattern.ts'
import { type ElementPath, readPath } from './path.ts'

/** A question about a message, as JSON. Paths are read by `check/condition-check.ts`. */
export type Condition =
  | { readonly kind: 'present' | 'empty'; readonly path: ElementPath }
  | { readonly kind: 'in' | 'not-in'; readonly path: ElementPath; readonly values: readonly string[] }
  | { readonly kind: 'matches'; readonly path: ElementPath; readonly pattern: string }
  | { readonly kind: 'and' | 'or'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }

export type ConditionReading =
  | { readonly condition: Condition; readonly problem: null }
  | { readonly condition: null; readonly problem: { readonly text: string; readonly offset: number } }

/**
 * Reads `ORC-1 = 'NW' and not (OBR-4 empty or OBX-8 in ('HH', 'LL'))`. Also `!=`, `not in`, `present`, `matches '^[A-Z]+$'`.
 * Never throws.
 */
export function readCondition(text: string): ConditionReading {
  const tokens = tokenize(text)
  const cursor: Cursor = { tokens, at: 0, end: text.length }
  const result = readOr(cursor)
  if ('problem' in result) return { condition: null, problem: { text: result.problem, offset: result.offset } }
  const rest = tokens[cursor.at]
  if (rest) return { condition: null, problem: { text: `"${rest.text}" doesn't belong here`, offset: rest.offset } }
  return { condition: result, problem: null }
}

/** Every path that a condition asks for. */
export function conditionPaths(condition: Condition): readonly ElementPath[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.of.flatMap(conditionPaths)
    case 'not':
      return conditionPaths(condition.of)
    default:
      return [condition.path]
  }
}

interface Token {
  readonly kind: 'word' | 'text' | 'mark'
  readonly text: string
  readonly offset: number
}

interface Cursor {
  readonly tokens: readonly Token[]
  readonly end: number
  at: number
}

interface Problem {
  readonly problem: string
  readonly offset: number
}

function tokenize(text: string): readonly Token[] {
  return [...text.matchAll(/'([^']*)'|(!=|[=(),])|[^\s'=!(),]+|\S/gu)].map((match): Token => {
    if (match[1] !== undefined) return { kind: 'text', text: match[1], offset: match.index }
    return { kind: match[2] === undefined ? 'word' : 'mark', text: match[0], offset: match.index }
  })
}

function readOr(cursor: Cursor): Condition | Problem {
  return readList(cursor, 'or', (inner) => readList(inner, 'and', readNot))
}

function readList(cursor: Cursor, word: 'and' | 'or', read: (cursor: Cursor) => Condition | Problem): Condition | Problem {
  const parts: Condition[] = []
  do {
    const part = read(cursor)
    if ('problem' in part) return part
    parts.push(part)
  } while (take(cursor, word))
  const only = parts.length === 1 ? parts[0] : undefined
  return only ?? { kind: word, of: parts }
}

function readNot(cursor: Cursor): Condition | Problem {
  if (take(cursor, 'not')) {
    const inner = readNot(cursor)
    return 'problem' in inner ? inner : { kind: 'not', of: inner }
  }
  if (!take(cursor, '(')) return readComparison(cursor)
  const inner = readOr(cursor)
  if ('problem' in inner) return inner
  return take(cursor, ')') ? inner : expected(cursor, '")"')
}

function readComparison(cursor: Cursor): Condition | Problem {
  const token = cursor.tokens[cursor.at]
  const path = token?.kind === 'word' ? readPath(token.text) : null
  if (path === null) return expected(cursor, 'a field as ORC-1')
  cursor.at += 1
  if (take(cursor, 'present')) return { kind: 'present', path }
  if (take(cursor, 'empty')) return { kind: 'empty', path }
  if (take(cursor, 'matches')) return readPattern(cursor, path)
  if (take(cursor, '=')) return readValues(cursor, 'in', path, false)
  if (take(cursor, '!=')) return readValues(cursor, 'not-in', path, false)
  if (take(cursor, 'in')) return readValues(cursor, 'in', path, true)
  if (take(cursor, 'not')) return take(cursor, 'in') ? readValues(cursor, 'not-in', path, true) : expected(cursor, '"in"')
  return expected(cursor, 'one of =, !=, in, not in, present, empty, matches')
}

function readPattern(cursor: Cursor, path: ElementPath): Condition | Problem {
  const token = cursor.tokens[cursor.at]
  if (token?.kind !== 'text') return expected(cursor, 'a pattern in single quotes')
  const problem = patternProblem(token.text)
  if (problem !== null) return { problem, offset: token.offset }
  cursor.at += 1
  return { kind: 'matches', path, pattern: token.text }
}

function readValues(cursor: Cursor, kind: 'in' | 'not-in', path: ElementPath, isList: boolean): Condition | Problem {
  if (isList && !take(cursor, '(')) return expected(cursor, '"("')
  const values: string[] = []
  do {
    const token = cursor.tokens[cursor.at]
    if (token?.kind !== 'text') return expected(cursor, 'a value in single quotes')
    values.push(token.text)
    cursor.at += 1
  } while (isList && take(cursor, ','))
  if (isList && !take(cursor, ')')) return expected(cursor, '")"')
  return { kind, path, values }
}

function take(cursor: Cursor, text: string): boolean {
  const token = cursor.tokens[cursor.at]
  if (token === undefined || token.kind === 'text' || token.text !== text) return false
  cursor.at += 1
  return true
}

function expected(cursor: Cursor, what: string): Problem {
  const token = cursor.tokens[cursor.at]
  return { problem: `${what} must stand here`, offset: token?.offset ?? cursor.end }
}
