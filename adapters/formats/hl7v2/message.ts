import { hasByteInTrail, verdictOnText } from '../../../gateway/model/charset.ts'
import type { CharsetFacts, Defect } from '../../../gateway/model/document.ts'
import { decode } from './charset.ts'
import { defect } from './defects.ts'
import type { Delimiters } from './delimiters.ts'
import { badEscapes, resolveEscapes } from './escapes.ts'
import { partEnd } from './fields.ts'
import { verdictOn } from './labels.ts'
import { type Cut, cut, defectsMax, isHeader, type Segment, segmentKey, segmentPath } from './segments.ts'

/** A body decoded and cut into segments: what facts, paths, shape and tree are read from. */
export interface Message extends Cut {
  readonly text: string
  readonly charset: CharsetFacts
  /** Whether any escape character stands behind the one that MSH-2 names. */
  readonly hasEscapes: boolean
  /** Filled by `fieldsOf`. */
  readonly fields: (readonly string[] | undefined)[]
}

const badEscapesMax = 20

/** Decodes and cuts. Never throws. `isCut`: the body was shortened by a limit, so its last line may end inside a character. */
export function messageOf(body: Uint8Array, isCut: boolean): Message {
  const decoded = decode(body, isCut)
  const { text, detected } = decoded
  const pieces = cut(text)
  const { delimiters, segments } = pieces
  const msh = segments[pieces.mshIndex]
  const fields: Message['fields'] = []
  const declared = msh === undefined ? null : fieldsOf({ ...pieces, text, fields }, pieces.mshIndex)[18]
  const label = declared == null || declared === '' || declared === '""' ? null : declared
  const charset: CharsetFacts = {
    declared: label,
    detected,
    verdict: verdictOnText(verdictOn(label, detected, delimiters.repetition), text, decoded.nonAsciiCount),
    nonAsciiCount: decoded.nonAsciiCount,
    delimiterInTrail: detected === 'gb18030' && hasByteInTrail(body, namedDelimiters(delimiters)),
  }
  const mark = msh === undefined ? -1 : text.indexOf(delimiters.escape, msh.start)
  const hasEscapes = text.indexOf(delimiters.escape, mark + 1) >= 0
  const defects = [...pieces.defects]
  if (isCut) defects.push(defect('HL7_TRUNCATED', null))
  const { mshIndex, hasLineBreaks } = pieces
  const message: Message = { segments, mshIndex, delimiters, hasLineBreaks, text, charset, hasEscapes, fields, defects }
  const lastLine = segments.at(-1)?.start ?? 0
  for (const at of decoded.brokenAt.slice(0, defectsMax))
    if (!isCut || at < lastLine) defects.push(defect('HL7_CHARSET_BROKEN', pathAt(message, at)))
  if (hasEscapes) defects.push(...escapeDefects(message, mark + 1))
  if (defects.length > defectsMax) defects.length = defectsMax
  return message
}

function namedDelimiters(delimiters: Delimiters): string {
  return delimiters.field + delimiters.component + delimiters.repetition + delimiters.escape + delimiters.subcomponent
}

function escapeDefects(message: Message, from: number): readonly Defect[] {
  const { text, delimiters } = message
  const options = { from, to: text.length, max: badEscapesMax, charset: message.charset.detected }
  // The escape character that a header's field 2 names escapes nothing there.
  return badEscapes(text, options, delimiters)
    .map((at) => pathAt(message, at))
    .filter((path) => path === null || !/^(?:MSH|BHS|FHS)(?:\[\d+\])?-2$/.test(path))
    .map((path) => defect('HL7_BAD_ESCAPE', path))
}

/** `OBX[3]-5` for an offset inside the third OBX's field 5. */
function pathAt(message: Message, at: number): string | null {
  const index = message.segments.findIndex((s) => at >= s.start && at <= s.end)
  const segment = message.segments[index]
  if (segment === undefined) return null
  const path = segmentPath(message.text, message.segments, index)
  const field = message.text.slice(segment.start, at).split(message.delimiters.field).length - 1 + Number(isHeader(segment.key))
  return at <= segment.nameEnd ? path : `${path}-${field}`
}

/**
 * The raw fields of a segment by number, line breaks as line feeds; the name stands at 0. Each segment is cut once, however many
 * ask: facts and contracts look at nearly all of them.
 */
export function fieldsOf(
  message: Pick<Message, 'text' | 'segments' | 'delimiters' | 'hasLineBreaks' | 'fields'>,
  index: number,
): readonly string[] {
  const known = message.fields[index]
  if (known !== undefined) return known
  const segment = message.segments[index]
  if (segment === undefined) return none
  const raw = message.text.slice(segment.start, segment.end)
  const cut = (message.hasLineBreaks ? raw.replace(/\r\n?/g, '\n') : raw).split(message.delimiters.field)
  if (isHeader(segment.key)) cut.splice(1, 0, message.delimiters.field)
  cut[0] = sameName(segment.key, cut[0] ?? '')
  message.fields[index] = cut
  return cut
}

const none: readonly string[] = []

/** One string for each segment name: equal strings that are not the same are compared and hashed anew wherever a name is looked up. */
const names = new Map<number, string>()
const namesMax = 500

function sameName(key: number, name: string): string {
  const known = names.get(key)
  if (known === name) return known
  if (known === undefined && name.length === 3 && names.size < namesMax) names.set(key, name)
  return name
}

/** The raw text of a field; null when the segment has fewer fields. MSH-1 is its separator. */
export function fieldOf(text: string, segment: Segment, field: number, delimiters: Delimiters): string | null {
  const header = isHeader(segment.key)
  if (header && field === 1) return delimiters.field
  const separator = delimiters.field.charCodeAt(0)
  let at = segment.nameEnd
  for (let count = header ? 1 : 0; at < segment.end; ) {
    count++
    const end = partEnd(text, at + 1, segment.end, separator)
    if (count === field) return text.slice(at + 1, end)
    at = end
  }
  return null
}

/** The `count`-th segment (from 1) of that name, or null. */
export function segmentOf(message: Message, name: string, count: number): Segment | null {
  return message.segments[indexOf(message, segmentKey(name), count)] ?? null
}

/** Where the `count`-th segment (from 1) with that key stands, or -1. */
export function indexOf(message: Message, key: number, count = 1): number {
  let seen = 0
  for (let i = 0; i < message.segments.length; i++) if (message.segments[i]?.key === key && ++seen === count) return i
  return -1
}

/** A raw text with its escapes resolved and line breaks as line feeds. */
export function resolved(message: Message, raw: string): string {
  if (!message.hasEscapes && !message.hasLineBreaks) return raw
  const text = message.hasEscapes ? resolveEscapes(raw, message.delimiters, message.charset.detected) : raw
  return message.hasLineBreaks ? text.replace(/\r\n?/g, '\n') : text
}
