import type { Defect } from '../../../gateway/model/document.ts'

/**
 * Everything that reading can find wrong with a message's form, and what it tells the person. No text carries a value. What a contract or
 * the standard's tables forbid is no defect: contracts judge that.
 */
export const defectTexts = {
  DICOM_NOT_A_DATA_SET: 'The body does not begin with a data element; nothing of it was read.',
  DICOM_TRUNCATED: 'The data set ends inside an element; it was read as far as it goes.',
  DICOM_CUT: 'The data set was cut by a limit before its end; it was read as far as it goes.',
  DICOM_PREAMBLE: 'A file preamble or file meta information stands where a bare data set belongs (PS3.7 6.3.1).',
  DICOM_NO_PREAMBLE: 'A file has no preamble with the prefix DICM (PS3.10 7.1).',
  DICOM_NO_META: 'A file has no file meta information, so its transfer syntax was taken from its bytes (PS3.10 7.1).',
  DICOM_WRONG_SYNTAX: 'The data set is not written in the transfer syntax that was agreed for it (PS3.5 10).',
  DICOM_UNKNOWN_SYNTAX: 'The transfer syntax is unknown; the data set was read as Explicit VR Little Endian.',
  DICOM_DEFLATE_BROKEN: 'The deflated data set is damaged or larger than the limit; nothing of it was read.',
  DICOM_UNKNOWN_VR: 'An element has a value representation that PS3.5 does not have.',
  DICOM_ODD_LENGTH: 'An element has a value of odd length (PS3.5 7.1.1).',
  DICOM_ORDER: 'Elements do not stand in the ascending order of their tags, each once (PS3.5 7.1).',
  DICOM_GROUP_LENGTH: 'A group length does not fit the length of its group (PS3.5 7.2).',
  DICOM_BAD_SEQUENCE: 'A sequence holds something else than items, or is not closed (PS3.5 7.5).',
  DICOM_STRAY_DELIMITER: 'A delimiter of items or sequences stands where none is open (PS3.5 7.5).',
  DICOM_TOO_DEEP: 'Sequences are nested deeper than is read.',
  DICOM_TOO_MANY_ELEMENTS: 'The message holds more elements than are read.',
  DICOM_CHARSET_BROKEN: 'A text holds bytes that are not valid in the character set of the message.',
  DICOM_CHARSET_UNKNOWN: 'SpecificCharacterSet names a character set that PS3.3 C.12.1.1.2 does not have.',
  DICOM_NON_ASCII: 'A value whose representation allows ASCII alone holds other bytes (PS3.5 6.2).',
  DICOM_BAD_TIME: 'A date or time is not written as PS3.5 6.2 has it.',
  DICOM_BAD_JSON: 'The body is not the JSON that its content type promises (PS3.18 F).',
  DICOM_BAD_XML: 'The body is not the XML that its content type promises (PS3.19 A.1).',
  DICOM_UNEXPECTED_TYPE: 'The content type is none in which this service carries data sets (PS3.18 8.7).',
} as const satisfies Record<string, string>

export type DefectCode = keyof typeof defectTexts

/** Most defects of one message; the rest tells no more. */
export const defectsMax = 100

/** `path` as `ScheduledProcedureStepSequence[1].Modality`, or null for the whole message. */
export function defect(code: DefectCode, path: string | null): Defect {
  return { code, path, text: defectTexts[code] }
}

/** Adds one while there is room, and never the same twice. */
export function addDefect(defects: Defect[], code: DefectCode, path: string | null): void {
  if (defects.length >= defectsMax || defects.some((known) => known.code === code && known.path === path)) return
  defects.push(defect(code, path))
}
