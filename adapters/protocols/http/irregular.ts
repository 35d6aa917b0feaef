/** What RFC 9112 forbids and this decoder reads all the same: codes of `irregular`, with what each is. */
export const irregularities = {
  HTTP_BARE_LF: 'A line ends with LF alone (RFC 9112 2.2).',
  HTTP_OBS_FOLD: 'A header field goes on in a second line (RFC 9112 5.2).',
  HTTP_BAD_START_LINE: 'The first line holds more blanks than it may (RFC 9112 3, 4).',
  HTTP_BAD_FIELD_LINE:
    'A header line has no colon, a blank before it, or a name that is none; or holds a control character (RFC 9112 5).',
  HTTP_HEADER_TOO_LARGE: 'The header has more bytes or fields than are kept; its framing was read to its end.',
  HTTP_LENGTH_AND_CHUNKED: 'Both Content-Length and Transfer-Encoding: chunked; the length was passed over (RFC 9112 6.3).',
  HTTP_LENGTHS_DIFFER: 'Several Content-Length values that differ: where the body ends is not known (RFC 9112 6.3).',
  HTTP_LENGTH_INVALID: 'Content-Length is no number: where the body ends is not known (RFC 9112 6.3).',
  HTTP_LENGTH_REPEATED: 'Content-Length several times with one value (RFC 9112 6.3).',
  HTTP_TRANSFER_CODING: 'A transfer coding other than chunked (RFC 9112 6.1).',
  HTTP_CHUNKED_IN_1_0: 'Transfer-Encoding in a message of HTTP/1.0 (RFC 9112 6.1).',
  HTTP_CHUNK_BROKEN: 'A chunk does not begin or end as it must: where the body ends is not known (RFC 9112 7.1).',
} as const satisfies Record<string, string>

export type Irregularity = keyof typeof irregularities
