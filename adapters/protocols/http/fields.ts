import type { Envelope } from '../../../gateway/model/envelope.ts'
import { withoutBlanks } from './blanks.ts'
import type { Irregularity } from './irregular.ts'
import type { Line } from './lines.ts'
import { type FieldName, readFieldName } from './names.ts'
import { addressWithoutCredentials, withoutHidden, withoutSecret } from './redact.ts'
import type { StartLine } from './start-line.ts'

export interface FieldOptions {
  /** So many bytes of one message's header lines are kept. */
  readonly headerBytesMax: number
  /** Lower-case names of the header fields that identify a request, the first that is there counts. */
  readonly requestIdHeaders: readonly string[]
  /** Lower-case names whose values are left out besides those that every interface leaves out. */
  readonly redact: ReadonlySet<string>
}

const fieldsMax = 200

/** The header fields of one message, line by line: what is kept of them, and what its framing needs of them, however large they are. */
export class Fields {
  readonly #options: FieldOptions
  readonly #envelope: [name: string, value: string][] = []
  readonly #lengths: string[] = []
  readonly #codings: string[] = []
  readonly #irregular: Irregularity[] = []
  #jwt: Envelope = []
  #keptChars = 0
  /** The field that the next line may go on with. */
  #name: FieldName | null = null
  #value = ''

  constructor(options: FieldOptions) {
    this.#options = options
  }

  /** Characters that are kept. */
  get keptChars(): number {
    return this.#keptChars + this.#value.length
  }

  /** Of Content-Length, at most three: two that differ are enough to know. */
  get lengths(): readonly string[] {
    return this.#lengths
  }

  get codings(): readonly string[] {
    return this.#codings
  }

  get irregular(): readonly Irregularity[] {
    return this.#irregular
  }

  tell(irregularity: Irregularity): void {
    if (!this.#irregular.includes(irregularity)) this.#irregular.push(irregularity)
  }

  /** Takes one line in. */
  add({ text, endsInBareLf, isCut }: Line): void {
    if (endsInBareLf) this.tell('HTTP_BARE_LF')
    if (isCut) this.tell('HTTP_HEADER_TOO_LARGE')
    if (text.startsWith(' ') || text.startsWith('\t')) {
      this.tell('HTTP_OBS_FOLD')
      if (this.#keptChars + this.#value.length + text.length <= this.#options.headerBytesMax)
        this.#value += ` ${textOf(withoutBlanks(text))}`
      else this.tell('HTTP_HEADER_TOO_LARGE')
      return
    }
    this.endField()
    const colon = text.indexOf(':')
    const written = text.slice(0, Math.max(colon, 0))
    const name = readFieldName(written) ?? readFieldName(withoutBlanks(written))
    if (name === null) {
      this.tell('HTTP_BAD_FIELD_LINE')
      return
    }
    if (name.lower.length !== colon || hasControls(text)) this.tell('HTTP_BAD_FIELD_LINE')
    this.#name = name
    this.#value = textOf(withoutBlanks(text.slice(colon + 1)))
  }

  /** No line goes on with the last field any more. */
  endField(): void {
    if (this.#name === null) return
    const { lower, isCredential } = this.#name
    const value = this.#value
    this.#name = null
    this.#value = ''
    if (lower === 'content-length' && this.#lengths.length < 3) this.#lengths.push(value)
    if (lower === 'transfer-encoding' && this.#codings.length < 3) this.#codings.push(value)
    if (isCredential || this.#options.redact.has(lower)) {
      const secret = withoutSecret(value)
      if (this.#jwt.length === 0) this.#jwt = secret.jwt
      this.#keep(lower, secret.value)
    } else this.#keep(lower, withoutHidden(lower, value))
  }

  #keep(name: string, value: string): void {
    const chars = name.length + value.length
    if (this.#envelope.length < fieldsMax && this.#keptChars + chars <= this.#options.headerBytesMax) {
      this.#keptChars += chars
      this.#envelope.push([name, value])
    } else this.tell('HTTP_HEADER_TOO_LARGE')
  }

  /** What stands around the body: pseudo-header fields, what was drawn from the header, its fields, then those of the trailer. */
  envelope(start: StartLine | null): Envelope {
    this.endField()
    const requestId = start?.kind === 'request' ? this.#requestId() : null
    const around: (readonly [name: string, value: string])[] =
      start === null ? [] : pseudoFields(start, this.#options.headerBytesMax)
    if (requestId !== null) around.push([':request-id', requestId])
    return around.concat(this.#jwt, this.#envelope)
  }

  #requestId(): string | null {
    for (const wanted of this.#options.requestIdHeaders) {
      const found = this.#envelope.find(([name]) => name === wanted)
      if (found !== undefined) return found[1]
    }
    return null
  }
}

/** RFC 9113 8.3. A target in absolute form (RFC 9112 3.2.2) gives its host; that of CONNECT is a host alone. */
function pseudoFields(start: StartLine, charsMax: number): (readonly [name: string, value: string])[] {
  if (start.kind === 'answer') return [[':status', String(start.status)]]
  const target = addressWithoutCredentials(textOf(start.target)).slice(0, charsMax)
  const absolute = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)(.*)$/i.exec(target)
  if (start.method === 'CONNECT')
    return [
      [':method', start.method],
      [':authority', target],
    ]
  if (absolute === null)
    return [
      [':method', start.method],
      [':path', target],
    ]
  const [, authority = '', path = ''] = absolute
  return [
    [':method', start.method],
    [':authority', authority],
    [':path', path === '' ? '/' : path],
  ]
}

function hasControls(text: string): boolean {
  // The tab is the one control character that a field may hold (RFC 9110 5.5).
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i)
    if ((code < 32 && code !== 9) || code === 127) return true
  }
  return false
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Bytes as characters; as UTF-8 where they are that: header fields and targets hold what their senders put there. */
function textOf(text: string): string {
  if (!/[\x80-\xff]/.test(text)) return text
  try {
    return utf8.decode(Buffer.from(text, 'latin1'))
  } catch {
    return text
  }
}
