import type { Defect, Facts, Key, Stamp } from '../../../gateway/model/document.ts'
import { ackOf } from './ack.ts'
import { defect } from './defects.ts'
import { partEnd, partOf } from './fields.ts'
import { cxKey, eiKeys, eipKeys, key, patientKeys } from './keys.ts'
import { defectsMax, fieldOf, type Message, resolved, segmentOf } from './message.ts'
import type { Segment } from './segments.ts'
import { type Reading, readStamp } from './stamps.ts'
import { firstField, type Want, type WantedSegment, wanted } from './wanted.ts'

/** Most of each kind that one message may tell; a batch of thousands of results tells no more by its later ones. */
const stampsMax = 400
const keysMax = 200
const codesMax = 2000

/** Facts under collection. Only inside this file. */
interface Gathered {
  readonly message: Message
  readonly timezone: string
  readonly stamps: Stamp[]
  readonly keys: Key[]
  readonly codes: { readonly path: string; readonly value: string }[]
  readonly defects: Defect[]
  /** The text and reading of the last stamp: most stamps of a message are the same. */
  lastStamp: { readonly text: string; readonly reading: Reading } | null
}

/** Reads the facts of a message: one pass over the segments that have any, each only as far as its last wanted field. */
export function factsOf(message: Message, timezone: string): Facts {
  const defects = [...message.defects]
  const gathered: Gathered = { message, timezone, stamps: [], keys: [], codes: [], defects, lastStamp: null }
  const msh = message.segments[message.mshIndex] ?? null
  const header = msh === null ? [] : headerFields(message, msh)
  const sender = partyOf(header[3], header[4])
  const controlId = valued(header[10])
  const type = typeOf(header[9], message)
  if (controlId !== null) gathered.keys.push({ kind: 'control', value: controlId, authority: sender })
  if (valued(header[7]) !== null) addStamp(gathered, 'MSH-7', 'message', header[7] ?? '')
  gatherAll(gathered)
  addLesserKeys(gathered)
  return {
    type,
    version: valued(partOf(header[12] ?? '', message.delimiters.component, 1)),
    controlId,
    sender,
    receiver: partyOf(header[5], header[6]),
    sequence: sequenceOf(valued(header[13])),
    stamps: gathered.stamps,
    keys: gathered.keys,
    charset: message.charset,
    ack: ackOf(message),
    defects: defects.length > defectsMax ? defects.slice(0, defectsMax) : defects,
    codes: gathered.codes,
  }
}

/** MSH-1 to MSH-13 by number, escapes resolved. */
function headerFields(message: Message, msh: Segment): readonly string[] {
  const separator = message.delimiters.field.charCodeAt(0)
  const fields = ['MSH', message.delimiters.field]
  for (let at = msh.nameEnd; at < msh.end && fields.length <= 13; ) {
    const end = partEnd(message.text, at + 1, msh.end, separator)
    const raw = message.text.slice(at + 1, end)
    fields.push(fields.length === 2 ? raw : resolved(message, raw))
    at = end
  }
  return fields
}

function typeOf(field: string | undefined, message: Message): string | null {
  if (valued(field) === null || field === undefined) return null
  const [code = '', trigger = ''] = field.split(message.delimiters.component, 2)
  return trigger === '' ? valued(code) : `${code}^${trigger}`
}

/** As sent; null when neither is. */
function partyOf(application: string | undefined, facility: string | undefined): string | null {
  const party = `${valued(application) ?? ''}|${valued(facility) ?? ''}`
  return party === '|' ? null : party
}

/** MSH-13 may be -1 and 0 in the sequence number protocol (HL7 2.10.1). */
function sequenceOf(text: string | null): number | null {
  return text !== null && /^-?\d{1,15}$/.test(text) ? Number(text) : null
}

function gatherAll(gathered: Gathered): void {
  const counts = new Map<number, number>()
  for (const segment of gathered.message.segments) {
    const rules = wanted.get(segment.key)
    if (rules === undefined) continue
    const count = (counts.get(segment.key) ?? 0) + 1
    counts.set(segment.key, count)
    gatherSegment(gathered, segment, rules, count)
  }
}

function gatherSegment(gathered: Gathered, segment: Segment, rules: WantedSegment, count: number): void {
  const { text, delimiters, hasEscapes, hasLineBreaks } = gathered.message
  const separator = delimiters.field.charCodeAt(0)
  const { fields } = rules
  let next = 0
  let field = firstField(segment.key)
  for (let at = segment.nameEnd; at < segment.end && next < fields.length; ) {
    const end = partEnd(text, at + 1, segment.end, separator)
    field++
    const rule = fields[next]
    if (rule !== undefined && rule.field === field) {
      next++
      if (end > at + 1) {
        const raw = text.slice(at + 1, end)
        const value = hasEscapes || hasLineBreaks ? resolved(gathered.message, raw) : raw
        if (value !== '""') take(gathered, rule.want, { name: rules.name, count, field, value })
      }
    }
    at = end
  }
}

interface Found {
  readonly name: string
  readonly count: number
  readonly field: number
  readonly value: string
}

function take(gathered: Gathered, want: Want, found: Found): void {
  const { delimiters } = gathered.message
  switch (want.as) {
    case 'stamp':
      addStamp(gathered, pathOf(found), 'event', found.value)
      break
    case 'code':
      addCode(gathered, found, want.component)
      break
    case 'ei':
      addKeys(gathered, eiKeys(found.value, want.kinds, delimiters))
      break
    case 'cx':
      addKeys(gathered, cxKey(found.value, want.kind, delimiters))
      break
    case 'eip':
      addKeys(gathered, eipKeys(found.value, want.kind, delimiters))
      break
    case 'patient':
      addKeys(gathered, patientKeys(found.value, delimiters))
      break
    case 'plain': {
      const one = key(want.kind, partOf(found.value, delimiters.component, 1), null)
      addKeys(gathered, one === null ? [] : [one])
      break
    }
    default:
      want satisfies never
  }
}

function pathOf(found: Found): string {
  return found.count === 1 ? `${found.name}-${found.field}` : `${found.name}[${found.count}]-${found.field}`
}

function addStamp(gathered: Gathered, path: string, kind: Stamp['kind'], field: string): void {
  if (gathered.stamps.length >= stampsMax) return
  const { component, repetition } = gathered.message.delimiters
  const text = partOf(partOf(field, repetition, 1) ?? field, component, 1) ?? field
  if (text === '') return
  const known = gathered.lastStamp
  const reading = known?.text === text ? known.reading : readStamp(text, gathered.timezone)
  if (known?.text !== text) gathered.lastStamp = { text, reading }
  gathered.stamps.push({ path, kind, at: reading.at, resolutionMs: reading.resolutionMs, hasZone: reading.hasZone })
  if (reading.at === null) gathered.defects.push(defect('HL7_BAD_TIMESTAMP', path))
}

function addCode(gathered: Gathered, found: Found, component: 0 | 1): void {
  if (gathered.codes.length >= codesMax) return
  const { delimiters } = gathered.message
  const first = partOf(found.value, delimiters.repetition, 1) ?? found.value
  const value = component === 0 ? first : (partOf(first, delimiters.component, 1) ?? first)
  if (value === '') return
  gathered.codes.push({ path: component === 0 ? `${found.name}-${found.field}` : `${found.name}-${found.field}.1`, value })
}

/** Each identifier once, however often a message repeats it. */
function addKeys(gathered: Gathered, found: readonly Key[]): void {
  for (const one of found) {
    if (gathered.keys.length >= keysMax) return
    const isKnown = gathered.keys.some((k) => k.kind === one.kind && k.value === one.value && k.authority === one.authority)
    if (!isKnown) gathered.keys.push(one)
  }
}

/**
 * Two identifiers that stand elsewhere when their own place is empty: the visit in PV1-50, and the tube's barcode, which
 * analysers of 2.3.1 put into OBR-3 or OBR-2 (digits alone, nobody assigning them) because they know no SPM segment.
 */
function addLesserKeys(gathered: Gathered): void {
  const { message, keys } = gathered
  const { delimiters } = message
  const pv1 = keys.some((k) => k.kind === 'visit') ? null : segmentOf(message, 'PV1', 1)
  const alternate = pv1 && fieldOf(message.text, pv1, 50, delimiters)
  if (alternate) addKeys(gathered, cxKey(resolved(message, alternate), 'visit', delimiters))
  if (keys.some((k) => k.kind === 'specimen') || segmentOf(message, 'ORC', 1) !== null) return
  const orders = keys.filter((k) => k.kind === 'filler' || k.kind === 'placer')
  const barcodes = orders.filter((k) => k.authority === null && /^\d{8,14}$/.test(k.value))
  addKeys(
    gathered,
    barcodes.slice(0, keysMax).map((k): Key => ({ ...k, kind: 'specimen' })),
  )
}

function valued(text: string | null | undefined): string | null {
  return text === undefined || text === '' || text === '""' ? null : text
}
