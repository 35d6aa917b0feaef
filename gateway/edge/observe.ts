import type { Coverage, Exchange, Outcome } from '../model/exchange.ts'
import {
  type Decoder,
  type DecoderLimits,
  type Frame,
  otherSide,
  type Protocol,
  ProtocolError,
  type Side,
} from '../model/frame.ts'
import type { Interface } from '../model/interface.ts'
import type { Instant, Millis } from '../model/time.ts'
import type { WireEvent } from '../model/wire.ts'
import type { PairedConnection } from './open.ts'
import { Pairing } from './pair.ts'
import { defaultPairingOptions, type PairingOptions, pairingOptionsOf } from './pairing-options.ts'

/** How much one interface's observation may take. */
export interface ObserverLimits extends DecoderLimits {
  /** Open exchanges of one connection. */
  readonly openExchangesMax: number
  /** Bodies that the open exchanges of one connection keep; beyond, bodies are left out. */
  readonly connectionBytesMax: number
  /** Request ids that are remembered of the interface. */
  readonly idsRememberedMax: number
  /** While coverage is `sampled`, the bodies of one exchange in so many are kept. */
  readonly sampleEvery: number
}

export const defaultObserverLimits: ObserverLimits = {
  bodyBytesMax: 1_048_576,
  frameBytesMax: 67_108_864,
  openExchangesMax: defaultPairingOptions.openExchangesMax,
  connectionBytesMax: defaultPairingOptions.connectionBytesMax,
  idsRememberedMax: defaultPairingOptions.idsRememberedMax,
  sampleEvery: 10,
}

/** What an observer is made of. */
export interface ObserverOptions {
  readonly iface: Interface
  readonly protocol: Protocol
  readonly limits: ObserverLimits
  readonly nextId: () => string
  /**
   * Told what is left out: `unreadable` (connections), `open-overflow` and `connection-bytes` (exchanges ended early, bodies left
   * out), `shed-bodies` and `shed-open` (by `cover`). Left out where nobody counts.
   */
  readonly dropped?: (reason: string, count: number) => void
}

/**
 * Turns what happens on one interface's connections into exchanges. It can't tell a proxy from a capture. Deterministic: the
 * same events give the same exchanges, at the latest with the first event after each deadline. Never throws.
 */
export interface Observer {
  /** Tells one event. A `tick` concerns all connections, whatever its connection id. Bytes are not kept beyond the call, but bodies may be views of them: a caller that reuses the memory passes a copy. */
  see(connectionId: string, event: WireEvent): readonly Exchange[]
  /** Nothing more will be told: ends what is open. */
  finish(at: Instant): readonly Exchange[]
  /** Observes this much from now on; `none`: nothing until it is raised again. */
  cover(coverage: Coverage | 'none'): void
  readonly heldBytes: number
  /** Exchanges whose end isn't known. */
  readonly openCount: number
}

interface Watched {
  readonly paired: PairedConnection
  /** Null: not observed now, or unreadable for good. */
  decoder: Decoder | null
  isUnreadable: boolean
  readonly initiator: Direction
  readonly acceptor: Direction
}

interface Direction {
  lastByteAt: Instant
  /** Silence on the connection before the frame that is being read; null: it is the first. */
  idleBeforeMs: Millis | null
  /** When a frame that was begun is taken as it stands, if no byte comes. */
  stuckAt: Instant
  unseenBytes: number
  hasEnded: boolean
}

export function createObserver(options: ObserverOptions): Observer {
  return new WireObserver(options)
}

class WireObserver implements Observer {
  readonly #iface: Interface
  readonly #protocol: Protocol
  readonly #limits: ObserverLimits
  readonly #pairingOptions: PairingOptions
  readonly #pairing: Pairing
  readonly #watched = new Map<string, Watched>()
  /** Connections with a frame that was begun. */
  readonly #unfinished = new Set<Watched>()
  /** No unfinished frame is stuck before this. */
  #nextStuckAt: Instant = Number.POSITIVE_INFINITY
  #coverage: Coverage | 'none' = 'full'
  #sampled = 0
  readonly #dropped: (reason: string, count: number) => void

  constructor(options: ObserverOptions) {
    this.#iface = options.iface
    this.#protocol = options.protocol
    this.#limits = options.limits
    this.#dropped = options.dropped ?? (() => {})
    this.#pairingOptions = pairingOptionsOf(options.iface, options.limits)
    const coverage = (): Coverage => (this.#coverage === 'none' ? 'counters' : this.#coverage)
    this.#pairing = new Pairing({
      interfaceId: options.iface.id,
      options: this.#pairingOptions,
      nextId: options.nextId,
      dropped: this.#dropped,
      keeping: {
        get coverage() {
          return coverage()
        },
        keepsBodies: (outcome) => this.#keepsBodies(outcome),
      },
    })
  }

  get heldBytes(): number {
    let bytes = this.#pairing.heldBytes
    for (const watched of this.#unfinished) bytes += watched.decoder?.heldBytes ?? 0
    return bytes
  }

  get openCount(): number {
    return this.#pairing.openCount
  }

  see(connectionId: string, event: WireEvent): readonly Exchange[] {
    const due = event.at >= this.#nextStuckAt || event.at >= this.#pairing.nextDeadlineAt ? this.#passTime(event.at) : nothing
    if (event.kind === 'tick') return due
    const seen = this.#guarded(connectionId, event)
    return due.length === 0 ? seen : [...due, ...seen]
  }

  finish(at: Instant): readonly Exchange[] {
    const ended = [...this.#passTime(at)]
    for (const watched of this.#watched.values()) {
      for (const side of sides) ended.push(...this.#endDirection(watched, side, 'timeout', at))
    }
    this.#watched.clear()
    this.#unfinished.clear()
    return [...ended, ...this.#pairing.finish()]
  }

  cover(coverage: Coverage | 'none'): void {
    if (coverage === this.#coverage) return
    const before = this.#coverage
    this.#coverage = coverage
    if (coverage === 'none') this.#stopReading()
    else if (before === 'none') this.#readAgain()
  }

  #guarded(connectionId: string, event: Exclude<WireEvent, { kind: 'tick' }>): readonly Exchange[] {
    try {
      return this.#tell(connectionId, event)
    } catch (error) {
      const watched = this.#watched.get(connectionId)
      return watched === undefined ? nothing : this.#giveUp(watched, error)
    }
  }

  /** A border: a decoder's ProtocolError is expected, anything else is a bug of ours. Either costs sight of this connection and no more. */
  #giveUp(watched: Watched, error: unknown): readonly Exchange[] {
    if (watched.isUnreadable) return nothing
    watched.isUnreadable = true
    watched.decoder = null
    for (const side of sides) watched[side].stuckAt = Number.POSITIVE_INFINITY
    this.#unfinished.delete(watched)
    this.#dropped('unreadable', 1)
    return this.#pairing.unreadable(watched.paired, error instanceof ProtocolError ? error.code : 'OBSERVER_BUG')
  }

  #tell(connectionId: string, event: Exclude<WireEvent, { kind: 'tick' }>): readonly Exchange[] {
    if (event.kind === 'open') {
      const { initiator, acceptor, at } = event
      this.#watch(this.#pairing.open({ id: connectionId, initiator, acceptor, openedAt: at }))
      return nothing
    }
    const watched = this.#watched.get(connectionId) ?? this.#strange(connectionId, event.at)
    switch (event.kind) {
      case 'connected':
        if (event.midStream === true) watched.paired.gapBytes = 0
        else watched.paired.connectMs = Math.max(0, event.at - watched.paired.openedAt)
        return nothing
      case 'refused':
        this.#forget(connectionId, watched)
        return [this.#pairing.refused(watched.paired, event.how, event.at)]
      case 'bytes':
        return this.#bytes(watched, event.from, event.bytes, event.at)
      case 'gap':
        return this.#gap(watched, event.from, event.byteCount, event.at)
      case 'end':
        return this.#end(watched, event)
      case 'closed': {
        const ended = sides.flatMap((side) => this.#endDirection(watched, side, 'fin', event.at))
        this.#forget(connectionId, watched)
        return [...ended, ...this.#pairing.closed(watched.paired)]
      }
      default:
        return event satisfies never
    }
  }

  #watch(paired: PairedConnection): Watched {
    const direction = (): Direction => ({
      lastByteAt: paired.openedAt,
      idleBeforeMs: null,
      stuckAt: Number.POSITIVE_INFINITY,
      unseenBytes: 0,
      hasEnded: false,
    })
    const decoder = this.#coverage === 'none' ? null : this.#decoder()
    const watched = { paired, decoder, isUnreadable: false, initiator: direction(), acceptor: direction() }
    this.#watched.set(paired.id, watched)
    return watched
  }

  /** A connection whose opening was never told: its story begins in the middle. */
  #strange(connectionId: string, at: Instant): Watched {
    const watched = this.#watch(this.#pairing.open({ id: connectionId, initiator: '', acceptor: '', openedAt: at }))
    watched.paired.gapBytes = 0
    return watched
  }

  #bytes(watched: Watched, from: Side, bytes: Uint8Array, at: Instant): readonly Exchange[] {
    const direction = watched[from]
    const { paired, decoder } = watched
    if (decoder === null) {
      if (!watched.isUnreadable) direction.unseenBytes += bytes.byteLength
      paired.lastByteAt = at
      return nothing
    }
    if (direction.stuckAt === Number.POSITIVE_INFINITY) {
      direction.idleBeforeMs = paired.lastByteAt === null ? null : Math.max(0, at - paired.lastByteAt)
    }
    paired.lastByteAt = at
    direction.lastByteAt = at
    const frames = decoder.push(from, bytes, at)
    const ended = frames.length === 0 ? nothing : this.#pair(watched, frames)
    this.#await(watched, decoder, from)
    if (frames.length > 0) {
      const other = otherSide(from)
      // The other direction's last frame may have waited for just this.
      if (watched[other].stuckAt !== Number.POSITIVE_INFINITY) this.#await(watched, decoder, other)
    }
    return ended
  }

  #pair(watched: Watched, frames: readonly Frame[]): readonly Exchange[] {
    if (frames.length === 1 && frames[0] !== undefined) return this.#pairOne(watched, frames[0])
    return frames.flatMap((frame) => this.#pairOne(watched, frame))
  }

  #pairOne(watched: Watched, frame: Frame): readonly Exchange[] {
    const direction = watched[frame.from]
    const idleMs = direction.idleBeforeMs
    // What follows in the same bytes follows without a silence.
    direction.idleBeforeMs = 0
    const kept = this.#coverage === 'headers' || this.#coverage === 'counters' ? { ...frame, body: noBytes } : frame
    return this.#pairing.frame(watched.paired, kept, idleMs)
  }

  /** Notes by when a frame that was begun must go on. */
  #await(watched: Watched, decoder: Decoder, from: Side): void {
    const direction = watched[from]
    const pending = decoder.pending(from)
    if (pending === null) {
      if (direction.stuckAt === Number.POSITIVE_INFINITY) return
      direction.stuckAt = Number.POSITIVE_INFINITY
      if (watched[otherSide(from)].stuckAt === Number.POSITIVE_INFINITY) this.#unfinished.delete(watched)
      return
    }
    direction.stuckAt = direction.lastByteAt + (pending.quietMs ?? this.#pairingOptions.stuckMs)
    this.#unfinished.add(watched)
    if (direction.stuckAt < this.#nextStuckAt) this.#nextStuckAt = direction.stuckAt
  }

  /** Decides, in their order, what time decides up to `at`. */
  #passTime(at: Instant): readonly Exchange[] {
    const ended: Exchange[] = []
    while (at >= this.#nextStuckAt) {
      const stuckAt = this.#nextStuckAt
      ended.push(...this.#pairing.expire(stuckAt))
      this.#nextStuckAt = Number.POSITIVE_INFINITY
      for (const watched of this.#unfinished) {
        for (const side of sides) {
          if (watched[side].stuckAt <= stuckAt) ended.push(...this.#endDirection(watched, side, 'timeout', stuckAt))
          if (watched[side].stuckAt < this.#nextStuckAt) this.#nextStuckAt = watched[side].stuckAt
        }
      }
    }
    return ended.concat(this.#pairing.expire(at))
  }

  #gap(watched: Watched, from: Side, byteCount: number, at: Instant): readonly Exchange[] {
    const frames = watched.decoder?.gap(from, byteCount, at) ?? []
    const ended = this.#pair(watched, frames)
    this.#pairing.gap(watched.paired, from, byteCount)
    if (watched.decoder !== null) this.#await(watched, watched.decoder, from)
    return ended
  }

  #end(watched: Watched, event: Extract<WireEvent, { kind: 'end' }>): readonly Exchange[] {
    if (watched[event.from].hasEnded && event.how !== 'rst') return nothing
    // After a reset nothing more comes from either side.
    const over = event.how === 'rst' ? sides : [event.from]
    const broken = over.flatMap((side) =>
      watched[side].hasEnded ? [] : this.#endDirection(watched, side, event.how, event.at),
    )
    for (const side of over) watched[side].hasEnded = true
    return [...broken, ...this.#pairing.ended(watched.paired, { by: event.from, how: event.how, at: event.at })]
  }

  /** Takes what that side has begun as it stands. */
  #endDirection(watched: Watched, side: Side, how: 'fin' | 'rst' | 'timeout', at: Instant): readonly Exchange[] {
    if (watched.decoder === null || watched[side].hasEnded) return nothing
    try {
      const ended = this.#pair(watched, watched.decoder.end(side, how, at))
      this.#await(watched, watched.decoder, side)
      return ended
    } catch (error) {
      // Time passes for all connections at once: a decoder that fails here must not cost the others.
      return this.#giveUp(watched, error)
    }
  }

  #forget(connectionId: string, watched: Watched): void {
    this.#watched.delete(connectionId)
    this.#unfinished.delete(watched)
  }

  #decoder(): Decoder {
    return this.#protocol.decoder(this.#iface.options, this.#limits)
  }

  #keepsBodies(outcome: Outcome): boolean {
    switch (this.#coverage) {
      case 'full':
        return true
      case 'sampled': {
        if (outcome !== 'answered' && outcome !== 'one-way') return true
        this.#sampled = (this.#sampled + 1) % this.#limits.sampleEvery
        if (this.#sampled === 0) return true
        this.#dropped('shed-bodies', 1)
        return false
      }
      case 'headers':
        this.#dropped('shed-bodies', 1)
        return false
      case 'counters':
      case 'none':
        return false
      default:
        return this.#coverage satisfies never
    }
  }

  /** Lets go of everything that is half seen: whether it was answered won't be known, and saying that it wasn't would be a lie. */
  #stopReading(): void {
    for (const watched of this.#watched.values()) watched.decoder = null
    this.#unfinished.clear()
    this.#nextStuckAt = Number.POSITIVE_INFINITY
    this.#dropped('shed-open', this.#pairing.finish().length)
  }

  /** Goes on with every connection as after lost bytes. */
  #readAgain(): void {
    for (const watched of this.#watched.values()) {
      if (watched.isUnreadable) continue
      watched.decoder = this.#decoder()
      for (const side of sides) {
        const direction = watched[side]
        direction.stuckAt = Number.POSITIVE_INFINITY
        watched.decoder.gap(side, direction.unseenBytes, direction.lastByteAt)
        this.#pairing.gap(watched.paired, side, direction.unseenBytes)
        direction.unseenBytes = 0
      }
    }
  }
}

const sides = ['initiator', 'acceptor'] as const
const nothing: readonly Exchange[] = []
const noBytes = new Uint8Array(0)
