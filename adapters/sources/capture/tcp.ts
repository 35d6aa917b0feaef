import { otherSide, type Side } from '../../../gateway/model/frame.ts'
import type { Instant, Millis } from '../../../gateway/model/time.ts'
import type { WireEvent } from '../../../gateway/model/wire.ts'
import { type LinkCount, newLinkCount } from './link-count.ts'
import { after, type Stream, StreamAssembly } from './stream.ts'

/** One TCP segment of a conversation. */
export interface Segment {
  readonly at: Instant
  readonly from: Side
  readonly sequence: number
  /** Null when the segment acknowledges nothing. */
  readonly ack: number | null
  readonly isSyn: boolean
  readonly isFin: boolean
  readonly isRst: boolean
  readonly bytes: Buffer
  /** Bytes behind `bytes` that the wire had and the capture has not. */
  readonly missingBytes: number
}

export interface TcpLimits {
  /** A hole whose bytes the receiver has acknowledged: the capture missed them. Packets pass a tap this much out of order at most. */
  readonly ackedGapWaitMs: Millis
  /** Any other hole: the sender will send again. */
  readonly gapWaitMs: Millis
  /** Bytes of one direction that wait behind a hole. */
  readonly heldBytesMax: number
  /** No answer to a SYN for so long. */
  readonly connectWaitMs: Millis
  /** No packet for so long, while one side has ended, and while none has. */
  readonly halfClosedMsMax: Millis
  readonly idleMsMax: Millis
}

export const defaultTcpLimits: TcpLimits = {
  ackedGapWaitMs: 50,
  gapWaitMs: 10_000,
  heldBytesMax: 4 * 1024 * 1024,
  connectWaitMs: 75_000,
  halfClosedMsMax: 600_000,
  idleMsMax: 86_400_000,
}

type Phase = 'new' | 'opening' | 'open' | 'closed'

/** One conversation's life, from packets to events. Pure: its clock is the packets' time. */
export class TcpConversation {
  readonly #names: { readonly initiator: string; readonly acceptor: string }
  readonly #limits: TcpLimits
  readonly #link: () => LinkCount
  readonly #streams: { readonly [side in Side]: Stream }
  #phase: Phase = 'new'
  #synSequence: number | null = null
  #synCount = 0
  #openedAt: Instant = 0
  #lastAt: Instant = 0

  /** `link`: what retransmissions and round trips are counted into. */
  constructor(
    names: { readonly initiator: string; readonly acceptor: string },
    limits: TcpLimits,
    link: () => LinkCount = newLinkCount,
  ) {
    this.#names = names
    this.#limits = limits
    this.#link = link
    this.#streams = {
      initiator: new StreamAssembly('initiator', limits, link),
      acceptor: new StreamAssembly('acceptor', limits, link),
    }
  }

  get isClosed(): boolean {
    return this.#phase === 'closed'
  }

  get lastAt(): Instant {
    return this.#lastAt
  }

  /** A SYN that doesn't belong to this conversation: its ports are used again. */
  isReusedBy(segment: Segment): boolean {
    if (!segment.isSyn || segment.ack !== null || this.#phase === 'new') return false
    return this.#synSequence !== segment.sequence || this.#phase === 'closed'
  }

  see(segment: Segment): readonly WireEvent[] {
    this.#lastAt = segment.at
    switch (this.#phase) {
      case 'new':
        return this.#begin(segment)
      case 'opening':
        return this.#shakeHands(segment)
      case 'open':
        return this.#carry(segment)
      case 'closed':
        return []
      default:
        return this.#phase satisfies never
    }
  }

  /** What time alone decides by `at`. */
  passTime(at: Instant): readonly WireEvent[] {
    if (this.#phase === 'opening') {
      return at - this.#openedAt < this.#limits.connectWaitMs ? [] : this.#close([{ kind: 'refused', at, how: 'timeout' }])
    }
    if (this.#phase !== 'open') return []
    const events = sides.flatMap((side) => this.#streams[side].passTime(at))
    const idleMax = sides.some((side) => this.#streams[side].hasEnded) ? this.#limits.halfClosedMsMax : this.#limits.idleMsMax
    if (at - this.#lastAt >= idleMax) return [...events, ...this.abandon(at)]
    return this.#closeWhenEnded(events, at)
  }

  /** The conversation goes on unseen or is given up: both sides end here, as far as is known. */
  abandon(at: Instant): readonly WireEvent[] {
    if (this.#phase === 'new' || this.#phase === 'closed') return []
    if (this.#phase === 'opening') return this.#close([{ kind: 'refused', at, how: 'timeout' }])
    const flushed = this.flush(at)
    if (this.isClosed) return flushed
    const ends = sides.filter((side) => !this.#streams[side].hasEnded)
    const over: readonly WireEvent[] = ends.map((from) => ({ kind: 'end', at, from, how: 'timeout' }))
    return this.#close([...flushed, ...over, { kind: 'closed', at }])
  }

  /** The capture ends: what waits behind a hole is told. A SYN that was sent again and never answered was refused by silence. */
  flush(at: Instant): readonly WireEvent[] {
    if (this.#phase === 'opening' && this.#synCount > 1) return this.#close([{ kind: 'refused', at, how: 'timeout' }])
    if (this.#phase !== 'open') return []
    return this.#closeWhenEnded(
      sides.flatMap((side) => this.#streams[side].flush(at)),
      at,
    )
  }

  /** An ICMP message says that the acceptor can't be reached. */
  unreachable(at: Instant): readonly WireEvent[] {
    return this.#phase === 'opening' ? this.#close([{ kind: 'refused', at, how: 'unreachable' }]) : []
  }

  #begin(segment: Segment): readonly WireEvent[] {
    const { at, isSyn, isRst, ack } = segment
    // A reset of something that was never seen tells nothing.
    if (isRst) return []
    this.#openedAt = at
    const open: WireEvent = { kind: 'open', at, ...this.#names }
    if (isSyn && ack === null) {
      this.#phase = 'opening'
      this.#synSequence = segment.sequence
      this.#synCount = 1
      this.#streams.initiator.startAt(after(segment.sequence, 1))
      return [open, ...this.#streams.initiator.see(dataOfSyn(segment))]
    }
    this.#phase = 'open'
    const connected: WireEvent = { kind: 'connected', at, midStream: true }
    if (isSyn) {
      this.#streams.acceptor.startAt(after(segment.sequence, 1))
      if (ack !== null) this.#streams.initiator.startAt(ack)
      return [open, connected]
    }
    return [open, connected, ...this.#carry(segment)]
  }

  #shakeHands(segment: Segment): readonly WireEvent[] {
    const { at, from, isSyn, isRst, ack } = segment
    if (isRst) return this.#close([{ kind: 'refused', at, how: from === 'acceptor' ? 'refused' : 'timeout' }])
    if (isSyn && from === 'initiator') {
      this.#synCount += 1
      this.#link().resent += 1
      return []
    }
    this.#phase = 'open'
    if (!isSyn) return [{ kind: 'connected', at, midStream: true }, ...this.#carry(segment)]
    this.#streams.acceptor.startAt(after(segment.sequence, 1))
    // With TCP Fast Open a SYN carries data; an answer that leaves it out has not taken it.
    if (ack !== null) this.#streams.initiator.startAt(ack)
    return [{ kind: 'connected', at }]
  }

  #carry(segment: Segment): readonly WireEvent[] {
    const { at, from, ack, isSyn, isRst } = segment
    if (isSyn) return []
    const stream = this.#streams[from]
    if (isRst) {
      if (!stream.mayReset(segment.sequence)) return []
      const flushed = sides.flatMap((side) => this.#streams[side].flush(at))
      return this.#close([...flushed, { kind: 'end', at, from, how: 'rst' }, { kind: 'closed', at }])
    }
    const told = stream.see(segment)
    const acked = ack === null ? [] : this.#streams[otherSide(from)].acknowledge(ack, at)
    return this.#closeWhenEnded([...acked, ...told], at)
  }

  #closeWhenEnded(events: readonly WireEvent[], at: Instant): readonly WireEvent[] {
    const isOver = sides.every((side) => this.#streams[side].hasEnded)
    return isOver ? this.#close([...events, { kind: 'closed', at }]) : events
  }

  #close(events: readonly WireEvent[]): readonly WireEvent[] {
    this.#phase = 'closed'
    return events
  }
}

const sides = ['initiator', 'acceptor'] as const

function dataOfSyn(segment: Segment): Segment {
  return { ...segment, sequence: after(segment.sequence, 1), isSyn: false }
}
