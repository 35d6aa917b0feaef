import type { Defect } from '../../../gateway/model/document.ts'

/**
 * Everything that reading can find wrong with a message's form, and what it tells the person. No text carries a value.
 * What a contract or the standard's tables forbid is no defect: contracts judge that.
 */
export const defectTexts = {
  HL7_NO_MSH: 'No MSH segment begins the message; the usual delimiters were assumed.',
  HL7_TRUNCATED: 'The message ends before it is whole; it was read as far as it goes.',
  HL7_BAD_DELIMITERS: 'MSH-1 and MSH-2 do not name five different delimiters; the usual ones stand in for what is missing.',
  HL7_BAD_SEGMENT_NAME: 'A segment name is not a letter followed by two letters or digits (HL7 2.5.3).',
  HL7_BAD_ESCAPE: 'An escape sequence is not closed, unknown or cannot be decoded; it was left as it is.',
  HL7_BAD_TIMESTAMP: 'A time is not written as YYYY[MM[DD[HH[MM[SS[.S]]]]]][+/-ZZZZ].',
  HL7_CHARSET_BROKEN: 'A segment holds bytes that are not valid in the character set of the message.',
  HL7_MIXED_SEGMENT_ENDS: 'Segments end in different ways; the standard has a carriage return alone.',
  HL7_LF_SEGMENT_ENDS: 'Segments end with a line feed; the standard has a carriage return alone.',
  HL7_CRLF_SEGMENT_ENDS: 'Segments end with carriage return and line feed; the standard has a carriage return alone.',
  HL7_BLANK_LINE: 'An empty line stands between segments.',
  HL7_LINE_BREAK_IN_FIELD: 'A line does not begin with a segment name; it was read as part of the field before it.',
  HL7_LEADING_BYTES: 'Bytes stand before the first segment.',
  HL7_TRAILING_BYTES: 'Bytes of a frame stand behind the last segment.',
  HL7_SECOND_MSH: 'A second MSH segment stands in the message.',
  HL7_BATCH_ENVELOPE: 'A batch or file envelope surrounds the message; its first message was read.',
} as const satisfies Record<string, string>

export type DefectCode = keyof typeof defectTexts

/** `path` as `OBX[3]-5`, or null for the whole message. */
export function defect(code: DefectCode, path: string | null): Defect {
  return { code, path, text: defectTexts[code] }
}
