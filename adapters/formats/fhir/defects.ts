import type { Defect } from '../../../gateway/model/document.ts'

/** What reading can find wrong with a FHIR body, and what it tells the person. What FHIR's definitions forbid is no defect: contracts judge that. */
export const defectTexts = {
  FHIR_NOT_JSON: 'The body is not JSON (RFC 8259); nothing of its content was read.',
  FHIR_TRUNCATED: 'The body ends before it is whole; nothing of its content was read.',
  FHIR_XML: 'The body is FHIR in XML, which is kept as text: of its content nothing was read, only what HTTP says around it.',
  FHIR_NOT_FHIR: 'The body is neither JSON nor XML by its content type and its first byte; nothing of it was read.',
  FHIR_NO_RESOURCE_TYPE: 'The JSON names no resource type (FHIR R4 2.6.2).',
  FHIR_BYTE_ORDER_MARK: 'A byte order mark stands before the JSON; RFC 8259 8.1 forbids to send one.',
  FHIR_NOT_UTF8: 'The bytes are not UTF-8, which JSON has to be (RFC 8259 8.1).',
  FHIR_DUPLICATE_NAME: 'An object has a name twice; receivers keep the first or the last (RFC 8259 4).',
  FHIR_NUMBER_PRECISION: 'A number has more digits than receivers with 64-bit floating point keep (RFC 8259 6).',
  FHIR_TOO_DEEP: 'The JSON is nested deeper than is read.',
  FHIR_BAD_TIMESTAMP: 'A time is not written as FHIR has it (FHIR R4 2.24.0.1).',
} as const satisfies Record<string, string>

export type DefectCode = keyof typeof defectTexts

/** `path` as `Patient.identifier[0]`, or null for the whole message. */
export function defect(code: DefectCode, path: string | null = null): Defect {
  return { code, path, text: defectTexts[code] }
}
