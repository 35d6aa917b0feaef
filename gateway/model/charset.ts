import { Buffer, isAscii, isUtf8 } from 'node:buffer'
import type { CharsetFacts } from './document.ts'
import { isGarbled } from './garbled.ts'

export type Charset = CharsetFacts['detected']
type Verdict = CharsetFacts['verdict']

/** A body as text, with what its bytes are. */
export interface DecodedText {
  /** Without a byte order mark. What can't be read stands as U+FFFD. */
  readonly text: string
  readonly detected: Charset
  readonly nonAsciiCount: number
  readonly hasMark: boolean
  /** Some bytes are not valid in any one character set. */
  readonly isBroken: boolean
}

export interface DecodeOptions {
  /** What the message says it is in; a claim, which decides only where the bytes leave it open. */
  readonly label?: string | null
  /** The body was shortened by a limit: bytes of a last character that isn't whole are dropped. */
  readonly isCut?: boolean
}

/**
 * Decides the character set of a body whose syntax is ASCII (JSON, XML, CSV) from its bytes, and decodes it. In this order: a byte order mark, or zero
 * bytes where UTF-16 has them; no byte above 127; strictly valid UTF-8; strictly valid GB18030 or what the label says. Valid UTF-8 of fewer than six
 * characters may be chance: there a label of GB18030 decides, if the bytes are valid in it. Never throws.
 */
export function decodeText(body: Uint8Array, { label = null, isCut = false }: DecodeOptions = {}): DecodedText {
  const first = body[0] ?? 0
  const second = body[1] ?? 0
  if (first === 0xff && second === 0xfe) return utf16(body.subarray(2), 'utf-16le', true)
  if (first === 0xfe && second === 0xff) return utf16(body.subarray(2), 'utf-16be', true)
  if (first !== 0 && second === 0 && body.length > 1) return utf16(body, 'utf-16le', false)
  if (first === 0 && second !== 0) return utf16(body, 'utf-16be', false)
  const hasMark = first === 0xef && second === 0xbb && body[2] === 0xbf
  const start = hasMark ? 3 : 0
  const bytes = Buffer.from(body.buffer, body.byteOffset + start, body.byteLength - start)
  if (isAscii(bytes)) {
    const detected = hasMark ? 'utf-8' : 'ascii'
    return { text: bytes.toString('latin1'), detected, nonAsciiCount: 0, hasMark, isBroken: false }
  }
  const whole = isCut ? wholeCharacters(bytes) : bytes
  return { ...decodeForeign(whole, label, hasMark), hasMark }
}

/** The character set that a label names, in the names of HTTP, XML and CSV practice; null for none that is known here. */
export function charsetOfLabel(label: string): Charset | null {
  return labels.get(label.trim().toLowerCase()) ?? null
}

export interface CharsetClaim {
  /** The label as the message writes it, or null. */
  readonly declared: string | null
  /** What the standard has where nothing is declared; null: nothing. */
  readonly assumed: 'utf-8' | null
  /** Character sets that the standard has; others are odd labels, though the bytes are in them. Left out: any. */
  readonly allowed?: readonly Charset[]
  readonly delimiterInTrail: boolean
}

/** The bytes against the claim. */
export function charsetFactsOf({ text, detected, nonAsciiCount }: DecodedText, claim: CharsetClaim): CharsetFacts {
  const { declared, delimiterInTrail } = claim
  const verdict = verdictOnText(verdictOf(detected, claim), text, nonAsciiCount)
  return { declared, detected, verdict, nonAsciiCount, delimiterInTrail }
}

/** The verdict on the bytes, or else that on what they say. */
export function verdictOnText(onBytes: Verdict, text: string, nonAsciiCount: number): Verdict {
  return nonAsciiCount > 0 && onBytes !== 'contradicts' && isGarbled(text) ? 'garbled' : onBytes
}

/** The heavier, the higher: of several texts the worst one's verdict stands. */
export const verdictWeights: { readonly [verdict in Verdict]: number } = {
  contradicts: 4,
  garbled: 3,
  'odd-label': 2,
  unlabelled: 1,
  agrees: 0,
}

/** Whether people read something else than was written. */
export function isMisread({ verdict }: CharsetFacts): boolean {
  return verdict === 'contradicts' || verdict === 'garbled'
}

/** Whether the second byte of a GB18030 character equals one of the delimiters: a receiver that reads bytes before it decodes them breaks this message. */
export function hasByteInTrail(body: Uint8Array, delimiters: string): boolean {
  for (let i = 0; i < body.length; i++) {
    if ((body[i] ?? 0) < 0x81) continue
    const trail = body[++i] ?? 0
    if (trail >= 0x40 && trail <= 0x7e && delimiters.includes(String.fromCharCode(trail))) return true
  }
  return false
}

/** Six GB18030 characters pass for UTF-8 less than once in 10,000. */
const proofChars = 6
const looseGb = new TextDecoder('gb18030')
const looseUtf8 = new TextDecoder('utf-8')

const labels: ReadonlyMap<string, Charset> = new Map([
  ['utf-8', 'utf-8'],
  ['utf8', 'utf-8'],
  ['us-ascii', 'ascii'],
  ['ascii', 'ascii'],
  ['gb18030', 'gb18030'],
  ['gbk', 'gb18030'],
  ['gb2312', 'gb18030'],
  ['cp936', 'gb18030'],
  ['iso-8859-1', 'iso-8859-1'],
  ['latin1', 'iso-8859-1'],
  ['windows-1252', 'iso-8859-1'],
  ['utf-16', 'utf-16'],
  ['utf-16le', 'utf-16'],
  ['utf-16be', 'utf-16'],
])

function verdictOf(detected: Charset, { declared, assumed, allowed }: CharsetClaim): CharsetFacts['verdict'] {
  if (declared === null || declared.trim() === '') {
    if (assumed === null) return 'unlabelled'
    return detected === 'ascii' || detected === assumed ? 'agrees' : 'contradicts'
  }
  const named = charsetOfLabel(declared)
  if (named === null) return 'odd-label'
  if (detected !== 'ascii' && named !== detected) return 'contradicts'
  return allowed === undefined || allowed.includes(named) ? 'agrees' : 'odd-label'
}

function utf16(body: Uint8Array, order: 'utf-16le' | 'utf-16be', hasMark: boolean): DecodedText {
  const text = new TextDecoder(order).decode(body)
  return { text, detected: 'utf-16', nonAsciiCount: nonAsciiOf(text), hasMark, isBroken: text.includes('\ufffd') }
}

type Read = Omit<DecodedText, 'hasMark'>

function decodeForeign(bytes: Buffer, label: string | null, hasMark: boolean): Read {
  const named = label === null ? null : charsetOfLabel(label)
  if (isUtf8(bytes)) {
    const text = bytes.toString('utf8')
    const asUtf8: Read = { text, detected: 'utf-8', nonAsciiCount: nonAsciiOf(text), isBroken: false }
    if (hasMark || named !== 'gb18030' || asUtf8.nonAsciiCount >= proofChars) return asUtf8
    const gb = strictGb(bytes)
    return gb === null ? asUtf8 : { text: gb, detected: 'gb18030', nonAsciiCount: nonAsciiOf(gb), isBroken: false }
  }
  if (named === 'iso-8859-1') {
    const text = bytes.toString('latin1')
    return { text, detected: 'iso-8859-1', nonAsciiCount: nonAsciiOf(text), isBroken: false }
  }
  const gb = strictGb(bytes)
  if (gb !== null && !hasMark) return { text: gb, detected: 'gb18030', nonAsciiCount: nonAsciiOf(gb), isBroken: false }
  return broken(bytes)
}

/** Neither reads: the one that leaves less unread, which a damaged spot in a long text doesn't change. */
function broken(bytes: Buffer): Read {
  const utf8 = looseUtf8.decode(bytes)
  const gb = looseGb.decode(bytes)
  const unreadUtf8 = marksOf(utf8)
  const unreadGb = marksOf(gb)
  const isUtf8Text = unreadUtf8 <= unreadGb
  const text = isUtf8Text ? utf8 : gb
  const nonAsciiCount = nonAsciiOf(text)
  const isUnknown = Math.min(unreadUtf8, unreadGb) * 2 > nonAsciiCount
  return { text, detected: isUnknown ? 'unknown' : isUtf8Text ? 'utf-8' : 'gb18030', nonAsciiCount, isBroken: true }
}

/** As GB18030; null when the bytes aren't valid in it. By the replacement character, which no sender means: a decoder that throws costs far more. */
export function strictGb(bytes: Uint8Array): string | null {
  const text = looseGb.decode(bytes)
  return text.includes('\ufffd') ? null : text
}

/** Without the one to three bytes of a last character that a limit cut through. */
export function wholeCharacters(bytes: Buffer): Buffer {
  const ends = [0, 1, 2, 3].map((n) => bytes.subarray(0, Math.max(0, bytes.length - n)))
  return ends.find((part) => isUtf8(part)) ?? ends.find((part) => strictGb(part) !== null) ?? bytes
}

/** Characters above ASCII; a surrogate pair is one. */
export function nonAsciiOf(text: string): number {
  let count = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit > 127 && (unit < 0xdc00 || unit > 0xdfff)) count++
  }
  return count
}

function marksOf(text: string): number {
  let count = 0
  for (let at = text.indexOf('\ufffd'); at >= 0; at = text.indexOf('\ufffd', at + 1)) count++
  return count
}

/** Where messages of a format say in which character set they are. */
export function charsetLabelOf(format: string): string {
  if (format === 'hl7v2') return 'MSH-18'
  return format === 'dicom' ? '(0008,0005)' : 'Content-Type'
}
