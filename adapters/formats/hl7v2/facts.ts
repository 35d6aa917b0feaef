import type { Facts, Key } from '../../../gateway/model/document.ts'
import { ackOf } from './ack.ts'
import { partOf } from './fields.ts'
import { addKeys, addStamp, type Gathered, gatherAll, gathering } from './gather.ts'
import { cxKey } from './keys.ts'
import { fieldsOf, indexOf, type Message, resolved } from './message.ts'
import { segmentKey } from './segments.ts'

const pv1Key = segmentKey('PV1')
const orcKey = segmentKey('ORC')

/** Reads the facts of a message: one pass over the segments that have any, each only as far as its last wanted field. */
export function factsOf(message: Message, timezone: string): Facts {
  const gathered = gathering(message, timezone)
  const header = headerFields(message)
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

/** MSH by field number, escapes resolved but in the delimiters; empty without one. */
function headerFields(message: Message): readonly string[] {
  const fields = fieldsOf(message, message.mshIndex)
  return message.hasEscapes ? fields.map((raw, i) => (i <= 2 ? raw : resolved(message, raw))) : fields
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
  const pv1 = keys.some((k) => k.kind === 'visit') ? -1 : indexOf(message, pv1Key)
  const alternate = fieldsOf(message, pv1)[50]
  if (alternate) addKeys(gathered, cxKey(resolved(message, alternate), 'visit', delimiters))
  if (keys.some((k) => k.kind === 'specimen') || indexOf(message, orcKey) >= 0) return
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
