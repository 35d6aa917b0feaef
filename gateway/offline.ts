import { createObserver, defaultObserverLimits, type Observer } from './edge/observe.ts'
import { type Entry, type LoggedEntry, madePosition, quietHealth } from './model/entry.ts'
import type { Exchange } from './model/exchange.ts'
import type { Protocol } from './model/frame.ts'
import type { Catalogue } from './model/interface.ts'
import type { Measurement } from './model/measurement.ts'
import type { Instant } from './model/time.ts'
import type { WireEvent } from './model/wire.ts'

/** One wire event of one interface, as a capture or a message folder tells it. */
export interface InterfaceEvent {
  readonly interfaceId: string
  readonly connectionId: string
  readonly event: WireEvent
  /** What the input itself counted beside it. */
  readonly measurement?: Measurement
}

/** Turns wire events of an input into the entries that a live edge would have logged, ticks included. */
export interface OfflineEdge {
  see(event: InterfaceEvent): readonly LoggedEntry[]
  /** The input is over: ends what is open. */
  finish(): readonly LoggedEntry[]
}

const tickMs = 1_000
/** A pause in the input makes no more ticks than this: time then jumps. */
const ticksPerPauseMax = 7_200

/**
 * An edge without sockets, in the input's own time: observers see, ticks pass with event time. `name` begins the ids of exchanges, so that
 * the same input gives the same ids.
 */
export function createOfflineEdge(options: OfflineEdgeOptions): OfflineEdge {
  return new EventTimeEdge(options)
}

export interface OfflineEdgeOptions {
  readonly catalogue: Catalogue
  readonly protocols: readonly Protocol[]
  readonly name: string
}

class EventTimeEdge implements OfflineEdge {
  readonly #observers = new Map<string, Observer>()
  readonly #open = new Map<string, Set<string>>()
  #exchangeCount = 0
  #entryCount = 0
  #exchangesSinceTick = 0
  #now: Instant = Number.NEGATIVE_INFINITY
  #lastTickAt: Instant = Number.NEGATIVE_INFINITY

  constructor({ catalogue, protocols, name }: OfflineEdgeOptions) {
    const nextId = () => {
      this.#exchangeCount += 1
      return `${name}-${this.#exchangeCount}`
    }
    for (const iface of catalogue.interfaces) {
      const protocol = protocols.find((p) => p.name === iface.protocol)
      if (!protocol) continue
      this.#observers.set(iface.id, createObserver({ iface, protocol, limits: defaultObserverLimits, nextId }))
      this.#open.set(iface.id, new Set())
    }
  }

  see({ interfaceId, connectionId, event, measurement }: InterfaceEvent): readonly LoggedEntry[] {
    // A source's own ticks end what timed out. They go on after its last packet, when nothing could be seen: no time to think about.
    const isTick = event.kind === 'tick'
    const passed = isTick ? [] : this.#passTime(event.at)
    if (!isTick) this.#now = Math.max(this.#now, event.at)
    if (event.kind === 'connected') this.#open.get(interfaceId)?.add(connectionId)
    if (event.kind === 'closed') this.#open.get(interfaceId)?.delete(connectionId)
    const exchanges = this.#observers.get(interfaceId)?.see(connectionId, event) ?? []
    const logged = [...passed, ...exchanges.map((exchange) => this.#exchange(exchange))]
    if (measurement !== undefined) logged.push(this.#logged({ kind: 'measurement', at: this.#now, measurement }))
    return logged
  }

  finish(): readonly LoggedEntry[] {
    if (this.#now === Number.NEGATIVE_INFINITY) return []
    const ended = [...this.#observers.values()].flatMap((observer) => observer.finish(this.#now))
    return [...ended.map((exchange) => this.#exchange(exchange)), this.#tick(this.#now)]
  }

  #passTime(at: Instant): readonly LoggedEntry[] {
    if (this.#lastTickAt === Number.NEGATIVE_INFINITY) this.#lastTickAt = at
    this.#lastTickAt = Math.max(this.#lastTickAt, at - tickMs * ticksPerPauseMax)
    const entries: LoggedEntry[] = []
    while (this.#lastTickAt + tickMs <= at) {
      this.#lastTickAt += tickMs
      this.#now = Math.max(this.#now, this.#lastTickAt)
      for (const observer of this.#observers.values()) {
        const ended = observer.see('', { kind: 'tick', at: this.#lastTickAt })
        entries.push(...ended.map((exchange) => this.#exchange(exchange)))
      }
      entries.push(this.#tick(this.#lastTickAt))
    }
    return entries
  }

  #exchange(exchange: Exchange): LoggedEntry {
    this.#exchangesSinceTick += 1
    return this.#logged({ kind: 'exchange', at: this.#now, exchange })
  }

  #tick(at: Instant): LoggedEntry {
    const listening = Object.fromEntries([...this.#open].map(([id, open]) => [id, open.size]))
    const health = { ...quietHealth, edgeId: 'offline', exchanges: this.#exchangesSinceTick, listening }
    this.#exchangesSinceTick = 0
    return this.#logged({ kind: 'tick', at, health })
  }

  #logged(entry: Entry): LoggedEntry {
    this.#entryCount += 1
    return { position: madePosition(this.#entryCount), entry }
  }
}
