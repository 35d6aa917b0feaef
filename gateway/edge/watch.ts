import { type Decoder, type EndHow, type Frame, otherSide, type Side } from '../model/frame.ts'
import type { Instant, Millis } from '../model/time.ts'
import type { PairedConnection } from './open.ts'

interface Direction {
  lastByteAt: Instant
  /** Silence on the connection before the frame that is being read. */
  idleBeforeMs: Millis | null
  /** When a frame that was begun is taken as it stands, if no byte comes. */
  stuckAt: Instant
  unseenBytes: number
  hasEnded: boolean
}

/** Both sides of a connection. */
export const sides = ['initiator', 'acceptor'] as const

/** One connection that is being observed: its decoder, and by when what it has begun must go on. Throws what the decoder throws. */
export class Watched {
  readonly paired: PairedConnection
  readonly #stuckMs: Millis
  /** Null: not observed now, or unreadable for good. */
  #decoder: Decoder | null
  #isUnreadable = false
  readonly #directions: Readonly<Record<Side, Direction>>

  constructor(paired: PairedConnection, decoder: Decoder | null, stuckMs: Millis) {
    this.paired = paired
    this.#decoder = decoder
    this.#stuckMs = stuckMs
    const direction = (): Direction => ({
      lastByteAt: paired.openedAt,
      idleBeforeMs: null,
      stuckAt: never,
      unseenBytes: 0,
      hasEnded: false,
    })
    this.#directions = { initiator: direction(), acceptor: direction() }
  }

  get heldBytes(): number {
    return this.#decoder?.heldBytes ?? 0
  }

  get isUnreadable(): boolean {
    return this.#isUnreadable
  }

  /** The earliest time at which what was begun is stuck; infinite when nothing was begun. */
  get stuckAt(): Instant {
    const { initiator, acceptor } = this.#directions
    return Math.min(initiator.stuckAt, acceptor.stuckAt)
  }

  /** The silence on the connection before the frame of that side that was cut next; null: it is the first. What follows in the same bytes follows without one. */
  takeIdleMs(from: Side): Millis | null {
    const direction = this.#directions[from]
    const { idleBeforeMs } = direction
    direction.idleBeforeMs = 0
    return idleBeforeMs
  }

  hasEnded(side: Side): boolean {
    return this.#directions[side].hasEnded
  }

  /** That side has ended: what still comes of it is not looked at. */
  setEnded(side: Side): void {
    this.#directions[side].hasEnded = true
    this.#directions[side].stuckAt = never
  }

  push(from: Side, bytes: Uint8Array, at: Instant): readonly Frame[] {
    const direction = this.#directions[from]
    const { paired } = this
    const decoder = this.#decoder
    if (direction.hasEnded) return nothing
    if (decoder === null) {
      if (!this.#isUnreadable) direction.unseenBytes += bytes.byteLength
      paired.lastByteAt = at
      return nothing
    }
    if (direction.stuckAt === never)
      direction.idleBeforeMs = paired.lastByteAt === null ? null : Math.max(0, at - paired.lastByteAt)
    paired.lastByteAt = at
    direction.lastByteAt = at
    const frames = decoder.push(from, bytes, at)
    this.#await(decoder, from)
    // The other direction's last frame may have waited for just this.
    if (frames.length > 0 && this.#directions[otherSide(from)].stuckAt !== never) this.#await(decoder, otherSide(from))
    return frames
  }

  gap(from: Side, byteCount: number, at: Instant): readonly Frame[] {
    if (this.#decoder === null || this.#directions[from].hasEnded) return nothing
    const frames = this.#decoder.gap(from, byteCount, at)
    this.#await(this.#decoder, from)
    return frames
  }

  /** Takes what that side has begun as it stands. */
  end(side: Side, how: EndHow, at: Instant): readonly Frame[] {
    const decoder = this.#decoder
    if (decoder === null || this.#directions[side].hasEnded) return nothing
    const frames = decoder.end(side, how, at)
    for (const each of sides) this.#await(decoder, each)
    return frames
  }

  /** What is stuck at `at`, taken as it stands. */
  takeStuck(at: Instant): readonly Frame[] {
    return sides.flatMap((side) => {
      const direction = this.#directions[side]
      if (direction.stuckAt > at) return nothing
      const frames = this.end(side, 'timeout', at)
      // A decoder that keeps on to what was taken from it is asked once, not for ever.
      if (direction.stuckAt <= at) direction.stuckAt = never
      return frames
    })
  }

  /** Reads no more: for good, or until `readAgain`. */
  stop(forGood: boolean): void {
    this.#decoder = null
    this.#isUnreadable ||= forGood
    for (const side of sides) this.#directions[side].stuckAt = never
  }

  /** Goes on as after lost bytes; returns how many were lost of each side. */
  readAgain(decoder: Decoder): Readonly<Record<Side, number>> {
    this.#decoder = decoder
    const lost = { initiator: 0, acceptor: 0 }
    for (const side of sides) {
      const direction = this.#directions[side]
      lost[side] = direction.unseenBytes
      direction.unseenBytes = 0
      decoder.gap(side, lost[side], direction.lastByteAt)
    }
    return lost
  }

  /** Notes by when a frame that was begun must go on. */
  #await(decoder: Decoder, from: Side): void {
    const direction = this.#directions[from]
    const pending = decoder.pending(from)
    direction.stuckAt = pending === null ? never : direction.lastByteAt + (pending.quietMs ?? this.#stuckMs)
  }
}

const never: Instant = Number.POSITIVE_INFINITY
const nothing: readonly Frame[] = []
