import { envelopeValue } from '../../model/envelope.ts'
import { decidingAnswer, type Exchange } from '../../model/exchange.ts'
import type { InspectedExchange } from '../../model/reading.ts'
import type { Worded } from '../../model/vocabulary.ts'
import { wordedInCode, wordedOf } from '../../model/wording-digest.ts'

/**
 * Refusals that name their cause by themselves. By code, whatever the protocol: HTTP status codes (RFC 9110 15.5, RFC 6585; 495 to 526 of nginx and Cloudflare), rejections of associations
 * (`RJ-result-source-reason`, PS3.8 9.3.4) and DIMSE statuses (PS3.7 Annex C, PS3.4 B.2.3). Or by word (wording-digest.ts), where the code says no more than "no".
 */
export type Refusal =
  | 'auth'
  | 'rate-limit'
  | 'too-large'
  | 'called-ae'
  | 'calling-ae'
  | 'congestion'
  | 'out-of-resources'
  | 'object'
  | 'clock'
  | 'table'
  | 'slow'
  | 'version'
  | 'charset'
  | 'missing'
  | 'shape'
  | 'certificate'
  | 'name'
  | 'down'
  | 'repeated'

/** What databases and pools say of themselves is no refusal of the message. */
const ofWords: { readonly [word in Worded]: Refusal | null } = {
  pool: null,
  lock: null,
  trigger: null,
  clock: 'clock',
  auth: 'auth',
  rate: 'rate-limit',
  large: 'too-large',
  code: 'table',
  slow: 'slow',
  version: 'version',
  charset: 'charset',
  missing: 'missing',
  shape: 'shape',
  disk: 'out-of-resources',
  certificate: 'certificate',
  name: 'name',
  down: 'down',
  // Of a result it is an orphan, of anything else whatever it is.
  order: null,
}

/**
 * What the refusal of an exchange names, or null: its code, a code in its body, or else its words. A 401 for a token of the future (RFC 7519 4.1.5, 4.1.6) names the clock; and a 403 is
 * any refusal "for reasons unrelated to the credentials" (RFC 9110 15.5.4) of who says so.
 */
export function refusalIn(item: InspectedExchange): Refusal | null {
  const worded = wordedIn(item)
  const byWord = worded === null ? null : ofWords[worded]
  if (byWord === 'clock') return byWord
  const coded = codedIn(item.entry.exchange) ?? codedInBody(item)
  return coded === 'auth' && byWord !== null && unrelated.has(byWord) ? byWord : (coded ?? byWord)
}

const unrelated: ReadonlySet<Refusal> = new Set<Refusal>(['rate-limit', 'too-large', 'certificate', 'version'])

/** A body may be more exact than the status that it comes with: failure reasons of STOW-RS under a 409 (PS3.18 10.5.3), a 401 within a 200. */
function codedInBody({ answerFacts }: InspectedExchange): Refusal | null {
  for (const { code } of answerFacts?.ack?.errors ?? []) {
    const refusal = code === null ? null : refusalOf(code)
    if (refusal !== null) return refusal
  }
  return null
}

/** What the words or the worded codes of a refusal name, or null. */
export function wordedIn({ answerFacts }: InspectedExchange): Worded | null {
  for (const { code, textDigest } of answerFacts?.ack?.errors ?? []) {
    const worded = (textDigest === null ? null : wordedOf(textDigest)) ?? (code === null ? null : wordedInCode(code))
    if (worded !== null) return worded
  }
  return null
}

/**
 * What the code of a refusal names, or null. A 503 that says when to come again counts and turns away as a 429 does (RFC 9110 10.2.3, 15.6.4); without it
 * the receiver says no more than that it can't.
 */
function codedIn(exchange: Exchange): Refusal | null {
  const { code } = exchange
  if (code === null) return null
  if (code !== '503') return refusalOf(code)
  return envelopeValue(decidingAnswer(exchange)?.envelope, 'retry-after') === null ? null : 'rate-limit'
}

/** Whether a code is one that such a refusal comes with. */
export function fits(code: string, refusal: Refusal): boolean {
  return refusalOf(code) === refusal || (refusal === 'rate-limit' && code === '503')
}

/** What a code names by itself, or null. */
function refusalOf(code: string): Refusal | null {
  const known = codes.get(code)
  if (known !== undefined) return known
  // Transient, or of the presentation service: whatever the reason, it may be let in later.
  if (/^RJ-(?:2-\d-\d|\d-3-[12])$/.test(code)) return 'congestion'
  // PS3.4 B.2.3: A7xx out of resources; A9xx data set does not match SOP class; Cxxx cannot understand.
  if (/^A7[0-9A-F]{2}$/.test(code)) return 'out-of-resources'
  return /^(?:A9[0-9A-F]{2}|C[0-9A-F]{3})$/.test(code) ? 'object' : null
}

const codes: ReadonlyMap<string, Refusal> = new Map<string, Refusal>([
  ['401', 'auth'],
  ['511', 'auth'],
  ['403', 'auth'],
  ['407', 'auth'],
  ['0124', 'auth'],
  ['429', 'rate-limit'],
  ['509', 'rate-limit'],
  ['413', 'too-large'],
  ['414', 'too-large'],
  ['431', 'too-large'],
  ['RJ-1-1-7', 'called-ae'],
  ['RJ-1-1-3', 'calling-ae'],
  ['504', 'slow'],
  ['524', 'slow'],
  ['405', 'version'],
  ['406', 'version'],
  ['410', 'version'],
  ['415', 'version'],
  ['426', 'version'],
  ['501', 'version'],
  ['505', 'version'],
  ['495', 'certificate'],
  ['496', 'certificate'],
  ['497', 'certificate'],
  ['525', 'certificate'],
  ['526', 'certificate'],
  ['507', 'out-of-resources'],
  ['0117', 'object'],
  ['0111', 'repeated'],
  // HL7 table 0357, and its counterparts of V3 (AcknowledgementDetailCode).
  ['203', 'version'],
  ['205', 'repeated'],
  ['NS203', 'version'],
  ['NS200', 'version'],
  ['SYN100', 'missing'],
  ['SYN101', 'missing'],
  ['SYN105', 'missing'],
  ['SYN102', 'shape'],
  ['SYN107', 'shape'],
  ['SYN103', 'table'],
  ['SYN104', 'table'],
])
