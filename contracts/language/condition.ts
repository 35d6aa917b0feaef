import { patternProblem } from './safe-pattern.ts'

/** A question about a message, as JSON. `P`: how the language writes where an element stands. */
export type Condition<P> =
  | { readonly kind: 'present' | 'empty'; readonly path: P }
  | { readonly kind: 'in' | 'not-in'; readonly path: P; readonly values: readonly string[] }
  | { readonly kind: 'matches'; readonly path: P; readonly pattern: string }
  | { readonly kind: 'and' | 'or'; readonly of: readonly Condition<P>[] }
  | { readonly kind: 'not'; readonly of: Condition<P> }

export type ConditionReading<P> =
  | { readonly condition: Condition<P>; readonly problem: null }
  | { readonly condition: null; readonly problem: { readonly text: string; readonly offset: number } }

/** How a contract language writes paths. `read` gives null for what is none; `example` says what should stand there. */
export interface PathReading<P> {
  read(text: string): P | null
  readonly example: string
}

/**
 * Reads `ORC-1 = 'NW' and not (OBR-4 empty or OBX-8 in ('HH', 'LL'))`. Also `!=`, `not in`, `present`, `matches '^[A-Z]+$'`.
 * Never throws.
 */
export function readCondition<P>(text: string, paths: PathReading<P>): ConditionReading<P> {
  const tokens = tokenize(text)
  const cursor: Cursor<P> = { tokens, at: 0, end: text.length, paths }
  const result = readOr(cursor)
  if ('problem' in result) return { condition: null, problem: { text: result.problem, offset: result.offset } }
  const rest = tokens[cursor.at]
  if (rest) return { condition: null, problem: { text: `"${rest.text}" doesn't belong here`, offset: rest.offset } }
  return { condition: result, problem: null }
}

/** Every path that a condition asks for. */
export function conditionPaths<P>(condition: Condition<P>): readonly P[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.of.flatMap((part) => conditionPaths(part))
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

interface Cursor<P> {
  readonly tokens: readonly Token[]
  readonly end: number
  readonly paths: PathReading<P>
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

function readOr<P>(cursor: Cursor<P>): Condition<P> | Problem {
  return readList(cursor, 'or', (inner) => readList(inner, 'and', readNot))
}

function readList<P>(
  cursor: Cursor<P>,
  word: 'and' | 'or',
  read: (cursor: Cursor<P>) => Condition<P> | Problem,
): Condition<P> | Problem {
  const parts: Condition<P>[] = []
  do {
    const part = read(cursor)
    if ('problem' in part) return part
    parts.push(part)
  } while (take(cursor, word))
  const only = parts.length === 1 ? parts[0] : undefined
  return only ?? { kind: word, of: parts }
}

function readNot<P>(cursor: Cursor<P>): Condition<P> | Problem {
  if (take(cursor, 'not')) {
    const inner = readNot(cursor)
    return 'problem' in inner ? inner : { kind: 'not', of: inner }
  }
  if (!take(cursor, '(')) return readComparison(cursor)
  const inner = readOr(cursor)
  if ('problem' in inner) return inner
  return take(cursor, ')') ? inner : expected(cursor, '")"')
}

function readComparison<P>(cursor: Cursor<P>): Condition<P> | Problem {
  const token = cursor.tokens[cursor.at]
  const path = token?.kind === 'word' ? cursor.paths.read(token.text) : null
  if (path === null) return expected(cursor, cursor.paths.example)
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

function readPattern<P>(cursor: Cursor<P>, path: P): Condition<P> | Problem {
  const token = cursor.tokens[cursor.at]
  if (token?.kind !== 'text') return expected(cursor, 'a pattern in single quotes')
  const problem = patternProblem(token.text)
  if (problem !== null) return { problem, offset: token.offset }
  cursor.at += 1
  return { kind: 'matches', path, pattern: token.text }
}

function readValues<P>(cursor: Cursor<P>, kind: 'in' | 'not-in', path: P, isList: boolean): Condition<P> | Problem {
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

function take<P>(cursor: Cursor<P>, text: string): boolean {
  const token = cursor.tokens[cursor.at]
  if (token === undefined || token.kind === 'text' || token.text !== text) return false
  cursor.at += 1
  return true
}

function expected<P>(cursor: Cursor<P>, what: string): Problem {
  const token = cursor.tokens[cursor.at]
  return { problem: `${what} must stand here`, offset: token?.offset ?? cursor.end }
}
