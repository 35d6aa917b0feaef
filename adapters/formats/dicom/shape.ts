import { tagText } from '../../../gateway/model/dicom/dictionary.ts'
import { envelopeValue } from '../../../gateway/model/envelope.ts'
import { type DataSet, type Element, plainText } from './data-set.ts'
import { fallbackOf, type Message } from './message.ts'
import { valuesOf } from './values.ts'
import { vrNamed } from './vr.ts'

/** An attribute of the DICOM JSON Model (PS3.18 F.2.2). Numbers are texts, as the wire has them or as they are written shortest. */
export interface JsonAttribute {
  readonly vr: string
  readonly Value?: readonly (string | JsonName | JsonDataSet)[]
  /** A value that is there and was not kept: binary data. */
  readonly BulkDataURI?: string
}

export interface JsonName {
  readonly Alphabetic?: string
  readonly Ideographic?: string
  readonly Phonetic?: string
}

export interface JsonDataSet {
  readonly [tag: string]: JsonAttribute
}

/** What contracts are checked against: the command and its SOP class, and each data set as DICOM JSON. */
export interface DicomShape {
  /** `C-STORE-RQ`, `STOW-RSP`, ...; null: no service of DICOM. */
  readonly command: string | null
  /** Of the command, else of the presentation context; null where each data set says its own. */
  readonly sopClass: string | null
  readonly status: string | null
  readonly dataSets: readonly JsonDataSet[]
}

export function shapeOf(message: Message): DicomShape {
  const { envelope } = message.hints
  const sopClass =
    envelopeValue(envelope, 'affected-sop-class') ??
    envelopeValue(envelope, 'requested-sop-class') ??
    envelopeValue(envelope, 'abstract-syntax')
  const [first] = message.found
  const own = message.service.carrier === 'file' && first !== undefined ? plainText(first.set, 0x00080016) : null
  return {
    command: message.service.command,
    sopClass: sopClass ?? own,
    status: envelopeValue(envelope, 'status') ?? envelopeValue(envelope, ':status'),
    // One without an attribute is told as a defect: nothing could be read of it.
    dataSets: message.found.filter(({ set }) => set.elements.length > 0).map(({ set }) => jsonOf(message, set, wholeOf(set))),
  }
}

/** Seventy short texts are cut from one faster than they are read one by one. Longer bytes are mostly no text. */
const wholeMax = 16 * 1024

function wholeOf({ source }: DataSet): string | null {
  return source.bytes.length <= wholeMax ? source.bytes.toString('latin1') : null
}

function jsonOf(message: Message, set: DataSet, whole: string | null): JsonDataSet {
  const json: { [tag: string]: JsonAttribute } = {}
  for (const element of set.elements) json[tagText(element.tag)] = attributeFrom(message, set, element, whole)
  return json
}

function attributeFrom(message: Message, set: DataSet, element: Element, whole: string | null): JsonAttribute {
  const { vr, items, start, end, isCut } = element
  if (items !== null) return items.length === 0 ? { vr } : { vr, Value: items.map((item) => jsonOf(message, item, whole)) }
  const values = valuesOf(set, element, fallbackOf(message, set), whole)
  // A text of blanks alone is no value; bytes are one, whatever they are.
  const isBulk = isCut || (end > start && vrNamed(vr)?.content === 'bytes')
  if (values.length === 0) return isBulk ? { vr, BulkDataURI: `bytes=${end - start}` } : { vr }
  return { vr, Value: vr === 'PN' ? values.map(nameOf) : values }
}

/** PS3.5 6.2.1.1: up to three component groups. */
function nameOf(text: string): JsonName {
  const [alphabetic = '', ideographic = '', phonetic = ''] = text.split('=', 3)
  return {
    ...(alphabetic === '' ? {} : { Alphabetic: alphabetic }),
    ...(ideographic === '' ? {} : { Ideographic: ideographic }),
    ...(phonetic === '' ? {} : { Phonetic: phonetic }),
  }
}
