import type { Frame, FrameHead, FrameOddity, Side } from '../../../gateway/model/frame.ts'
import { requestType } from '../../../gateway/model/http/route.ts'
import type { Instant } from '../../../gateway/model/time.ts'
import type { Fields } from './fields.ts'
import type { StartLine } from './start-line.ts'

/** One request or answer while it is being read. */
export class Message {
  readonly kind: StartLine['kind']
  readonly fields: Fields
  readonly startAt: Instant
  endAt: Instant
  /** Of a request its own number on the connection; of an answer that of the request that it answers, or null. */
  number: number | null
  start: StartLine | null = null
  wireBytes = 0
  bodyBytes = 0
  readonly oddities: FrameOddity[]

  constructor(begun: Pick<Message, 'kind' | 'fields' | 'startAt' | 'number'> & { readonly oddities: readonly FrameOddity[] }) {
    this.kind = begun.kind
    this.fields = begun.fields
    this.startAt = begun.startAt
    this.endAt = begun.startAt
    this.number = begun.number
    this.oddities = [...begun.oddities]
  }

  /** An answer after which the one that counts still comes: 1xx, but for 101, after which no HTTP comes any more (RFC 9110 15.2.2). */
  get isInterim(): boolean {
    return this.start?.kind === 'answer' && this.start.status < 200 && this.start.status !== 101
  }

  /** Bytes on the wire. */
  count(byteCount: number, at: Instant): void {
    this.wireBytes += byteCount
    this.endAt = at
  }

  countBody(byteCount: number, at: Instant): void {
    this.bodyBytes += byteCount
    this.count(byteCount, at)
  }

  frame(body: Uint8Array, frameBytesMax: number): Frame {
    const envelope = this.fields.envelope(this.start)
    const { oddities } = this
    for (const code of this.fields.irregular) oddities.push({ kind: 'irregular', code })
    if (this.wireBytes > frameBytesMax) oddities.push({ kind: 'oversize', bytes: this.wireBytes })
    return {
      from: sideOf(this.kind),
      startAt: this.startAt,
      endAt: this.endAt,
      wireBytes: this.wireBytes,
      body,
      bodyBytes: this.bodyBytes,
      envelope,
      head: this.#head(),
      oddities,
    }
  }

  #head(): FrameHead {
    const { kind, start } = this
    const number = this.number === null ? null : String(this.number)
    if (kind === 'request') {
      if (start?.kind !== 'request') return { ...empty, id: number, idScope: 'connection' }
      const type = requestType(start.method, start.target)
      return { ...empty, role: 'request', id: number, idScope: 'connection', type, expects: oneAnswer }
    }
    // An answer that can't be read is told to the request that waits, as of any protocol.
    if (start?.kind !== 'answer') return empty
    const verdict = this.isInterim ? null : start.status < 400 ? 'yes' : 'no'
    const stage = this.isInterim ? 'interim' : 'application'
    return { ...empty, role: 'answer', answersId: number, idScope: 'connection', stage, verdict, code: String(start.status) }
  }
}

/** Over HTTP/1.1 it is always the side that opened the connection that asks. */
export function sideOf(kind: StartLine['kind']): Side {
  return kind === 'request' ? 'initiator' : 'acceptor'
}

const oneAnswer = { accept: false, application: true } as const
const empty: FrameHead = {
  role: 'unknown',
  id: null,
  answersId: null,
  stage: null,
  verdict: null,
  code: null,
  type: null,
  expects: null,
}
