import type { Facts, Key } from '../../../gateway/model/document.ts'
import { ackOf } from './ack.ts'
import { partEnd, partOf } from './fields.ts'
import { addKeys, addStamp, type Gathered, gatherAll, gathering } from './gather.ts'
import { cxKey } from './keys.ts'
import { fieldOf, type Message, resolved, segmentOf } from './message.ts'
import type { Segment } from './segments.ts'
/** Reads the facts of a message: one pass over the segments that have any, each only as far as its last wanted field. */
export function factsOf(message: Message, timezone: string): Facts {
  const gathered = gathering(message, timezone)
  const msh = message.segments[message.mshIndex] ?? null
  const header = msh === null ? [] : headerFields(message, msh)
  const sender = partyOf(header[3], header[4])
  const controlId = valued(header[10])
  const type = typeOf(header[9], message)
  if (controlId !== null) gathered.keys.push({ kind: 'control', value: controlId, authority: sender })
  if (valued(header[7]) !== null) addStamp(gathered, { path: 'MSH-7', kind: 'message', text: headerStamp(header[7], message) })
  gatherAll(gathered)
  addLesserKeys(gathered, message)
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
    defects: gathered.defects,
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

function headerStamp(field: string | undefined, message: Message): string {
  return partOf(field ?? '', message.delimiters.component, 1) ?? ''
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

/**
 * Two identifiers that stand elsewhere when their own place is empty: the visit in PV1-50, and the tube's barcode, which
 * analysers of 2.3.1 put into OBR-3 or OBR-2 (digits alone, nobody assigning them) because they know no SPM segment.
 */
function addLesserKeys(gathered: Gathered, message: Message): void {
  const { keys } = gathered
  const { delimiters } = message
  const pv1 = keys.some((k) => k.kind === 'visit') ? null : segmentOf(message, 'PV1', 1)
  const alternate = pv1 && fieldOf(message.text, pv1, 50, delimiters)
  if (alternate) addKeys(gathered, cxKey(resolved(message, alternate), 'visit', delimiters))
  if (keys.some((k) => k.kind === 'specimen') || segmentOf(message, 'ORC', 1) !== null) return
  const orders = keys.filter((k) => k.kind === 'filler' || k.kind === 'placer')
  const barcodes = orders.filter((k) => k.authority === null && /^\d{8,14}$/.test(k.value))
  addKeys(
    gathered,
    barcodes.map((k): Key => ({ ...k, kind: 'specimen' })),
  )
}

function valued(text: string | null | undefined): string | null {
  return text === undefined || text === '' || text === '""' ? null : text
}
