import { isUtf8 } from 'node:buffer'
import { type CharacterSets, escapes, type GraphicSet, graphicSets } from './terms.ts'

/** A text as its character sets have it. */
export interface Decoded {
  readonly text: string
  /** Every byte was valid where it stood. Else what wasn't is U+FFFD. */
  readonly isStrict: boolean
  /** The byte of a delimiter is part of a character: who splits first breaks the value. */
  readonly hasDelimiterInTrail: boolean
}

/** Whether nothing but printable ASCII and format controls stands between `from` and `to`: neither bytes above 127 nor escapes. */
export function isPlain(bytes: Buffer, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const byte = bytes[i] ?? 0
    if (byte > 0x7f || byte === escapeByte) return false
  }
  return true
}

const looseUtf8 = new TextDecoder('utf-8')
const looseGb = new TextDecoder('gb18030')
const escapeByte = 0x1b
const backslash = 0x5c
const caret = 0x5e
const equals = 0x3d

/** Decodes before anything is split. `delimiters`: the bytes that divide a value of this representation, which also end every code extension (PS3.5 6.1.2.5.3). */
export function decodeText(bytes: Buffer, sets: CharacterSets, delimiters: readonly number[]): Decoded {
  switch (sets.encoding) {
    case 'utf-8': {
      const isStrict = isUtf8(bytes)
      // The decoder drops a byte order mark, and costs more.
      const text = isStrict && bytes[0] !== 0xef ? bytes.toString('utf8') : looseUtf8.decode(bytes)
      return { text, isStrict, hasDelimiterInTrail: false }
    }
    case 'gb18030': {
      const text = looseGb.decode(bytes)
      return { text, isStrict: !text.includes('\ufffd'), hasDelimiterInTrail: hasTrail(bytes, delimiters) }
    }
    case 'iso-2022': {
      const decoded = decodeExtended(bytes, sets, { delimiters, doReset: true })
      if (decoded.isStrict || sets.extensions.size === 0) return decoded
      // Some senders call a set once a value and mean it for all its parts: so it is read, though it is wrong.
      const lasting = decodeExtended(bytes, sets, { delimiters, doReset: false })
      return lasting.isStrict ? { ...lasting, isStrict: false } : decoded
    }
    default:
      return sets.encoding satisfies never
  }
}

/** Where values are divided: `\` in what may have several, and `^` and `=` in names. */
export function delimitersOf(vr: string): readonly number[] {
  if (vr === 'PN') return nameDelimiters
  return vr === 'LT' || vr === 'ST' || vr === 'UT' ? noDelimiters : valueDelimiters
}

const nameDelimiters = [backslash, caret, equals]
const valueDelimiters = [backslash]
const noDelimiters: readonly number[] = []

/** In GBK and GB18030 a second byte may lie between 40 and 7E. */
function hasTrail(bytes: Buffer, delimiters: readonly number[]): boolean {
  for (let i = 0; i < bytes.length; i++) {
    if ((bytes[i] ?? 0) < 0x81) continue
    i++
    if (delimiters.includes(bytes[i] ?? 0)) return true
  }
  return false
}

interface Extension {
  readonly delimiters: readonly number[]
  /** Whether a delimiter or a line end calls the initial sets back. */
  readonly doReset: boolean
}

/** What has been decoded so far, and what stands in G0 (bytes below 128; null: ASCII) and in G1 (above; null: nothing). */
interface Reading {
  text: string
  isStrict: boolean
  hasDelimiterInTrail: boolean
  low: GraphicSet | null
  high: GraphicSet | null
}

/** ISO 2022 as PS3.5 6.1.2.5 uses it: escape sequences call other sets into G0 and G1. */
function decodeExtended(bytes: Buffer, sets: CharacterSets, extension: Extension): Decoded {
  const reading: Reading = { text: '', isStrict: true, hasDelimiterInTrail: false, low: null, high: sets.initial }
  let at = 0
  while (at < bytes.length) {
    const byte = bytes[at] ?? 0
    if (byte === escapeByte) at = readEscape(reading, bytes, at, sets)
    else if (byte >= 0x80) at = readHigh(reading, bytes, at)
    else if (reading.low === null) at = readAscii(reading, bytes, at, sets, extension)
    else at = readLow(reading, reading.low, bytes, at, extension)
  }
  const { text, isStrict, hasDelimiterInTrail } = reading
  return { text, isStrict, hasDelimiterInTrail }
}

/** Calls a set that the message has declared. One that it hasn't is called all the same, and is wrong. */
function readEscape(reading: Reading, bytes: Buffer, at: number, sets: CharacterSets): number {
  const called = escapes.find((one) => bytes.toString('latin1', at + 1, at + 1 + one.bytes.length) === one.bytes)
  if (called === undefined) {
    reading.isStrict = false
    reading.text += '\ufffd'
    return at + 1
  }
  const set = called.name === null ? null : (graphicSets.get(called.name) ?? null)
  if (called.into === 'G0') reading.low = set
  else reading.high = set
  reading.isStrict &&= set === null || sets.extensions.has(set.name)
  return at + 1 + called.bytes.length
}

function readHigh(reading: Reading, bytes: Buffer, at: number): number {
  const end = runEnd(bytes, at, true, false)
  const read = reading.high?.read(bytes.subarray(at, end)) ?? null
  reading.isStrict &&= read !== null
  reading.text += read ?? '\ufffd'
  return end
}

/** Up to where bytes of another kind begin, or behind what calls the initial sets back. */
function readAscii(reading: Reading, bytes: Buffer, at: number, sets: CharacterSets, extension: Extension): number {
  const end = runEnd(bytes, at, false, false)
  const stop = extension.doReset ? resetAt(bytes, at, end, extension.delimiters) : -1
  const next = stop < 0 ? end : stop + 1
  reading.text += bytes.toString('latin1', at, next)
  if (stop >= 0) reading.high = sets.initial
  return next
}

/** Characters of a set of two seven-bit bytes. Space and control characters are in no graphic set. */
function readLow(reading: Reading, set: GraphicSet, bytes: Buffer, at: number, { delimiters }: Extension): number {
  const byte = bytes[at] ?? 0
  if (byte <= 0x20) {
    reading.text += String.fromCharCode(byte)
    if (isLineEnd(byte)) reading.low = null
    return at + 1
  }
  const end = runEnd(bytes, at, false, true)
  const run = bytes.subarray(at, end)
  const read = set.read(run)
  reading.isStrict &&= read !== null
  reading.text += read ?? '\ufffd'
  reading.hasDelimiterInTrail ||= run.some((one) => delimiters.includes(one))
  return end
}

/** Bytes of one half of the code table that stand together. */
function runEnd(bytes: Buffer, from: number, isHigh: boolean, isGraphic: boolean): number {
  let at = from + 1
  for (; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    if (byte === escapeByte || byte >= 0x80 !== isHigh || (isGraphic && byte <= 0x20)) break
  }
  return at
}

/** The first byte that calls the initial sets back, or -1. */
function resetAt(bytes: Buffer, from: number, to: number, delimiters: readonly number[]): number {
  for (let i = from; i < to; i++) {
    const byte = bytes[i] ?? 0
    if (delimiters.includes(byte) || isLineEnd(byte)) return i
  }
  return -1
}

/** Line feed, form feed, carriage return, tab (PS3.5 6.1.3). */
function isLineEnd(byte: number): boolean {
  return byte === 0x0a || byte === 0x0c || byte === 0x0d || byte === 0x09
}
