import type { Side } from '../../../gateway/model/frame.ts'
import type { Instant, Millis } from '../../../gateway/model/time.ts'
import type { WireEvent } from '../../../gateway/model/wire.ts'
import { type LinkCount, newLinkCount, noteRoundTrip } from './link-count.ts'

/** What of a segment one direction needs. */
export interface StreamSegment {
  readonly at: Instant
  readonly sequence: number
  readonly bytes: Buffer
  readonly missingBytes: number
  readonly isFin: boolean
}

/** One direction of a conversation: its bytes in their order, each once, and the holes that nothing will fill. */
export interface Stream {
  readonly hasEnded: boolean
  /** The first byte's number, unless something was seen already. */
  startAt(sequence: number): void
  see(segment: StreamSegment): readonly WireEvent[]
  /** The receiver has everything before `ack`. */
  acknowledge(ack: number, at: Instant): readonly WireEvent[]
  passTime(at: Instant): readonly WireEvent[]
  /** Tells what waits behind holes. */
  flush(at: Instant): readonly WireEvent[]
  /** Whether a reset with that number can be of this conversation (RFC 5961 3.2, more generous: taps lose packets). */
  mayReset(sequence: number): boolean
}

/** `sequence` plus `count`, as TCP counts: modulo 2^32. */
export function after(sequence: number, count: number): number {
  return (sequence + count) >>> 0
}

/** How far `sequence` is ahead of `other`; negative when it is behind. */
function ahead(sequence: number, other: number): number {
  return (sequence - other) | 0
}

interface Piece {
  readonly sequence: number
  readonly bytes: Buffer
  readonly missingBytes: number
}

export class StreamAssembly implements Stream {
  readonly #from: Side
  readonly #limits: { readonly ackedGapWaitMs: Millis; readonly gapWaitMs: Millis; readonly heldBytesMax: number }
  /** Number of the byte that comes next; null until something says it. */
  #next: number | null = null
  #acked: number | null = null
  #finAt: number | null = null
  #hasEnded = false
  /** In order of their numbers; where two cover the same bytes, the one that begins earlier stands, and of two that begin alike the first seen. */
  #held: Piece[] = []
  #heldBytes = 0
  #holeSinceAt: Instant | null = null
  readonly #link: () => LinkCount
  /** End of the newest bytes that were seen, and the last segments, to know one that comes again. */
  #highest: number | null = null
  readonly #recent: { readonly sequence: number; readonly at: Instant }[] = []
  /** A segment whose acknowledgment is waited for. */
  #timed: { readonly end: number; readonly at: Instant } | null = null
  /** Segments far from where the stream stands: several in a row mean that the tap was blind for long. */
  #strays: { end: number; count: number } | null = null

  constructor(
    from: Side,
    limits: { readonly ackedGapWaitMs: Millis; readonly gapWaitMs: Millis; readonly heldBytesMax: number },
    link: () => LinkCount = uncounted,
  ) {
    this.#from = from
    this.#limits = limits
    this.#link = link
  }

  get hasEnded(): boolean {
    return this.#hasEnded
  }

  startAt(sequence: number): void {
    this.#next ??= sequence
  }

  see(segment: StreamSegment): readonly WireEvent[] {
    const length = segment.bytes.length + segment.missingBytes
    if (this.#hasEnded || (length === 0 && !segment.isFin)) return []
    this.#next ??= segment.sequence
    if (this.#isStray(segment.sequence, length)) return []
    if (length > 0) this.#count(segment.sequence, length, segment.at)
    if (segment.isFin) this.#finAt = after(segment.sequence, length)
    if (length > 0) this.#hold({ sequence: segment.sequence, bytes: segment.bytes, missingBytes: segment.missingBytes })
    return this.#advance(segment.at)
  }

  acknowledge(ack: number, at: Instant): readonly WireEvent[] {
    if (this.#hasEnded) return []
    if (this.#next === null) {
      this.#next = ack
      return []
    }
    if (ahead(ack, this.#acked ?? this.#next) > 0) this.#acked = ack
    if (this.#timed !== null && ahead(ack, this.#timed.end) >= 0) {
      noteRoundTrip(this.#link(), Math.max(0, at - this.#timed.at))
      this.#timed = null
    }
    return this.#holeStart() === null ? [] : this.#advance(at)
  }

  passTime(at: Instant): readonly WireEvent[] {
    return this.#holeSinceAt === null ? [] : this.#advance(at)
  }

  flush(at: Instant): readonly WireEvent[] {
    const events: WireEvent[] = []
    for (let hole = this.#holeStart(); hole !== null; hole = this.#holeStart()) {
      this.#skipTo(hole, at, events)
      this.#drain(at, events)
    }
    return events
  }

  mayReset(sequence: number): boolean {
    if (this.#next === null) return true
    const distance = ahead(sequence, this.#next)
    return distance >= -resetBehindMax && distance <= strayBytes
  }

  /** Counts a segment with data, and whether the wire has carried it before. */
  #count(sequence: number, length: number, at: Instant): void {
    const end = after(sequence, length)
    const isNew = this.#highest === null || ahead(end, this.#highest) > 0
    // A tap that sees a packet twice, and a probe that keeps a connection alive (RFC 9293 3.8.4), are no retransmissions.
    const isTwice = this.#recent.some((other) => other.sequence === sequence && at - other.at < sameMsMax)
    const isProbe = length === 1 && end === this.#highest
    const isReordered = !isNew && this.#holeSinceAt !== null && at - this.#holeSinceAt < reorderedMsMax
    this.#recent.push({ sequence, at })
    if (this.#recent.length > recentMax) this.#recent.shift()
    if (isTwice || isProbe) return
    const link = this.#link()
    link.segments += 1
    if (isNew) {
      this.#highest = end
      this.#timed ??= { end, at }
      return
    }
    this.#timed = null
    if (!isReordered) link.resent += 1
  }

  #isStray(sequence: number, length: number): boolean {
    const next = this.#next ?? sequence
    const reference = this.#acked !== null && ahead(this.#acked, next) > 0 ? this.#acked : next
    if (ahead(sequence, reference) <= strayBytes && ahead(sequence, next) >= -strayBytes) {
      this.#strays = null
      return false
    }
    const goesOn = this.#strays?.end === sequence
    this.#strays = { end: after(sequence, length), count: goesOn ? (this.#strays?.count ?? 0) + 1 : 1 }
    if (this.#strays.count < straysMax || ahead(sequence, next) < 0) return true
    this.#strays = null
    return false
  }

  #hold(piece: Piece): void {
    const next = this.#next ?? piece.sequence
    if (ahead(pieceEnd(piece), next) <= 0) return
    const index = this.#held.findLastIndex((other) => ahead(piece.sequence, other.sequence) >= 0)
    this.#held.splice(index + 1, 0, piece)
    this.#heldBytes += piece.bytes.length
  }

  #advance(at: Instant): readonly WireEvent[] {
    const events: WireEvent[] = []
    this.#drain(at, events)
    for (let hole = this.#holeStart(); hole !== null; hole = this.#holeStart()) {
      this.#holeSinceAt ??= at
      const isAcked = this.#acked !== null && ahead(this.#acked, hole) >= 0
      const waitMs = isAcked ? this.#limits.ackedGapWaitMs : this.#limits.gapWaitMs
      if (at - this.#holeSinceAt < waitMs && this.#heldBytes <= this.#limits.heldBytesMax) return events
      this.#skipTo(hole, at, events)
      this.#drain(at, events)
    }
    this.#holeSinceAt = null
    return events
  }

  /** Where the hole after `next` ends; null when there is none. */
  #holeStart(): number | null {
    const next = this.#next
    if (next === null || this.#hasEnded) return null
    const first = this.#held[0]?.sequence ?? this.#finAt ?? this.#acked
    if (first === null || ahead(first, next) <= 0) return null
    return first
  }

  #skipTo(sequence: number, at: Instant, events: WireEvent[]): void {
    const next = this.#next ?? sequence
    events.push({ kind: 'gap', at, from: this.#from, byteCount: ahead(sequence, next) })
    this.#next = sequence
    this.#holeSinceAt = null
  }

  /** Tells what is next in order now. */
  #drain(at: Instant, events: WireEvent[]): void {
    const from = this.#from
    let next = this.#next
    if (next === null) return
    for (let piece = this.#held[0]; piece !== undefined && ahead(piece.sequence, next) <= 0; piece = this.#held[0]) {
      this.#held.shift()
      this.#heldBytes -= piece.bytes.length
      const seenBytes = ahead(next, piece.sequence)
      if (ahead(pieceEnd(piece), next) <= 0) continue
      const bytes = piece.bytes.subarray(seenBytes)
      if (bytes.length > 0) events.push({ kind: 'bytes', at, from, bytes })
      const missingBytes = piece.missingBytes - Math.max(0, seenBytes - piece.bytes.length)
      if (missingBytes > 0) events.push({ kind: 'gap', at, from, byteCount: missingBytes })
      next = pieceEnd(piece)
    }
    this.#next = next
    if (this.#finAt === null || this.#hasEnded || ahead(this.#finAt, next) > 0) return
    this.#hasEnded = true
    this.#held = []
    this.#heldBytes = 0
    events.push({ kind: 'end', at, from, how: 'fin' })
  }
}

/** Of one packet that a tap sees twice. A sender that times out waits 200 ms at least (RFC 6298 2.4 says a second). */
const sameMsMax: Millis = 2
/** Packets that overtake each other on the way. */
const reorderedMsMax: Millis = 3
const recentMax = 16

/** For a stream that nobody counts. */
const uncounted: () => LinkCount = newLinkCount

function pieceEnd(piece: Piece): number {
  return after(piece.sequence, piece.bytes.length + piece.missingBytes)
}

/** Farther away than any window in use: not of this stream, unless it goes on there. */
const strayBytes = 64 * 1024 * 1024
const straysMax = 3
const resetBehindMax = 1024 * 1024
