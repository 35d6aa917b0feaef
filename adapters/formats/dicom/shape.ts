import { tagText } from '../../../gateway/model/dicom/dictionary.ts'
import { envelopeValue } from '../../../gateway/model/envelope.ts'
import { type DataSet, type Element, plainText } from './data-set.ts'
import type { Message } from './message.ts'
import { characterSetsIn, valuesOf } from './values.ts'
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
    dataSets: message.found.map(({ set }) => jsonOf(message, set)),
  }
}

function jsonOf(message: Message, set: DataSet): JsonDataSet {
  const json: { [tag: string]: JsonAttribute } = {}
  for (const element of set.elements) json[tagText(element.tag)] = attributeFrom(message, set, element)
  return json
}

function attributeFrom(message: Message, set: DataSet, element: Element): JsonAttribute {
  const { vr, items, start, end, isCut } = element
  if (items !== null) return items.length === 0 ? { vr } : { vr, Value: items.map((item) => jsonOf(message, item)) }
  const values = valuesOf(set, element, message.fallbacks.get(characterSetsIn(set)) ?? null)
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
