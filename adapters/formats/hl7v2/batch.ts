const cr = 0x0d
const lf = 0x0a
const envelopes: readonly string[] = ['FHS', 'BHS', 'BTS', 'FTS']

/**
 * Cuts a body into its messages at the bytes where an MSH segment begins; batch and file envelopes (FHS, BHS, BTS, FTS:
 * HL7 2.10.3) are left out. A body that holds one message, none, or UTF-16 comes back whole. The parts are views, not
 * copies. Line ends are never part of a character in UTF-8 or GB18030, so the cut needs no character set.
 *
 * `MSH|` at the beginning of a line inside a text is no new message: a header must name the same field separator as the
 * first one and four to five different marks after it.
 */
export function splitBatch(body: Uint8Array): readonly Uint8Array[] {
  const lines = lineStarts(body)
  const heads = lines.filter((start) => isHeader(body, start))
  const first = heads[0]
  if (first === undefined) return [body]
  const separator = body[first + 3]
  const starts = heads.filter((start) => body[start + 3] === separator)
  const marks = lines.filter((start) => isEnvelope(body, start, separator))
  if (starts.length === 1 && marks.length === 0) return [body]
  let next = 0
  return starts.map((start, i) => {
    const end = starts[i + 1] ?? body.length
    while ((marks[next] ?? end) < start) next++
    return body.subarray(start, Math.min(marks[next] ?? end, end))
  })
}

/** Offsets where a line begins; bytes of a frame before the first one are skipped. */
function lineStarts(body: Uint8Array): readonly number[] {
  const starts: number[] = []
  let isStart = true
  for (let i = 0; i < body.length; i++) {
    const byte = body[i] ?? 0
    if (byte === cr || byte === lf) isStart = true
    else if (isStart && !(starts.length === 0 && isSkipped(body, i))) {
      starts.push(i)
      isStart = false
    }
  }
  return starts
}

/** A start block, blanks or a UTF-8 byte order mark before the first segment. */
function isSkipped(body: Uint8Array, i: number): boolean {
  const byte = body[i] ?? 0
  return byte === 0x0b || byte === 0x20 || byte === 0x09 || byte === 0xef || byte === 0xbb || byte === 0xbf
}

function isHeader(body: Uint8Array, start: number): boolean {
  if (!isNamed(body, start, 'MSH')) return false
  const separator = body[start + 3]
  if (!isMark(separator)) return false
  const seen = new Set([separator])
  for (let i = start + 4; i <= start + 9; i++) {
    const byte = body[i]
    if (byte === separator) return seen.size >= 5
    if (!isMark(byte) || seen.has(byte)) return false
    seen.add(byte)
  }
  return false
}

function isEnvelope(body: Uint8Array, start: number, separator: number | undefined): boolean {
  const next = body[start + 3]
  const isWhole = next === separator || next === undefined || next === cr || next === lf
  return isWhole && envelopes.some((name) => isNamed(body, start, name))
}

function isNamed(body: Uint8Array, start: number, name: string): boolean {
  return body[start] === name.charCodeAt(0) && body[start + 1] === name.charCodeAt(1) && body[start + 2] === name.charCodeAt(2)
}

/** A printable ASCII character that is no letter, no digit and no blank. */
function isMark(byte: number | undefined): boolean {
  if (byte === undefined || byte <= 0x20 || byte >= 0x7f) return false
  return !((byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122))
}
