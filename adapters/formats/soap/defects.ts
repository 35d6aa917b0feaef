import type { Defect } from '../../../gateway/model/document.ts'

/** Everything that reading can find wrong with the form of a SOAP or XML body, and what it tells the person. No text carries a value. */
export const defectTexts = {
  SOAP_NOT_XML: 'The body is not XML; it was not read.',
  SOAP_NOT_WELL_FORMED: 'The XML breaks a rule of well-formedness (XML 1.0 2.1); it was read up to there.',
  SOAP_TRUNCATED: 'The XML ends before its root element does; it was read as far as it goes.',
  SOAP_DTD:
    'A document type declaration stands in the message (SOAP 1.1 3 and SOAP 1.2 5 forbid it); nothing behind it was read.',
  SOAP_TOO_DEEP: 'Elements are nested deeper than is read.',
  SOAP_TOO_LARGE: 'The message holds more elements than are read.',
  SOAP_NO_ENVELOPE: 'The root element is no SOAP envelope.',
  SOAP_BAD_NAMESPACE: 'The envelope is in none of the namespaces of SOAP 1.1 and 1.2.',
  SOAP_NO_BODY: 'The envelope has no body.',
  SOAP_PAYLOAD_NOT_WELL_FORMED: 'A message that is carried as text inside the body is not well-formed XML.',
  SOAP_CHARSET_BROKEN: 'Some bytes are not valid in the character set of the body.',
  SOAP_CHARSET_LABELS_DIFFER: 'Content-Type and the XML declaration name two character sets; the former counts (RFC 7303 3).',
} as const satisfies Record<string, string>

export type DefectCode = keyof typeof defectTexts

/** `path` as `PushTraceBatch/items/item[3]`, or null for the whole body. */
export function defect(code: DefectCode, path: string | null = null): Defect {
  return { code, path, text: defectTexts[code] }
}
