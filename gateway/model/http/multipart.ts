import type { Defect } from '../document.ts'
import { type Envelope, envelopeValue } from '../envelope.ts'
import { httpDefect } from './defects.ts'
import { type MediaType, readMediaType, readParameters } from './media-type.ts'

/** One part of a multipart body (RFC 2046 5.1). */
export interface Part {
  /** Its header fields, names in lower case. */
  readonly envelope: Envelope
  readonly mediaType: MediaType | null
  /** Of `content-disposition` (RFC 7578 4.2), or null. */
  readonly name: string | null
  readonly fileName: string | null
  /** A view of the body that was split. */
  readonly body: Uint8Array
  /** `cut`: no boundary came after it. */
  readonly extent: 'whole' | 'cut'
}

export interface Multipart {
  readonly parts: readonly Part[]
  /** Parts that are there, read or not. */
  readonly partCount: number
  readonly defects: readonly Defect[]
}

export interface MultipartLimits {
  readonly partsMax: number
  readonly partHeaderBytesMax: number
}

export const multipartLimitsDefault: MultipartLimits = { partsMax: 1_000, partHeaderBytesMax: 16_384 }

/**
 * Splits the content of a multipart message (related, form-data, mixed): `bytes` is what `readEntity` gave, `mediaType` what its `content-type` says.
 * Line ends may be CRLF or LF. Preamble and epilogue are passed over. Never throws. Linear in the length of `bytes`.
 */
export function splitMultipart(
  bytes: Uint8Array,
  mediaType: MediaType,
  { isCut = false, ...options }: Partial<MultipartLimits> & { readonly isCut?: boolean } = {},
): Multipart {
  const limits = { ...multipartLimitsDefault, ...options }
  const { boundary } = mediaType
  // RFC 2046 5.1.1: 1 to 70 characters; no blank at its end.
  if (boundary === null || boundary === '' || boundary.length > boundaryCharsMax)
    return { parts: [], partCount: 0, defects: [httpDefect('HTTP_MULTIPART_NO_BOUNDARY')] }
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const delimiter = Buffer.from(`--${boundary}`, 'latin1')
  const parts: Part[] = []
  const defects: Defect[] = []
  let partCount = 0
  let opening = nextDelimiter(body, delimiter, 0)
  if (opening === null) return { parts, partCount, defects: [httpDefect('HTTP_MULTIPART_NO_PART')] }
  while (opening !== null && !opening.isClose) {
    const closing = nextDelimiter(body, delimiter, opening.next)
    partCount += 1
    if (partCount <= limits.partsMax) {
      const content = body.subarray(opening.next, closing?.start ?? body.length)
      const { part, isSound } = readPart(content, closing === null ? 'cut' : 'whole', limits.partHeaderBytesMax)
      parts.push(part)
      if (!isSound && !(isCut && closing === null)) defects.push(httpDefect('HTTP_MULTIPART_BAD_HEADER', `part[${partCount}]`))
    }
    if (closing === null && !isCut) defects.push(httpDefect('HTTP_MULTIPART_NOT_CLOSED', `part[${partCount}]`))
    opening = closing
  }
  if (partCount > limits.partsMax) defects.push(httpDefect('HTTP_MULTIPART_TOO_MANY_PARTS'))
  return { parts, partCount, defects: defects.slice(0, defectsMax) }
}

const boundaryCharsMax = 200
const defectsMax = 32
const carriageReturn = 0x0d
const lineFeed = 0x0a
const dash = 0x2d

/** A line that is the delimiter: where the line end before it begins, where the line after it begins, and whether it closes the body. */
interface Delimiter {
  readonly start: number
  readonly next: number
  readonly isClose: boolean
}

/** The next delimiter line from `from` on, which is itself a line's beginning. */
function nextDelimiter(body: Buffer, delimiter: Buffer, from: number): Delimiter | null {
  for (let at = body.indexOf(delimiter, from); at >= 0; at = body.indexOf(delimiter, at + 1)) {
    if (at !== from && body[at - 1] !== lineFeed) continue
    const after = at + delimiter.length
    const isClose = body[after] === dash && body[after + 1] === dash
    const next = lineAfter(body, isClose ? after + 2 : after)
    if (next !== null) return { start: at === from ? at : beforeLineEnd(body, at), next, isClose }
  }
  return null
}

/** Where the next line begins when nothing but blanks (RFC 2046 transport padding) stands before the line's end; null: it is no delimiter. */
function lineAfter(body: Buffer, from: number): number | null {
  let at = from
  while (body[at] === 0x20 || body[at] === 0x09) at += 1
  if (body[at] === carriageReturn) at += 1
  return at >= body.length ? body.length : body[at] === lineFeed ? at + 1 : null
}

function beforeLineEnd(body: Buffer, at: number): number {
  return body[at - 2] === carriageReturn ? at - 2 : at - 1
}

function readPart(content: Buffer, extent: Part['extent'], headerBytesMax: number): { part: Part; isSound: boolean } {
  const { envelope, isSound, bodyAt } = readHeader(content, headerBytesMax)
  const disposition = envelopeValue(envelope, 'content-disposition')
  const named = disposition?.includes(';') === true ? readParameters(disposition.slice(disposition.indexOf(';'))) : null
  const part: Part = {
    envelope,
    mediaType: readMediaType(envelopeValue(envelope, 'content-type')),
    name: named?.get('name') ?? null,
    fileName: named?.get('filename') ?? null,
    body: content.subarray(bodyAt),
    extent,
  }
  return { part, isSound }
}

/** The header lines of a part up to the blank line that ends them, or up to its end: a part without content needs none (RFC 2046 5.1.1). */
function readHeader(content: Buffer, bytesMax: number): { envelope: Envelope; isSound: boolean; bodyAt: number } {
  const envelope: [string, string][] = []
  let isSound = true
  let at = 0
  while (at < content.length) {
    const lineFeedAt = content.indexOf(lineFeed, at)
    const end = lineFeedAt < 0 ? content.length : lineFeedAt
    // What is left can't be told apart from a header: it is no body.
    if (end > bytesMax) return { envelope, isSound: false, bodyAt: content.length }
    const line = content.toString('utf8', at, content[end - 1] === carriageReturn && end > at ? end - 1 : end)
    at = Math.min(end + 1, content.length)
    if (line === '') break
    isSound = takeLine(envelope, line) && isSound
  }
  return { envelope, isSound, bodyAt: at }
}

/** Takes one line of a part's header in; a line that begins with a blank goes on with the one before (RFC 5322 2.2.3). False: it is no header line. */
function takeLine(envelope: [string, string][], line: string): boolean {
  const last = envelope.at(-1)
  if (/^[ \t]/.test(line)) {
    if (last !== undefined) last[1] = `${last[1]} ${line.trim()}`
    return last !== undefined
  }
  const colon = line.indexOf(':')
  if (colon < 1) return false
  envelope.push([line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()])
  return true
}
