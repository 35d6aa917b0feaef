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
 */
export function httpDecoder(options: FieldOptions, limits: DecoderLimits): Decoder {
  const order = new Order()
  const requests = new Direction({ ...options, ...limits, kind: 'request', order })
  const answers = new Direction({ ...options, ...limits, kind: 'answer', order })
  const early = new EarlyAnswers(options.headerBytesMax)
  const direction = (from: Side): Direction => (from === 'initiator' ? requests : answers)
  /** The first bytes of each direction, until it is known that they are not TLS; null from then on. */
  const first: Record<Side, Buffer | null> = { initiator: noBytes, acceptor: noBytes }
  /** Number of the last request that was handed out. */
  let handedOut = 0

  /** The frames with what waited for them, and without what has to wait. */
  const inOrder = (frames: readonly Frame[]): readonly Frame[] => {
    const ordered: Frame[] = []
    const handOut = (request: Frame): void => {
      handedOut = Number(request.head.id ?? handedOut)
      ordered.push(request, ...early.release())
    }
    for (const frame of frames) {
      const answered = Number(frame.head.answersId ?? 0)
      if (frame.from === 'initiator') {
        handOut(frame)
        continue
      }
      if (answered > handedOut) {
        const unread: Frame[] = []
        requests.settle(answered, unread)
        unread.forEach(handOut)
      }
      if (answered > handedOut) early.hold(frame)
      else ordered.push(frame)
    }
    return ordered
  }
  const told = (frames: readonly Frame[]): readonly Frame[] => {
    const ordered = frames.length === 0 ? frames : inOrder(frames)
    if (ordered.length === 0) throwFailure()
    return ordered
  }
  const throwFailure = (): void => {
    if (order.failure !== null) throw order.failure
  }

  return {
    push(from: Side, bytes: Uint8Array, at: Instant): readonly Frame[] {
      throwFailure()
      const frames: Frame[] = []
      const seen = first[from]
      if (seen !== null) {
        const beginning = Buffer.concat([seen, bytes.subarray(0, tlsBytes)]).subarray(0, tlsBytes)
        first[from] = beginning.length < tlsBytes ? beginning : null
        if (isTlsRecord(beginning))
          order.fail('TLS_PASSED_THROUGH', 'The connection is encrypted between the systems, and is passed on unread.')
      }
      direction(from).push(toBuffer(bytes), at, frames)
      return told(frames)
    },
    gap(from: Side, byteCount: number, at: Instant): readonly Frame[] {
      throwFailure()
      first[from] = null
      const frames: Frame[] = []
      direction(from).gap(byteCount, at, frames)
      return told(frames)
    },
    end(from: Side, how: EndHow): readonly Frame[] {
      throwFailure()
      const frames: Frame[] = []
      direction(from).end(how, frames)
      const ordered = told(frames)
      return from === 'initiator' && how !== 'timeout' ? [...ordered, ...early.release()] : ordered
    },
    pending: (from: Side): PendingFrame | null => (order.failure === null ? direction(from).pending() : null),
    get heldBytes(): number {
      return requests.heldBytes + answers.heldBytes + early.heldBytes
    },
  }
}

const tlsBytes = 3
const noBytes = Buffer.alloc(0)

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
