import type { Decoder, DecoderLimits, EndHow, Frame, PendingFrame, Side } from '../../../gateway/model/frame.ts'
import type { Instant } from '../../../gateway/model/time.ts'
import { Direction } from './direction.ts'
import type { AckMode } from './head.ts'

/** Cuts both directions of an MLLP connection into blocks. Reads on past everything: it never throws. */
export function mllpDecoder(options: { readonly ackMode: AckMode }, limits: DecoderLimits): Decoder {
  const shared = { ...limits, ackMode: options.ackMode }
  const initiator = new Direction({ ...shared, from: 'initiator' })
  const acceptor = new Direction({ ...shared, from: 'acceptor' })
  const direction = (from: Side): Direction => (from === 'initiator' ? initiator : acceptor)
  const opposite = (from: Side): Direction => (from === 'initiator' ? acceptor : initiator)
  return {
    push(from: Side, bytes: Uint8Array, at: Instant): readonly Frame[] {
      const frames: Frame[] = []
      direction(from).push(toBuffer(bytes), at, frames)
      return frames.length === 0 ? frames : settled(opposite(from), frames)
    },
    gap(from: Side, byteCount: number): readonly Frame[] {
      const frames: Frame[] = []
      direction(from).gap(byteCount, frames)
      return frames
    },
    end(from: Side, how: EndHow, at: Instant): readonly Frame[] {
      const frames: Frame[] = []
      direction(from).end(how, at, frames)
      return frames.length === 0 ? frames : settled(opposite(from), frames)
    },
    pending: (from: Side): PendingFrame | null => direction(from).pending(),
    get heldBytes(): number {
      return initiator.heldBytes + acceptor.heldBytes
    },
  }
}

/** A whole frame came back, begun after the other direction's last byte: what waited there for a sign is over, and stands before it. */
function settled(other: Direction, frames: readonly Frame[]): readonly Frame[] {
  const pending = other.pending()
  if (pending?.quietMs === undefined) return frames
  const answer = frames.findIndex((frame) => frame.startAt >= other.lastAt)
  if (answer < 0) return frames
  const before: Frame[] = []
  other.settle(before)
  return [...frames.slice(0, answer), ...before, ...frames.slice(answer)]
}

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
