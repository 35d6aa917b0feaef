import type { Defect } from '../document.ts'

/** What can be wrong with an HTTP body before its format reads it, and what it tells the person. No text carries a value. */
export const httpDefectTexts = {
  HTTP_CODING_UNKNOWN: 'Content-Encoding names a coding that is not gzip, deflate, br or zstd; the body was not read.',
  HTTP_CODINGS_TOO_MANY: 'Content-Encoding names more codings than are undone; the body was not read.',
  HTTP_CODING_BROKEN: 'The body is not in the coding that Content-Encoding names, or is damaged; it was not read.',
  HTTP_CODING_CUT: 'The compressed body ends before its coding does; it was read as far as it goes.',
  HTTP_CONTENT_TOO_LARGE: 'The body is larger than the limit once its content coding is undone; it was not read.',
  HTTP_BAD_CONTENT_TYPE: 'Content-Type is not written as type/subtype with parameters (RFC 9110 8.3.1).',
  HTTP_MULTIPART_NO_BOUNDARY: 'Content-Type says multipart and names no usable boundary (RFC 2046 5.1.1).',
  HTTP_MULTIPART_NO_PART: 'The boundary that Content-Type names does not stand in the body.',
  HTTP_MULTIPART_NOT_CLOSED: 'The last part of the multipart body is not closed by its boundary.',
  HTTP_MULTIPART_BAD_HEADER: 'The header of a part is longer than the limit, not closed, or holds a line without a colon.',
  HTTP_MULTIPART_TOO_MANY_PARTS: 'The multipart body holds more parts than are read.',
} as const satisfies Record<string, string>

export type HttpDefectCode = keyof typeof httpDefectTexts

/** `path` names a part as `part[2]`, counted from 1; null for the whole body. */
export function httpDefect(code: HttpDefectCode, path: string | null = null): Defect {
  return { code, path, text: httpDefectTexts[code] }
}
