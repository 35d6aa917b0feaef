import type { AckFacts } from '../../../gateway/model/document.ts'
import { tellingDigest, wordingDigest } from '../../../gateway/model/wording-digest.ts'
import { attributeOf, childOf, descendantOf, textOf, type XmlElement } from './element.ts'
import type { SoapMessage } from './message.ts'

const errorsMax = 20
const codeCharsMax = 64

/** What an answer says of its request: a SOAP fault, or the acknowledgement of an HL7 V3 interaction (MCCI). Null: neither is there. */
export function ackOf({ fault, interaction }: SoapMessage): AckFacts | null {
  if (fault !== null) return faultAck(fault)
  const acknowledgement = childOf(interaction, 'acknowledgement')
  return acknowledgement === null ? null : v3Ack(acknowledgement)
}

/** SOAP 1.1 4.4: `faultcode`, `faultstring`. SOAP 1.2 5.4: `Code/Value`, `Subcode/Value`, `Reason/Text`. */
function faultAck(fault: XmlElement): AckFacts {
  const code = localPart(textOf(childOf(fault, 'faultcode')) ?? textOf(descendantOf(fault, 'Code', 'Value')))
  const subcode = localPart(textOf(descendantOf(fault, 'Code', 'Subcode', 'Value')))
  const text = textOf(childOf(fault, 'faultstring')) ?? textOf(descendantOf(fault, 'Reason', 'Text'))
  const detail = detailOf(fault)
  const error = {
    code: productCode(text) ?? productCode(detail) ?? subcode,
    location: null,
    textDigest: tellingDigest([text, detail]),
  }
  return { code: code ?? 'Fault', verdict: 'no', answersId: null, errors: [error] }
}

/** What stands below `detail` (1.1) or `Detail` (1.2), in one line: many a service says there alone what it is. */
function detailOf(fault: XmlElement): string | null {
  const detail = childOf(fault, 'detail') ?? childOf(fault, 'Detail')
  return detail === null ? null : textsBelow(detail, detailDepth).join(' ').slice(0, detailCharsMax) || null
}

function textsBelow(element: XmlElement, depth: number): readonly string[] {
  const own = textOf(element)
  if (own !== null) return [own]
  return depth === 0 ? [] : element.children.slice(0, errorsMax).flatMap((child) => textsBelow(child, depth - 1))
}

const detailDepth = 4
const detailCharsMax = 1_000

/** AA and CA say yes; AE, AR, CE and CR no (HL7 V3 AcknowledgementType). Other codes leave it open. */
function v3Ack(acknowledgement: XmlElement): AckFacts {
  const code = attributeOf(acknowledgement, 'typeCode') ?? attributeOf(childOf(acknowledgement, 'typeCode'), 'code') ?? ''
  const told = code.slice(0, codeCharsMax)
  const target = descendantOf(acknowledgement, 'targetMessage', 'id')
  const answersId = attributeOf(target, 'extension') ?? attributeOf(childOf(target, 'item'), 'extension')
  if (code === 'AA' || code === 'CA') return { code: told, verdict: 'yes', answersId, errors: [] }
  const details = acknowledgement.children.filter(({ name }) => name === 'acknowledgementDetail').slice(0, errorsMax)
  const errors = details.map((detail) => {
    const text = attributeOf(childOf(detail, 'text'), 'value') ?? textOf(childOf(detail, 'text'))
    const own = attributeOf(childOf(detail, 'code'), 'code')?.slice(0, codeCharsMax) ?? null
    return { code: own ?? productCode(text), location: null, textDigest: wordingDigest(text) }
  })
  return { code: told, verdict: /^[AC][ER]$/.test(code) ? 'no' : null, answersId, errors }
}

/** A database's own error number is no patient's, and tells locks from full disks: `ORA-30006`, `SQLSTATE 40001`. */
function productCode(text: string | null): string | null {
  return /\b(?:ORA-\d{5}|PLS-\d{5}|SQLSTATE[ =:[]{0,2}[0-9A-Z]{5}|DM-\d{4,5})\b/.exec(text?.slice(0, 4_096) ?? '')?.[0] ?? null
}

/** Of a QName. */
function localPart(name: string | null): string | null {
  return name === null ? null : name.slice(name.indexOf(':') + 1).slice(0, codeCharsMax)
}
