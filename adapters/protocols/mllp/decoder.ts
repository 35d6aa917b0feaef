import {
  type Decoder,
  type DecoderLimits,
  type EndHow,
  type Frame,
  otherSide,
  type PendingFrame,
  type Side,
} from '../../../gateway/model/frame.ts'
import type { Instant } from '../../../gateway/model/time.ts'
import { Direction } from './direction.ts'
import type { AckMode } from './head.ts'

/**
 * Cuts both directions of an MLLP connection into blocks. Reads on past everything: it never throws. A class, because V8 takes objects with an accessor
 * of their own for different things each, and compiles what reads them anew whenever a connection begins.
 */
export class MllpDecoder implements Decoder {
  readonly #initiator: Direction
  readonly #acceptor: Direction

  constructor(options: { readonly ackMode: AckMode }, limits: DecoderLimits) {
    const shared = { ...limits, ackMode: options.ackMode }
    this.#initiator = new Direction({ ...shared, from: 'initiator' })
    this.#acceptor = new Direction({ ...shared, from: 'acceptor' })
  }

  get heldBytes(): number {
    return this.#initiator.heldBytes + this.#acceptor.heldBytes
  }

  push(from: Side, bytes: Uint8Array, at: Instant): readonly Frame[] {
    const frames: Frame[] = []
    this.#direction(from).push(toBuffer(bytes), at, frames)
    return frames.length === 0 ? frames : settled(this.#direction(otherSide(from)), frames)
  }

  gap(from: Side, byteCount: number): readonly Frame[] {
    const frames: Frame[] = []
    this.#direction(from).gap(byteCount, frames)
    return frames
  }

  end(from: Side, how: EndHow, at: Instant): readonly Frame[] {
    const frames: Frame[] = []
    this.#direction(from).end(how, at, frames)
    return frames.length === 0 ? frames : settled(this.#direction(otherSide(from)), frames)
  }

  pending(from: Side): PendingFrame | null {
    return this.#direction(from).pending()
  }

  #direction(from: Side): Direction {
    return from === 'initiator' ? this.#initiator : this.#acceptor
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
