/**
 * The order of segments in a message, as HL7 writes it (HL7 2.6 2.13): `[ ]` optional, `{ }` repeating, `< | >` a choice.
 * `*` stands for any segment. Plain JSON, so that it can stand inside a JSON Schema.
 */
export type Grammar =
  | { readonly kind: 'segment'; readonly name: string }
  | { readonly kind: 'sequence'; readonly of: readonly Grammar[] }
  | { readonly kind: 'choice'; readonly of: readonly Grammar[] }
  /** `max` null: without limit. */
  | { readonly kind: 'repeat'; readonly of: Grammar; readonly min: number; readonly max: number | null }

/** What a reading of the compact notation gives: a grammar, or what is wrong and where (characters from 0). */
export type GrammarReading =
  | { readonly grammar: Grammar; readonly problem: null }
  | { readonly grammar: null; readonly problem: { readonly text: string; readonly offset: number } }

/** Reads `MSH [PID [PV1]] { ORC [OBR] [{NTE}] }`. Never throws. */
export function readGrammar(text: string): GrammarReading {
  const tokens = tokenize(text)
  const bad = tokens.find((token) => token.kind === 'bad')
  if (bad) return problemAt(`"${bad.text}" is neither a segment name nor one of [ ] { } < | > *`, bad.offset)
  const result = readSequence({ tokens, at: 0 }, null)
  if ('problem' in result) return problemAt(result.problem, result.offset)
  return { grammar: result.grammar, problem: null }
}

/** Every segment name of a grammar, in the order of first mention. */
export function segmentNames(grammar: Grammar): readonly string[] {
  const names = new Set<string>()
  collectNames(grammar, names)
  return [...names]
}

/** A grammar in the compact notation, with HL7's own brackets; limits other than 0, 1 and many are rounded outwards. */
export function writeGrammar(grammar: Grammar): string {
  switch (grammar.kind) {
    case 'segment':
      return grammar.name
    case 'sequence':
      return grammar.of.map(writeGrammar).join(' ')
    case 'choice':
      return `<${grammar.of.map(writeGrammar).join(' | ')}>`
    case 'repeat': {
      const inner = grammar.max === 1 ? writeGrammar(grammar.of) : `{${writeGrammar(grammar.of)}}`
      return grammar.min === 0 ? `[${inner}]` : inner
    }
    default:
      return grammar satisfies never
  }
}

interface Token {
  readonly kind: 'name' | 'mark' | 'bad'
  readonly text: string
  readonly offset: number
}

interface Cursor {
  readonly tokens: readonly Token[]
  at: number
}

type Step = { readonly grammar: Grammar } | { readonly problem: string; readonly offset: number }

const tokenPattern = /[A-Z][A-Z0-9]{2}|[[\]{}<|>*]|[^\s[\]{}<|>*]+/gu
const closers: { readonly [opener: string]: string } = { '[': ']', '{': '}', '<': '>' }

function tokenize(text: string): readonly Token[] {
  return [...text.matchAll(tokenPattern)].map((match) => {
    const word = match[0]
    const kind = /^[A-Z][A-Z0-9]{2}$/u.test(word) ? 'name' : /^[[\]{}<|>*]$/u.test(word) ? 'mark' : 'bad'
    return { kind, text: word, offset: match.index }
  })
}

function problemAt(text: string, offset: number): GrammarReading {
  return { grammar: null, problem: { text, offset } }
}

/** Reads items until `closer` (taken) or, inside a choice, until `|` (left). */
function readSequence(cursor: Cursor, opener: Token | null): Step {
  const items: Grammar[] = []
  const closer = opener === null ? null : closers[opener.text]
  for (;;) {
    const token = cursor.tokens[cursor.at]
    if (token === undefined || token.text === closer || (token.text === '|' && closer === '>')) {
      if (token === undefined && opener !== null) return { problem: `"${opener.text}" is never closed`, offset: opener.offset }
      if (items.length === 0) return { problem: 'nothing stands here', offset: (token ?? opener)?.offset ?? 0 }
      const only = items.length === 1 ? items[0] : undefined
      return { grammar: only ?? { kind: 'sequence', of: items } }
    }
    const step = readItem(cursor, token)
    if ('problem' in step) return step
    items.push(step.grammar)
  }
}

function readItem(cursor: Cursor, token: Token): Step {
  cursor.at += 1
  if (token.kind === 'name' || token.text === '*') return { grammar: { kind: 'segment', name: token.text } }
  if (token.text === '<') return readChoice(cursor, token)
  if (token.text !== '[' && token.text !== '{') return { problem: `"${token.text}" closes nothing`, offset: token.offset }
  const inner = readSequence(cursor, token)
  if ('problem' in inner) return inner
  cursor.at += 1
  return { grammar: token.text === '[' ? optional(inner.grammar) : repeating(inner.grammar) }
}

function readChoice(cursor: Cursor, opener: Token): Step {
  const options: Grammar[] = []
  for (;;) {
    const option = readSequence(cursor, opener)
    if ('problem' in option) return option
    options.push(option.grammar)
    const end = cursor.tokens[cursor.at]
    cursor.at += 1
    if (end?.text === '>') return { grammar: { kind: 'choice', of: options } }
  }
}

function optional(of: Grammar): Grammar {
  if (of.kind === 'repeat') return { ...of, min: 0 }
  return { kind: 'repeat', of, min: 0, max: 1 }
}

function repeating(of: Grammar): Grammar {
  if (of.kind === 'repeat') return { ...of, max: null }
  return { kind: 'repeat', of, min: 1, max: null }
}

function collectNames(grammar: Grammar, names: Set<string>): void {
  if (grammar.kind === 'segment') names.add(grammar.name)
  else if (grammar.kind === 'repeat') collectNames(grammar.of, names)
  else for (const part of grammar.of) collectNames(part, names)
}
