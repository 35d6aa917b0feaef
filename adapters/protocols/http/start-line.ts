/** The first line of a request (RFC 9112 3) or of an answer (RFC 9112 4), read. */
export type StartLine =
  | { readonly kind: 'request'; readonly method: string; readonly target: string; readonly minor: number }
  | { readonly kind: 'answer'; readonly status: number; readonly minor: number }

export interface ReadStartLine {
  readonly start: StartLine
  /** Read, though RFC 9112 forbids it so: blanks in the target, more than one blank. */
  readonly isIrregular: boolean
}

/** Reads a whole first line, without its line end; null when it is none. Only HTTP/1.x is read. */
export function readStartLine(kind: StartLine['kind'], line: string): ReadStartLine | null {
  return kind === 'request' ? readRequestLine(line) : readStatusLine(line)
}

function readRequestLine(line: string): ReadStartLine | null {
  const match = /^([!#$%&'*+.^_`|~\w-]{1,32})( +)([^ ](?:.*[^ ])?)( +)HTTP\/1\.([0-9])( *)$/.exec(line)
  if (match === null) return null
  const [, method = '', before = '', target = '', after = '', minor = '', end = ''] = match
  const isIrregular = before.length + after.length > 2 || end !== '' || target.includes(' ')
  return { start: { kind: 'request', method, target, minor: Number(minor) }, isIrregular }
}

function readStatusLine(line: string): ReadStartLine | null {
  const match = /^HTTP\/1\.([0-9])( +)([1-9][0-9]{2})(?: |$)/.exec(line)
  if (match === null) return null
  const [, minor = '', blanks = '', status = ''] = match
  return { start: { kind: 'answer', status: Number(status), minor: Number(minor) }, isIrregular: blanks.length > 1 }
}

/** Whether a line that has only begun may become a first line. Depends on nothing but its first 33 bytes. */
export function mayBeStart(kind: StartLine['kind'], beginning: string): boolean {
  if (kind === 'request') return /^[!#$%&'*+.^_`|~\w-]{0,32}$|^[!#$%&'*+.^_`|~\w-]{1,32} /.test(beginning)
  return beginning.length < answerStart.length ? answerStart.startsWith(beginning) : beginning.startsWith(answerStart)
}

export const mayBeStartBytes = 33
const answerStart = 'HTTP/1.'

/** The method of a first line that is longer than what is kept of it: the line and its version can't be read, and the message can. */
export function readCutRequestLine(line: string): StartLine | null {
  const match = /^([A-Z]{3,20}) ([^ ]+)/.exec(line)
  return match === null || !isKnownMethod(match[1] ?? '')
    ? null
    : { kind: 'request', method: match[1] ?? '', target: match[2] ?? '', minor: 1 }
}

/**
 * Looks for a first line at the end of a line of something else: after lost bytes a message begins where the body before it ends, and no
 * line end stands between. Strict, as a body may hold nearly anything. Returns the first line alone, or null.
 */
export function findStartLine(kind: StartLine['kind'], line: string): string | null {
  if (kind === 'answer') {
    const at = line.lastIndexOf(answerStart)
    const found = at < 0 ? '' : line.slice(at)
    return /^HTTP\/1\.[01] [1-5][0-9]{2}(?: [\t\x20-\x7e\x80-\xff]*)?$/.test(found) ? found : null
  }
  const end = /([A-Z]{3,20}) [^ \t]+ HTTP\/1\.[01]$/.exec(line)
  const method = end?.[1] === undefined ? null : methodAtEnd(end[1])
  return end === null || method === null ? null : end[0].slice((end[1] ?? '').length - method.length)
}

/** So much of a line's end is looked through. */
export const foundCharsMax = 8_192

/** RFC 9110 9.3, RFC 5789, and what WebDAV and XDS-like peers use. */
const knownMethods = ['GET', 'POST', 'PUT', 'HEAD', 'DELETE', 'PATCH', 'OPTIONS', 'CONNECT', 'TRACE', 'PROPFIND', 'SEARCH']

function isKnownMethod(method: string): boolean {
  return knownMethods.includes(method)
}

/** The known method that these letters end with: the body before may itself end in capitals. */
function methodAtEnd(letters: string): string | null {
  return knownMethods.find((method) => letters.endsWith(method)) ?? null
}

/** The request line of HTTP/2's connection preface (RFC 9113 3.4). */
export function isHttp2Preface(line: string): boolean {
  return line === 'PRI * HTTP/2.0'
}

/** Whether these are the first three bytes of a TLS record (RFC 8446 5.1): content type, and the record version's major and minor number. */
export function isTlsRecord(bytes: Uint8Array): boolean {
  const [type = 0, major = 0, minor = 255] = bytes
  return type >= 0x14 && type <= 0x17 && major === 3 && minor <= 4
}
