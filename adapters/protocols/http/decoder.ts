import type { Decoder, DecoderLimits, EndHow, Frame, PendingFrame, Side } from '../../../gateway/model/frame.ts'
import type { Instant } from '../../../gateway/model/time.ts'
import { Direction } from './direction.ts'
import { EarlyAnswers } from './early-answers.ts'
import type { FieldOptions } from './fields.ts'
import { Order } from './order.ts'
import { isTlsRecord } from './start-line.ts'

/**
 * Cuts both directions of a connection of HTTP/1.1 into requests and answers. An answer that comes before its request is whole waits for it, so that
 * frames stand in the order in which they answer each other. What is not HTTP/1.1 is a ProtocolError, thrown once the frames before it are handed out.
 * A class for the reason that is given beside MllpDecoder's.
 */
export class HttpDecoder implements Decoder {
  readonly #order = new Order()
  readonly #requests: Direction
  readonly #answers: Direction
  readonly #early: EarlyAnswers
  /** The first bytes of each direction, until it is known that they are not TLS; null from then on. */
  readonly #first: Record<Side, Buffer | null> = { initiator: noBytes, acceptor: noBytes }
  /** Number of the last request that was handed out. */
  #handedOut = 0

  constructor(options: FieldOptions, limits: DecoderLimits) {
    const order = this.#order
    this.#requests = new Direction({ ...options, ...limits, kind: 'request', order })
    this.#answers = new Direction({ ...options, ...limits, kind: 'answer', order })
    this.#early = new EarlyAnswers(options.headerBytesMax)
  }

  get heldBytes(): number {
    return this.#requests.heldBytes + this.#answers.heldBytes + this.#early.heldBytes
  }

  push(from: Side, bytes: Uint8Array, at: Instant): readonly Frame[] {
    this.#throwFailure()
    const frames: Frame[] = []
    const seen = this.#first[from]
    if (seen !== null) this.#begin(from, seen, bytes)
    this.#direction(from).push(toBuffer(bytes), at, frames)
    return this.#told(frames)
  }

  gap(from: Side, byteCount: number, at: Instant): readonly Frame[] {
    this.#throwFailure()
    this.#first[from] = null
    const frames: Frame[] = []
    this.#direction(from).gap(byteCount, at, frames)
    return this.#told(frames)
  }

  end(from: Side, how: EndHow): readonly Frame[] {
    this.#throwFailure()
    const frames: Frame[] = []
    this.#direction(from).end(how, frames)
    const ordered = this.#told(frames)
    return from === 'initiator' && how !== 'timeout' ? [...ordered, ...this.#early.release()] : ordered
  }

  pending(from: Side): PendingFrame | null {
    return this.#order.failure === null ? this.#direction(from).pending() : null
  }

  #direction(from: Side): Direction {
    return from === 'initiator' ? this.#requests : this.#answers
  }

  #begin(from: Side, seen: Buffer, bytes: Uint8Array): void {
    const beginning = Buffer.concat([seen, bytes.subarray(0, tlsBytes)]).subarray(0, tlsBytes)
    this.#first[from] = beginning.length < tlsBytes ? beginning : null
    if (isTlsRecord(beginning))
      this.#order.fail('TLS_PASSED_THROUGH', 'The connection is encrypted between the systems, and is passed on unread.')
  }

  #told(frames: readonly Frame[]): readonly Frame[] {
    const ordered = frames.length === 0 ? frames : this.#inOrder(frames)
    if (ordered.length === 0) this.#throwFailure()
    return ordered
  }

  #throwFailure(): void {
    if (this.#order.failure !== null) throw this.#order.failure
  }

  /** The frames with what waited for them, and without what has to wait. */
  #inOrder(frames: readonly Frame[]): readonly Frame[] {
    const ordered: Frame[] = []
    for (const frame of frames) {
      if (frame.from === 'initiator') {
        this.#handOut(frame, ordered)
        continue
      }
      const answered = Number(frame.head.answersId ?? 0)
      if (answered > this.#handedOut) {
        const unread: Frame[] = []
        this.#requests.settle(answered, unread)
        for (const request of unread) this.#handOut(request, ordered)
      }
      if (answered > this.#handedOut) this.#early.hold(frame)
      else ordered.push(frame)
    }
    return ordered
  }

  #handOut(request: Frame, ordered: Frame[]): void {
    this.#handedOut = Number(request.head.id ?? this.#handedOut)
    ordered.push(request, ...this.#early.release())
  }
}

const tlsBytes = 3
const noBytes = Buffer.alloc(0)

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
