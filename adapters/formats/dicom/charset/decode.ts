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
    case 'utf-8':
      return { text: looseUtf8.decode(bytes), isStrict: isUtf8(bytes), hasDelimiterInTrail: false }
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

/** ISO 2022 as PS3.5 6.1.2.5 uses it: G0 for bytes below 128, G1 above; escape sequences call other sets into them. */
function decodeExtended(bytes: Buffer, sets: CharacterSets, { delimiters, doReset }: Extension): Decoded {
  let low: GraphicSet | null = null
  let high = sets.initial
  let text = ''
  let isStrict = true
  let hasDelimiterInTrail = false
  let at = 0
  while (at < bytes.length) {
    const byte = bytes[at] ?? 0
    if (byte === escapeByte) {
      const called = escapes.find((one) => bytes.toString('latin1', at + 1, at + 1 + one.bytes.length) === one.bytes)
      if (called === undefined) {
        isStrict = false
        text += '\ufffd'
        at += 1
        continue
      }
      const set = called.name === null ? null : (graphicSets.get(called.name) ?? null)
      if (called.into === 'G0') low = set
      else high = set
      isStrict &&= set === null || sets.extensions.has(set.name)
      at += 1 + called.bytes.length
      continue
    }
    const isHigh = byte >= 0x80
    const set = isHigh ? high : low
    // Space and control characters are in no graphic set.
    const end = runEnd(bytes, at, isHigh, !isHigh && set !== null)
    const run = bytes.subarray(at, end)
    if (set === null) {
      if (isHigh) {
        isStrict = false
        text += '\ufffd'.repeat(run.length)
      } else {
        const stop = doReset ? resetAt(bytes, at, end, delimiters) : -1
        text += bytes.toString('latin1', at, stop < 0 ? end : stop + 1)
        if (stop >= 0) {
          high = sets.initial
          at = stop + 1
          continue
        }
      }
    } else if (!isHigh && byte <= 0x20) {
      text += String.fromCharCode(byte)
      if (isLineEnd(byte)) low = null
      at += 1
      continue
    } else {
      const read = set.read(run)
      isStrict &&= read !== null
      text += read ?? '\ufffd'
      hasDelimiterInTrail ||= !isHigh && run.some((one) => delimiters.includes(one))
    }
    at = end
  }
  return { text, isStrict, hasDelimiterInTrail }
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
