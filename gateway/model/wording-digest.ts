import { hash } from 'node:crypto'
import { vocabulary, type Worded } from './vocabulary.ts'

/**
 * What may leave of an error's text: twelve hexadecimal digits of SHA-256 over its wording, lower case, blanks joined, every run of digits as one mark.
 * Texts differ by the patient's numbers and names; their wording tells which error it is. What names its cause has the name before it (`pool-`). Null for no
 * text.
 */
export function wordingDigest(text: string | null): string | null {
  if (text === null || text.trim() === '') return null
  const lower = text.slice(0, charsMax).toLowerCase()
  const wording = lower
    .replace(/\p{N}+/gu, '#')
    .replace(/\s+/g, ' ')
    .trim()
  return namedFor(lower, hash('sha256', wording, 'hex').slice(0, 12))
}

/** Of several texts about one refusal the digest of the one that names its cause, or else of the first. */
export function tellingDigest(texts: readonly (string | null)[]): string | null {
  const digests = texts.flatMap((text) => wordingDigest(text) ?? [])
  return digests.find((digest) => wordedOf(digest) !== null) ?? digests[0] ?? null
}

/** The digest of a text (in lower case), after the name of the cause that its words name. */
export function namedFor(lower: string, digest: string): string {
  const named = namedIn(lower)
  return named === null ? digest : `${named}-${digest}`
}

/** What the wording named, or null. */
export function wordedOf(digest: string): Worded | null {
  const dash = digest.indexOf('-')
  return dash < 0 ? null : (vocabulary.find(([name]) => digest.startsWith(name) && name.length === dash)?.[0] ?? null)
}

/** What a code that is a word names (`DRUG_NOT_FOUND`, `TokenExpired`, `too-long`), or null. Codes are few, and read again and again. */
export function wordedInCode(code: string): Worded | null {
  if (code.length < codeCharsMin || code.length > codeCharsMax) return null
  const known = codes.get(code)
  if (known !== undefined) return known
  const lower = code
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/[_.-]+/g, ' ')
    .toLowerCase()
  const named = namedIn(lower)
  if (codes.size < codesMax) codes.set(code, named)
  return named
}

const codeCharsMin = 6
const codeCharsMax = 48
const codes = new Map<string, Worded | null>()
const codesMax = 500

/** As it stands, or else without what stands in brackets: a value in the middle of what is said of it (`编码[I10.x00]不存在`). */
function namedIn(lower: string): Worded | null {
  const named = namedAsIs(lower)
  if (named !== null || !bracketed.test(lower)) return named
  return namedAsIs(lower.replace(everyBracketed, ''))
}

function namedAsIs(lower: string): Worded | null {
  return vocabulary.find(([, words]) => words.test(lower))?.[0] ?? null
}

const bracketed = /[[【「『〔(].{0,60}?[\]】」』〕)]/
const everyBracketed = new RegExp(bracketed, 'g')

const charsMax = 4_096
