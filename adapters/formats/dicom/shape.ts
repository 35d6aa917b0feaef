import { tagText } from '../../../gateway/model/dicom/dictionary.ts'
import { envelopeValue } from '../../../gateway/model/envelope.ts'
import { type DataSet, type Element, plainText } from './data-set.ts'
import { type JsonAttribute, type JsonDataSet, type JsonMember, type JsonStretch, jsonAttribute } from './json-attribute.ts'
import { fallbackOf, type Message } from './message.ts'
import { valuesOf } from './values.ts'

/** What contracts are checked against: the command and its SOP class, and the attributes of each data set as DICOM JSON has them. */
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
  const { carrier } = message.service
  const sopClass =
    envelopeValue(envelope, 'affected-sop-class') ??
    envelopeValue(envelope, 'requested-sop-class') ??
    envelopeValue(envelope, 'abstract-syntax')
  const [first] = message.found
  const own = carrier === 'file' && first !== undefined ? plainText(first.set, 0x00080016) : null
  return {
    command: message.service.command,
    sopClass: sopClass ?? own,
    status: envelopeValue(envelope, 'status') ?? (carrier === 'web' ? envelopeValue(envelope, ':status') : null),
    // One without an attribute is told as a defect: nothing could be read of it.
    dataSets: message.found
      .filter(({ set }) => set.stretches.some(({ elements }) => elements.length > 0))
      .map(({ set }) => jsonOf(message, set)),
  }
}

function jsonOf(message: Message, set: DataSet): JsonDataSet {
  let last = -1
  let isOrdered = true
  const stretches = set.stretches.map(({ elements, run }): JsonStretch => {
    if (run !== null) {
      isOrdered &&= run.firstTag > last
      last = run.lastTag
      return run.json
    }
    for (const { tag } of elements) {
      isOrdered &&= tag > last
      last = tag
    }
    return { members: elements.map((element) => memberFrom(message, set, element)), place: -1 }
  })
  if (isOrdered) return stretches
  const members = new Map(stretches.flatMap(({ members }) => members.map((member) => [member.tag, member])))
  return [{ members: [...members.values()], place: -1 }]
}

function memberFrom(message: Message, set: DataSet, element: Element): JsonMember {
  return element.known?.member ?? { tag: tagText(element.tag), attribute: attributeFrom(message, set, element) }
}

function attributeFrom(message: Message, set: DataSet, element: Element): JsonAttribute {
  const { vr, items, start, end, isCut } = element
  if (items !== null) return items.length === 0 ? { vr } : { vr, Value: items.map((item) => jsonOf(message, item)) }
  return jsonAttribute({ vr, values: valuesOf(set, element, fallbackOf(message, set)), byteCount: end - start, isCut })
}
