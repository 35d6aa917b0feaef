import type { Defect } from '../../../gateway/model/document.ts'
import { type DefectCode, defect } from './defects.ts'
import { type Delimiters, delimitersAt, usualDelimiters } from './delimiters.ts'

/** One segment's place in the decoded text. `start` is at its name, `end` behind its last character, before its end mark. */
export interface Segment {
  /** The three characters of the name as one number, for quick comparing: see `segmentKey`. */
  readonly key: number
  /** Behind the name: three for a sound one. */
  readonly nameEnd: number
  readonly start: number
  end: number
}

/** A message cut into segments, and no further. */
export interface Cut {
  readonly segments: readonly Segment[]
  /** Index of the first MSH in `segments`, or -1. */
  readonly mshIndex: number
  readonly delimiters: Delimiters
  /** Whether some field holds a line break, so that texts must be cleaned of carriage returns. */
  readonly hasLineBreaks: boolean
  readonly defects: readonly Defect[]
}

/** Most defects of one message that are told one by one. */
export const defectsMax = 50

const cr = 13
const lf = 10

/** The name's first three characters as one number. */
export function segmentKey(name: string): number {
  return (name.charCodeAt(0) << 16) | (name.charCodeAt(1) << 8) | name.charCodeAt(2)
}

/** Key of the message header. */
export const mshKey = segmentKey('MSH')
const fhsKey = segmentKey('FHS')
const bhsKey = segmentKey('BHS')

/** Whether the segment's first separator is itself its field 1 (HL7 2.5.4). */
export function isHeader(key: number): boolean {
  return key === mshKey || key === bhsKey || key === fhsKey
}

/**
 * Cuts a decoded message at carriage returns, line feeds or both. A line that doesn't begin with a name and a separator
 * belongs to the field before it: senders that put a report's line feeds into OBX-5 are common, and dropping half a report
 * would be worse than reading it.
 */
export function cut(text: string): Cut {
  const found: { code: DefectCode; segment: Segment | null }[] = []
  const from = leading(text)
  if (from > 0) found.push({ code: 'HL7_LEADING_BYTES', segment: null })
  const to = trailing(text)
  if (to < text.length) found.push({ code: 'HL7_TRAILING_BYTES', segment: null })
  const head = headerAt(text, from)
  const delimiters = head < 0 ? usualDelimiters : delimitersAt(text, head)
  const lines = linesOf(text, from, to, delimiters, found)
  const { segments } = lines
  const mshIndex = segments.findIndex((s) => s.key === mshKey)
  if (mshIndex < 0) found.push({ code: 'HL7_NO_MSH', segment: null })
  else if (segments.findIndex((s, i) => i > mshIndex && s.key === mshKey) >= 0)
    found.push({ code: 'HL7_SECOND_MSH', segment: null })
  if (mshIndex > 0 && segments.slice(0, mshIndex).some((s) => s.key === fhsKey || s.key === bhsKey))
    found.push({ code: 'HL7_BATCH_ENVELOPE', segment: null })
  if (!delimiters.areSound) found.push({ code: 'HL7_BAD_DELIMITERS', segment: segments[mshIndex] ?? null })
  const defects = found
    .slice(0, defectsMax)
    .map(({ code, segment }) => defect(code, segment && segmentPath(text, segments, segments.indexOf(segment))))
  return { segments, mshIndex, delimiters, hasLineBreaks: lines.hasLineBreaks, defects }
}

/** `OBX[3]` for the third OBX, `OBX` for the first. */
export function segmentPath(text: string, segments: readonly Segment[], index: number): string {
  const segment = segments[index]
  if (segment === undefined) return ''
  let count = 1
  for (let i = 0; i < index; i++) if (segments[i]?.key === segment.key) count++
  const name = text.slice(segment.start, segment.nameEnd)
  return count === 1 ? name : `${name}[${count}]`
}

/** Bytes that MLLP, an editor or a printer left before the message. */
function leading(text: string): number {
  let from = 0
  while (from < text.length) {
    const char = text.charCodeAt(from)
    if (char !== 0x0b && char !== 0xfeff && char !== 0x20 && char !== 9 && char !== cr && char !== lf) break
    from++
  }
  return from
}

/** The end block of MLLP, when the body was taken with its frame. */
function trailing(text: string): number {
  let to = text.length
  while (to > 0 && text.charCodeAt(to - 1) <= lf + 3 && text.charCodeAt(to - 1) >= lf) to--
  return text.charCodeAt(to - 1) === 0x1c ? to - 1 : text.length
}

function headerAt(text: string, from: number): number {
  const key = keyAt(text, from)
  if (isHeader(key)) return from
  const later = /(?:^|[\r\n])(?:MSH|BHS|FHS)[^\p{L}\p{N}\s]/u.exec(text)
  return later === null ? -1 : later.index + later[0].length - 4
}

function linesOf(
  text: string,
  from: number,
  to: number,
  delimiters: Delimiters,
  found: { code: DefectCode; segment: Segment | null }[],
) {
  const segments: Segment[] = []
  const separator = delimiters.field.charCodeAt(0)
  const ends = { cr: 0, lf: 0, crlf: 0 }
  let hasLineBreaks = false
  let blankCount = 0
  let nextCr = text.indexOf('\r', from)
  let nextLf = text.indexOf('\n', from)
  for (let start = from; start < to; ) {
    // Searched again only when passed, so that a text without one of them is searched for it once.
    if (nextCr >= 0 && nextCr < start) nextCr = text.indexOf('\r', start)
    if (nextLf >= 0 && nextLf < start) nextLf = text.indexOf('\n', start)
    const end = Math.min(nextCr < 0 ? to : nextCr, nextLf < 0 ? to : nextLf, to)
    const isPair = end < to && text.charCodeAt(end) === cr && text.charCodeAt(end + 1) === lf
    const previous = segments.at(-1)
    const nameEnd = nameEndOf(text, start, end, separator)
    const isStump = nameEnd === 0 && end === to && end - start < 3 && isCapital(text.charCodeAt(start))
    if (end === start) blankCount++
    else if (nameEnd > 0 || isStump || previous === undefined) {
      const segment = { key: keyAt(text, start), start, end, nameEnd: nameEnd > 0 ? nameEnd : Math.min(start + 3, end) }
      segments.push(segment)
      if (!isSoundName(segment, text)) found.push({ code: isStump ? 'HL7_TRUNCATED' : 'HL7_BAD_SEGMENT_NAME', segment })
    } else {
      // A report of many lines is one defect of its segment.
      const last = found.at(-1)
      if (last?.segment !== previous || last.code !== 'HL7_LINE_BREAK_IN_FIELD')
        found.push({ code: 'HL7_LINE_BREAK_IN_FIELD', segment: previous })
      previous.end = end
      hasLineBreaks = true
    }
    if (end < to) {
      if (isPair) ends.crlf++
      else if (text.charCodeAt(end) === cr) ends.cr++
      else ends.lf++
    }
    start = end + (isPair ? 2 : 1)
  }
  if (blankCount > 0) found.push({ code: 'HL7_BLANK_LINE', segment: null })
  const code = endsDefect(ends, hasLineBreaks)
  if (code !== null) found.push({ code, segment: null })
  return { segments, hasLineBreaks }
}

/** Line feeds inside fields are told as such, not as segment ends of another kind. */
function endsDefect(
  ends: { readonly cr: number; readonly lf: number; readonly crlf: number },
  hasLineBreaks: boolean,
): DefectCode | null {
  const kinds = Number(ends.cr > 0) + Number(ends.lf > 0) + Number(ends.crlf > 0)
  if (kinds > 1) return hasLineBreaks && ends.crlf === 0 ? null : 'HL7_MIXED_SEGMENT_ENDS'
  if (ends.lf > 0) return 'HL7_LF_SEGMENT_ENDS'
  return ends.crlf > 0 ? 'HL7_CRLF_SEGMENT_ENDS' : null
}

/**
 * Behind the name when the line begins like a segment: three characters and a separator or the line's end, or (a bad name)
 * one to four letters or digits and a separator. Else 0.
 */
function nameEndOf(text: string, start: number, end: number, separator: number): number {
  if (text.charCodeAt(start + 3) === separator && start + 3 < end) return start + 3
  if (end - start === 3 && isSoundKey(keyAt(text, start))) return end
  for (let i = start; i < Math.min(start + 5, end); i++) {
    const char = text.charCodeAt(i)
    if (char === separator) return i > start ? i : 0
    if (!isLetter(char) && !isDigit(char)) return 0
  }
  return 0
}

function isSoundName(segment: Segment, text: string): boolean {
  return segment.nameEnd - segment.start === 3 && isSoundKey(segment.key) && segment.key === keyAt(text, segment.start)
}

/** A capital letter, then two capitals or digits. */
function isSoundKey(key: number): boolean {
  const [a, b, c] = [key >> 16, (key >> 8) & 255, key & 255]
  return isCapital(a) && (isCapital(b) || isDigit(b)) && (isCapital(c) || isDigit(c))
}

function keyAt(text: string, start: number): number {
  return (text.charCodeAt(start) << 16) | (text.charCodeAt(start + 1) << 8) | text.charCodeAt(start + 2)
}
function isCapital(char: number): boolean {
  return char >= 65 && char <= 90
}
function isLetter(char: number): boolean {
  return isCapital(char) || (char >= 97 && char <= 122)
}
function isDigit(char: number): boolean {
  return char >= 48 && char <= 57
}
