import type { Defect } from '../../../gateway/model/document.ts'

/** Everything that reading can find wrong with the form of a JSON or CSV body, and what it tells the person. No text carries a value. */
export const defectTexts = {
  JSON_INVALID: 'The body is not JSON (RFC 8259); it was read as far as it goes.',
  JSON_TRUNCATED: 'The body ends before its value does; it was read as far as it goes.',
  JSON_TRAILING_BYTES: 'Something stands behind the JSON value; it was left out.',
  JSON_BYTE_ORDER_MARK: 'A byte order mark stands before the JSON value (RFC 8259 8.1 forbids it).',
  JSON_DUPLICATE_KEY: 'An object has one name twice; receivers differ in which value they take (RFC 8259 4).',
  JSON_NOT_A_NUMBER: 'NaN or Infinity stands where a value must; JSON has neither (RFC 8259 6).',
  JSON_UNSAFE_NUMBER: 'A whole number is beyond 2^53; receivers round it (RFC 8259 6). Identifiers belong in strings.',
  JSON_LONE_SURROGATE: 'A string holds half a surrogate pair; it can not be written as UTF-8 (RFC 8259 8.2).',
  JSON_TOO_DEEP: 'The value is nested deeper than is read.',
  JSON_TOO_LARGE: 'The body holds more values than are read.',
  JSON_OPAQUE: 'The body is one encoded or encrypted text; only its size and times can be judged.',
  JSON_OTHER_CONTENT: 'The body is not JSON but something else, as an HTML page; it was not read.',
  JSON_CHARSET_BROKEN: 'Some bytes are not valid in the character set of the body.',
  CSV_ROW_LENGTH: 'A row has another number of cells than the header.',
  CSV_ROW_UNREADABLE: 'A row can not be read: its quotes are not closed, or it is too long.',
  CSV_MORE_REJECTS: 'More rows are faulty than are listed.',
  CSV_NO_HEADER: 'The file has no header row.',
  CSV_DUPLICATE_COLUMN: 'Two columns have the same name; the first counts.',
  CSV_TOO_MANY_ROWS: 'The file has more rows, or more faulty ones, than are read.',
} as const satisfies Record<string, string>

export type DefectCode = keyof typeof defectTexts

/** `path` as `items[2].dose` or `rows[3]`, or null for the whole body. */
export function defect(code: DefectCode, path: string | null = null): Defect {
  return { code, path, text: defectTexts[code] }
}
