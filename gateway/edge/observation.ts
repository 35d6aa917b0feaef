import type { EdgeHealth, LogWriter } from '../model/entry.ts'
import type { Exchange } from '../model/exchange.ts'
import type { Protocol } from '../model/frame.ts'
import type { Interface } from '../model/interface.ts'
import type { Logger } from '../model/logger.ts'
import type { Clock, Instant, Millis } from '../model/time.ts'
import type { WireEvent } from '../model/wire.ts'
import type { EdgeLimits } from './limits.ts'
import { createObserver, type Observer } from './observe.ts'
import { Outlet } from './outlet.ts'
import { type Level, Shedding } from './shed.ts'
import { Tally } from './tally.ts'
import type { ForwardingHealth, Opening } from './witness.ts'

/** What an edge's observation is made of. */
export interface ObservationOptions {
  readonly protocols: readonly Protocol[]
  readonly log: LogWriter
  readonly clock: Clock
  readonly limits: EdgeLimits
  readonly logger: Logger
  readonly edgeId: string
}

interface Carried {
  readonly id: string
  readonly watch: number
  readonly observer: Observer
  readonly copiesBodies: boolean
}

/**
 * Observes all connections of an edge: hands every event to its interface's observer, and the exchanges to the log. Sheds when memory or
 * the log's queue fill up. There is one, whether it is fed in the forwarding thread or across a ring. Never throws, never waits.
 */
export class Observation {
  readonly #options: ObservationOptions
  readonly #outlet: Outlet
  readonly #dropped = new Tally()
  readonly #shedding = new Shedding()
  readonly #interfaces = new Map<number, Interface>()
  readonly #observers = new Map<number, Observer>()
  readonly #carried = new Map<number, Carried>()
  readonly #nextExchangeId: () => string
  #exchangeCount = 0
  #lagMsMax: Millis = 0
  /** The newest time that was told: entries carry it, so that the log's times go on however late they are observed. */
  #now: Instant = Number.NEGATIVE_INFINITY
  #seenBytes = 0
  /** Seen bytes after which memory is looked at again, between the ticks. */
  #assessAtBytes = 0

  constructor(options: ObservationOptions) {
    this.#options = options
    const { clock, limits, logger, log, edgeId } = options
    this.#outlet = new Outlet({ log, clock, limits, dropped: this.#dropped, logger })
    const life = Math.floor(clock.now()).toString(36)
    let exchangeNumber = 0
    this.#nextExchangeId = () => `${edgeId}-${life}-${++exchangeNumber}`
  }

  get level(): Level {
    return this.#shedding.level
  }

  /** Memory that observation takes now: open exchanges, frames that are being read, and entries that wait for the log. */
  get heldBytes(): number {
    return this.#observersBytes() + this.#outlet.heldBytes
  }

  /** Exchanges that are open and entries that wait: what the memory of this thread alone holds. */
  get inMemory(): number {
    let count = this.#outlet.queuedCount
    for (const observer of this.#observers.values()) count += observer.openCount
    return count
  }

  watch(watch: number, iface: Interface): void {
    this.#interfaces.set(watch, iface)
  }

  open(connection: number, watch: number, opening: Opening): void {
    const observer = this.#observers.get(watch) ?? this.#newObserver(watch)
    if (observer === null) return
    const carried = { id: `c${connection}`, watch, observer, copiesBodies: observer.copiesBodies }
    this.#carried.set(connection, carried)
    this.#see(carried, opening)
  }

  /** Whether what is seen of that connection may be memory that is used again afterwards. */
  copiesBodies(connection: number): boolean {
    return this.#carried.get(connection)?.copiesBodies === true
  }

  see(connection: number, event: WireEvent): void {
    const carried = this.#carried.get(connection)
    if (carried === undefined) return
    if (event.kind === 'closed' || event.kind === 'refused') this.#carried.delete(connection)
    this.#see(carried, event)
    if (event.kind !== 'bytes') return
    this.#seenBytes += event.bytes.byteLength
    if (this.#seenBytes >= this.#assessAtBytes) this.#assess()
  }

  /** Lets observers decide what time decides, and logs a tick with what both sides know of the edge's health. */
  tick(told: ForwardingHealth): void {
    this.#pass(told.at)
    for (const observer of this.#observers.values()) this.#observed(observer.see('', { kind: 'tick', at: told.at }))
    this.#forget(told.watches)
    this.#assess()
    this.#addTick(told)
  }

  /** Ends what is open. Resolves when all that was seen is kept, or dropped and counted. */
  async finish(told: ForwardingHealth): Promise<void> {
    this.#pass(told.at)
    for (const observer of this.#observers.values()) this.#observed(observer.finish(told.at))
    this.#carried.clear()
    this.#addTick(told)
    await this.#outlet.flush()
  }

  #see(carried: Carried, event: WireEvent): void {
    this.#pass(event.at)
    const exchanges = carried.observer.see(carried.id, event)
    if (exchanges.length > 0) this.#observed(exchanges)
  }

  #pass(at: Instant): void {
    // A clock that was set back by much is followed.
    if (at > this.#now || this.#now - at > setBackMs) this.#now = at
  }

  #observed(exchanges: readonly Exchange[]): void {
    if (exchanges.length === 0) return
    this.#exchangeCount += exchanges.length
    if (this.#shedding.level === 'counters' || this.#shedding.level === 'none') {
      this.#dropped.add('shed-exchanges', exchanges.length)
      return
    }
    // An entry's time is when its exchange was known to have ended: so the log's times go on, whatever ended after a long wait.
    for (const exchange of exchanges) this.#outlet.add({ kind: 'exchange', at: this.#now, exchange })
  }

  #newObserver(watch: number): Observer | null {
    const { protocols, limits } = this.#options
    const iface = this.#interfaces.get(watch)
    const protocol = protocols.find(({ name }) => name === iface?.protocol)
    if (iface === undefined || protocol === undefined) return null
    const observer = createObserver({
      iface,
      protocol,
      limits: limits.observer,
      dropped: (reason, count) => this.#dropped.add(reason, count),
      nextId: this.#nextExchangeId,
    })
    observer.cover(this.#shedding.level)
    this.#observers.set(watch, observer)
    return observer
  }

  /** Observers of before a reload stay while they watch a connection or have an exchange open. */
  #forget(watches: readonly number[]): void {
    const wanted = new Set(watches)
    for (const { watch } of this.#carried.values()) wanted.add(watch)
    for (const watch of this.#interfaces.keys()) {
      // One that is told ahead of its first tick is newer than all that the tick names.
      if (wanted.has(watch) || watch > Math.max(...watches, 0) || (this.#observers.get(watch)?.openCount ?? 0) > 0) continue
      this.#observers.delete(watch)
      this.#interfaces.delete(watch)
    }
  }

  /** Looks at memory and at the log's queue, and observes as much as they allow. */
  #assess(): void {
    const { limits, logger } = this.#options
    this.#assessAtBytes = this.#seenBytes + limits.heldBytesMax / 64
    const before = this.#shedding.level
    const pressure = Math.max(this.#observersBytes() / limits.heldBytesMax, this.#outlet.pressure)
    const level = this.#shedding.assess(pressure, this.#now)
    if (level === before) return
    logger.warn({ level }, 'the edge observes more or less than before')
    for (const observer of this.#observers.values()) observer.cover(level)
  }

  #addTick({ at, health }: ForwardingHealth): void {
    const dropped = { ...health.dropped }
    for (const [reason, count] of Object.entries(this.#dropped.take())) dropped[reason] = (dropped[reason] ?? 0) + count
    const whole: EdgeHealth = {
      ...health,
      heldBytes: this.heldBytes,
      exchanges: this.#exchangeCount,
      dropped,
      observationLagMsMax: this.#lagMsMax,
    }
    this.#exchangeCount = 0
    this.#lagMsMax = 0
    this.#seenBytes = 0
    this.#assessAtBytes = this.#options.limits.heldBytesMax / 64
    this.#outlet.add({ kind: 'tick', at, health: whole })
  }

  /** Something that happened at `at` is observed only now. */
  late(at: Instant): void {
    this.#lagMsMax = Math.max(this.#lagMsMax, this.#options.clock.now() - at)
  }

  #observersBytes(): number {
    let bytes = 0
    for (const observer of this.#observers.values()) bytes += observer.heldBytes
    return bytes
  }
}

const setBackMs = 1_000
