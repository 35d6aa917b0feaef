import type { Coverage, Exchange, Outcome } from '../model/exchange.ts'
import { type Decoder, type DecoderLimits, type Frame, type Protocol, ProtocolError } from '../model/frame.ts'
import type { Interface } from '../model/interface.ts'
import type { Instant } from '../model/time.ts'
import type { WireEvent } from '../model/wire.ts'
import { openConnection, type PairedConnection, withoutBody } from './open.ts'
import { Pairing } from './pair.ts'
import { defaultPairingOptions, type PairingOptions, pairingOptionsOf } from './pairing-options.ts'
import { sides, Watched } from './watch.ts'

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
  /** It keeps none of the memory that it is shown. */
  readonly copiesBodies: boolean
  /** Nothing more will be told: ends what is open. */
  finish(at: Instant): readonly Exchange[]
  /** Observes this much from now on; `none`: nothing until it is raised again. */
  cover(coverage: Coverage | 'none'): void
  readonly heldBytes: number
  /** Exchanges whose end isn't known. */
  readonly openCount: number
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
    this.#pairing = new Pairing({
      interfaceId: options.iface.id,
      options: this.#pairingOptions,
      nextId: options.nextId,
      dropped: this.#dropped,
      keeping: {
        coverage: () => (this.#coverage === 'none' ? 'counters' : this.#coverage),
        keepsBodies: (outcome) => this.#keepsBodies(outcome),
      },
    })
  }

  get copiesBodies(): boolean {
    return this.#protocol.copiesBodies === true
  }

  get heldBytes(): number {
    let bytes = this.#pairing.heldBytes
    for (const watched of this.#unfinished) bytes += watched.heldBytes
    return bytes
  }

  get openCount(): number {
    return this.#pairing.openCount
  }

  see(connectionId: string, event: WireEvent): readonly Exchange[] {
    const due = event.at >= this.#nextStuckAt || event.at >= this.#pairing.nextDeadlineAt ? this.#passTime(event.at) : nothing
    if (event.kind === 'tick') return due
    return due.length === 0 ? this.#seen(connectionId, event) : [...due, ...this.#seen(connectionId, event)]
  }

  finish(at: Instant): readonly Exchange[] {
    const ended = [...this.#passTime(at)]
    for (const watched of this.#watched.values()) {
      ended.push(
        ...this.#guarded(watched, () => sides.flatMap((side) => this.#pair(watched, watched.end(side, 'timeout', at)))),
      )
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

  #seen(connectionId: string, event: Exclude<WireEvent, { kind: 'tick' }>): readonly Exchange[] {
    try {
      return this.#tell(connectionId, event)
    } catch (error) {
      return this.#giveUp(this.#watched.get(connectionId), error)
    }
  }

  #guarded(watched: Watched, tell: () => readonly Exchange[]): readonly Exchange[] {
    try {
      return tell()
    } catch (error) {
      return this.#giveUp(watched, error)
    }
  }

  /** A border: a decoder's ProtocolError is expected, anything else is a bug of ours. Either costs sight of this connection and no more. */
  #giveUp(watched: Watched | undefined, error: unknown): readonly Exchange[] {
    if (watched === undefined || watched.isUnreadable) return nothing
    watched.stop(true)
    this.#unfinished.delete(watched)
    this.#dropped('unreadable', 1)
    return this.#pairing.unreadable(watched.paired, error instanceof ProtocolError ? error.code : 'OBSERVER_BUG')
  }

  #tell(connectionId: string, event: Exclude<WireEvent, { kind: 'tick' }>): readonly Exchange[] {
    if (event.kind === 'open') {
      const { initiator, acceptor, at } = event
      this.#watch(openConnection({ id: connectionId, initiator, acceptor, openedAt: at }))
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
        return this.#pair(watched, watched.push(event.from, event.bytes, event.at))
      case 'gap': {
        const ended = this.#pair(watched, watched.gap(event.from, event.byteCount, event.at))
        this.#pairing.gap(watched.paired, event.from, event.byteCount)
        return ended
      }
      case 'end':
        return this.#end(watched, event)
      case 'closed': {
        const ended = sides.flatMap((side) => this.#pair(watched, watched.end(side, 'fin', event.at)))
        this.#forget(connectionId, watched)
        return [...ended, ...this.#pairing.closed(watched.paired)]
      }
      default:
        return event satisfies never
    }
  }

  #watch(paired: PairedConnection): Watched {
    const watched = new Watched(paired, this.#coverage === 'none' ? null : this.#decoder(), this.#pairingOptions.stuckMs)
    this.#watched.set(paired.id, watched)
    return watched
  }

  /** A connection whose opening was never told: its story begins in the middle. */
  #strange(connectionId: string, at: Instant): Watched {
    const watched = this.#watch(openConnection({ id: connectionId, initiator: '', acceptor: '', openedAt: at }))
    watched.paired.gapBytes = 0
    return watched
  }

  #pair(watched: Watched, frames: readonly Frame[]): readonly Exchange[] {
    const { stuckAt } = watched
    if (stuckAt === Number.POSITIVE_INFINITY) this.#unfinished.delete(watched)
    else this.#unfinished.add(watched)
    if (stuckAt < this.#nextStuckAt) this.#nextStuckAt = stuckAt
    if (frames.length === 0) return nothing
    const keeps = this.#coverage === 'full' || this.#coverage === 'sampled'
    let ended = nothing
    for (const frame of frames) {
      const more = this.#pairing.frame(watched.paired, keeps ? frame : withoutBody(frame), watched.takeIdleMs(frame.from))
      if (more.length > 0) ended = ended.length === 0 ? more : [...ended, ...more]
    }
    return ended
  }

  /** Decides, in their order, what time decides up to `at`. */
  #passTime(at: Instant): readonly Exchange[] {
    const ended: Exchange[] = []
    while (at >= this.#nextStuckAt) {
      const stuckAt = this.#nextStuckAt
      ended.push(...this.#pairing.expire(stuckAt))
      this.#nextStuckAt = Number.POSITIVE_INFINITY
      for (const watched of [...this.#unfinished]) {
        // Time passes for all connections at once: a decoder that fails here must not cost the others.
        ended.push(...this.#guarded(watched, () => this.#pair(watched, watched.takeStuck(stuckAt))))
      }
    }
    return ended.concat(this.#pairing.expire(at))
  }

  #end(watched: Watched, event: Extract<WireEvent, { kind: 'end' }>): readonly Exchange[] {
    if (watched.hasEnded(event.from) && event.how !== 'rst') return nothing
    // After a reset nothing more comes from either side.
    const over = event.how === 'rst' ? sides : [event.from]
    const broken = over.flatMap((side) => this.#pair(watched, watched.end(side, event.how, event.at)))
    for (const side of over) watched.setEnded(side)
    return [...broken, ...this.#pairing.ended(watched.paired, { by: event.from, how: event.how, at: event.at })]
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
    for (const watched of this.#watched.values()) watched.stop(false)
    this.#unfinished.clear()
    this.#nextStuckAt = Number.POSITIVE_INFINITY
    this.#dropped('shed-open', this.#pairing.finish().length)
  }

  /** Goes on with every connection as after lost bytes. */
  #readAgain(): void {
    for (const watched of this.#watched.values()) {
      if (watched.isUnreadable) continue
      const lost = watched.readAgain(this.#decoder())
      for (const side of sides) this.#pairing.gap(watched.paired, side, lost[side])
    }
  }
}

const nothing: readonly Exchange[] = []
