import { Buffer, isAscii, isUtf8 } from 'node:buffer'
import { nonAsciiOf, strictGb, wholeCharacters } from '../../../gateway/model/charset.ts'
import type { CharsetFacts } from '../../../gateway/model/document.ts'
import { commonHanziShareOfGb, commonHanziShareOfText, hasCjk, looksLatin } from '../../../gateway/model/hanzi.ts'
import { charsetsOf } from './labels.ts'

type Charset = CharsetFacts['detected']

/** A body as text. Nothing is split before this: in GB18030 the second byte of a character may equal any delimiter. */
export interface Decoded {
  readonly text: string
  readonly detected: Charset
  readonly nonAsciiCount: number
  /** Offsets in `text` of lines whose bytes are not valid in the message's character set. */
  readonly brokenAt: readonly number[]
}

/** Strictly valid UTF-8 of so many characters is near-proof: six GB characters pass for UTF-8 less than once in 10,000. */
const proofChars = 6

const looseGb = new TextDecoder('gb18030')
const looseUtf8 = new TextDecoder('utf-8')

/**
 * Decides the character set from the bytes, MSH-18 being a claim to check, and decodes. In this order:
 * 1. a byte order mark, or zero bytes where UTF-16 has them; no byte above 127: ASCII;
 * 2. strictly valid UTF-8: it is that, unless so few characters (below 6) that chance may have made it valid; then the
 *    label, and without one the share of common hanzi in either reading, decide;
 * 3. lines that are valid UTF-8 beside lines that aren't: line by line, see 5;
 * 4. strictly valid GB18030: nearly every text of accented Latin letters is valid too, so a label of ISO 8859, or letters
 *    that stand alone and give no common hanzi, make it ISO 8859-1;
 * 5. otherwise line by line, the character set that fits most lines being the message's.
 * That UTF-8 bytes are valid GB18030 is no evidence (they nearly always are), so step 2 comes first.
 *
 * `isCut`: the body was shortened by a limit; bytes of a last character that isn't whole are dropped.
 */
export function decode(body: Uint8Array, isCut = false): Decoded {
  const first = body[0] ?? 0
  const second = body[1] ?? 0
  if (first === 0xff && second === 0xfe) return utf16(body.subarray(2), 'utf-16le')
  if (first === 0xfe && second === 0xff) return utf16(body.subarray(2), 'utf-16be')
  if (first !== 0 && second === 0 && body.length > 1) return utf16(body, 'utf-16le')
  if (first === 0 && second !== 0) return utf16(body, 'utf-16be')
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  if (isAscii(bytes)) return { text: bytes.toString('latin1'), detected: 'ascii', nonAsciiCount: 0, brokenAt: [] }
  const hasMark = first === 0xef && second === 0xbb && body[2] === 0xbf
  const unmarked = hasMark ? bytes.subarray(3) : bytes
  const plain = isCut ? wholeCharacters(unmarked) : unmarked
  if (isAscii(plain)) return { text: plain.toString('latin1'), detected: 'utf-8', nonAsciiCount: 0, brokenAt: [] }
  return isUtf8(plain) ? validUtf8(plain, hasMark) : notUtf8(plain)
}

function utf16(body: Uint8Array, order: 'utf-16le' | 'utf-16be'): Decoded {
  const text = new TextDecoder(order).decode(body)
  const broken = lineStarts(text).filter((start, i, all) => text.slice(start, all[i + 1]).includes('\ufffd'))
  return { text, detected: 'utf-16', nonAsciiCount: nonAsciiOf(text), brokenAt: broken }
}

function validUtf8(bytes: Buffer, hasMark: boolean): Decoded {
  const text = bytes.toString('utf8')
  const nonAsciiCount = charsOfUtf8(bytes)
  const asUtf8: Decoded = { text, detected: 'utf-8', nonAsciiCount, brokenAt: [] }
  if (hasMark || nonAsciiCount >= proofChars) return asUtf8
  const named = charsetsOf(labelInUtf8(bytes), '~')
  if (named.includes('utf-8')) return asUtf8
  const gb = strictGb(bytes)
  if (gb === null) return asUtf8
  const isGb = commonHanziShareOfGb(bytes) > commonHanziShareOfText(text) && (named.includes('gb18030') || !hasCjk(text))
  return isGb ? { text: gb, detected: 'gb18030', nonAsciiCount: nonAsciiOf(gb), brokenAt: [] } : asUtf8
}

function notUtf8(bytes: Buffer): Decoded {
  if (isMostlyUtf8(bytes)) return lineByLine(bytes)
  const gb = strictGb(bytes)
  const isLatin = mayBeLatin(bytes, gb !== null)
  if (gb !== null && !isLatin) return { text: gb, detected: 'gb18030', nonAsciiCount: nonAsciiOf(gb), brokenAt: [] }
  if (isLatin) {
    const text = bytes.toString('latin1')
    return { text, detected: 'iso-8859-1', nonAsciiCount: nonAsciiOf(text), brokenAt: [] }
  }
  return lineByLine(bytes)
}

function mayBeLatin(bytes: Buffer, isValidGb: boolean): boolean {
  const named = charsetsOf(labelInGb(bytes), '~')
  const share = isValidGb ? commonHanziShareOfGb(bytes) : 0
  if (named.includes('iso-8859-1')) return share < 0.5
  return !named.includes('gb18030') && share < 0.3 && looksLatin(bytes)
}

/** Whether the message is UTF-8 but for some of its lines: GB18030 as a whole would take those for its own (see `decode`). */
function isMostlyUtf8(bytes: Buffer): boolean {
  const foreign = cutLines(bytes).filter((line) => !isAscii(line))
  const sound = foreign.filter((line) => isUtf8(line)).map(charsOfUtf8)
  const charCount = sound.reduce((sum, count) => sum + count, 0)
  return sound.some((count) => count >= proofChars) || (charCount >= proofChars && sound.length * 2 >= foreign.length)
}

/** Line ends are never part of a character, in UTF-8 and in GB18030 alike, so each line is judged alone. */
function lineByLine(bytes: Buffer): Decoded {
  const lines = cutLines(bytes)
  const foreign = lines.filter((line) => !isAscii(line))
  const utf8Count = foreign.filter((line) => isUtf8(line)).length
  const gbCount = foreign.filter((line) => !isUtf8(line) && strictGb(line) !== null).length
  const detected: Charset = utf8Count === 0 && gbCount === 0 ? 'unknown' : utf8Count >= gbCount ? 'utf-8' : 'gb18030'
  const brokenAt: number[] = []
  let text = ''
  for (const line of lines) {
    const read = readLine(line, detected)
    if (read.isBroken) brokenAt.push(text.length)
    text += read.text
  }
  return { text, detected, nonAsciiCount: nonAsciiOf(text), brokenAt }
}

/** A line that breaks the message's character set is read in the other one when that fits, else with U+FFFD. */
function readLine(line: Buffer, charset: Charset): { readonly text: string; readonly isBroken: boolean } {
  if (isAscii(line)) return { text: line.toString('latin1'), isBroken: false }
  const gb = strictGb(line)
  if (isUtf8(line)) return { text: line.toString('utf8'), isBroken: charset !== 'utf-8' }
  if (gb !== null) return { text: gb, isBroken: charset !== 'gb18030' }
  return { text: (charset === 'gb18030' ? looseGb : looseUtf8).decode(line), isBroken: true }
}

/** Lines with their ends. */
function cutLines(bytes: Buffer): readonly Buffer[] {
  const lines: Buffer[] = []
  let from = 0
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] !== 0x0d && bytes[i] !== 0x0a) continue
    lines.push(bytes.subarray(from, i + 1))
    from = i + 1
  }
  if (from < bytes.length) lines.push(bytes.subarray(from))
  return lines
}

/** Bytes as text in the given character set, strictly; null when they aren't valid in it. For `\X..\` escapes. */
export function decodeBytes(bytes: Uint8Array, charset: Charset): string | null {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (isAscii(view) || charset === 'iso-8859-1') return view.toString('latin1')
  if (charset === 'gb18030') return strictGb(view)
  if (isUtf8(view)) return view.toString('utf8')
  // A message that is ASCII but for its escapes says nothing of their charset: whatever reads strictly.
  return charset === 'ascii' || charset === 'unknown' ? strictGb(view) : null
}

function charsOfUtf8(bytes: Uint8Array): number {
  let count = 0
  // An index loop: iterating a Uint8Array costs five times as much.
  for (let i = 0; i < bytes.length; i++) if ((bytes[i] ?? 0) >= 0xc0) count++
  return count
}

function lineStarts(text: string): readonly number[] {
  return [0, ...[...text.matchAll(/[\r\n]+/g)].map((m) => m.index + m[0].length)]
}

/** MSH-18 before anything is decoded: separators counted by bytes, all bytes above 127 being characters of their own. */
function labelInUtf8(bytes: Buffer): string | null {
  return label(bytes, false)
}

/** As above for GB18030, where a byte above 128 takes the next one with it. */
function labelInGb(bytes: Buffer): string | null {
  return label(bytes, true)
}

function label(bytes: Buffer, hasPairs: boolean): string | null {
  const start = bytes.indexOf('MSH')
  const separator = bytes[start + 3]
  if (start < 0 || separator === undefined) return null
  let field = 1
  let from = start + 4
  for (let i = from; i <= bytes.length; i++) {
    const byte = bytes[i] ?? 0x0d
    if (byte === separator || byte === 0x0d || byte === 0x0a) {
      field++
      if (field === 18) return i > from ? bytes.toString('latin1', from, i) : null
      if (byte !== separator) return null
      from = i + 1
    } else if (hasPairs && byte >= 0x81) i++
  }
  return null
}
