import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { EdgeHealth, LogWriter } from '../model/entry.ts'
import type { Exchange } from '../model/exchange.ts'
import { Failure } from '../model/failure.ts'
import { failure } from '../model/failures.ts'
import type { Protocol } from '../model/frame.ts'
import type { Catalogue } from '../model/interface.ts'
import type { Clock } from '../model/time.ts'
import type { EdgeLimits } from './limits.ts'
import { Listener, type Ready, readied, type Shared } from './listener.ts'
import type { Logger } from './logger.ts'
import { Outlet } from './outlet.ts'
import { Shedding } from './shed.ts'
import { Tally } from './tally.ts'

/** What an edge is made of. */
export interface EdgeOptions {
  readonly catalogue: Catalogue
  readonly protocols: readonly Protocol[]
  readonly log: LogWriter
  readonly clock: Clock
  readonly limits: EdgeLimits
  readonly logger: Logger
  readonly edgeId: string
  /** What the machine says of its clock, asked once a second. */
  readonly clockHealth: () => EdgeHealth['clock']
}

/** What an edge is doing now. */
export interface EdgeStats {
  readonly connections: number
  readonly heldBytes: number
  readonly level: string
  /** Port that each interface is listened for on. */
  readonly listening: { readonly [interfaceId: string]: number }
}

export interface RunningEdge {
  /**
   * Listens for another catalogue. No connection is dropped: interfaces that are the same keep their listener, others use the new
   * configuration for new connections. Resolves with what could not be done, an interface each; the rest is done.
   */
  reload(catalogue: Catalogue): Promise<readonly Failure[]>
  /** Accepts no more, waits for connections to end up to `drainMs`, breaks the rest off, and brings everything to the log (not closing it). */
  drain(): Promise<void>
  stats(): EdgeStats
}

const tickMs = 1_000
/** The event loop's delay is sampled by a timer of this length, which is part of what it measures. */
const loopSampleMs = 20

/**
 * Starts to listen for every interface with a proxy source. All or nothing: when one address can't be had, or TLS files can't be
 * read, none is listened on, and the Failure names all that is wrong (its code is the first one's).
 */
export async function startEdge(options: EdgeOptions): Promise<RunningEdge> {
  const edge = new Edge(options)
  const failures = await edge.reload(options.catalogue)
  const [first] = failures
  if (first === undefined) {
    edge.run()
    return edge
  }
  edge.stop()
  if (failures.length === 1) throw first
  throw new Failure({
    code: first.code,
    message: failures.map(({ message }) => message).join('; '),
    advice: first.advice,
    place: first.place,
  })
}

class Edge implements RunningEdge {
  readonly #options: EdgeOptions
  readonly #shared: Shared
  readonly #outlet: Outlet
  readonly #dropped = new Tally()
  readonly #shedding = new Shedding()
  readonly #listeners = new Map<string, Listener>()
  /** Listeners of interfaces that a reload took away, until their connections have ended. */
  readonly #leaving = new Set<Listener>()
  readonly #loopDelay = monitorEventLoopDelay({ resolution: loopSampleMs })
  #cancelTick: () => void = () => {}
  #exchangeCount = 0
  #forwardedBytes = 0
  /** Forwarded bytes after which memory is looked at again, between the ticks. */
  #assessAtBytes = 0

  constructor(options: EdgeOptions) {
    this.#options = options
    const { clock, limits, logger, log, edgeId } = options
    this.#outlet = new Outlet({ log, clock, limits, dropped: this.#dropped, logger })
    const life = Math.floor(clock.now()).toString(36)
    let exchangeNumber = 0
    let connectionNumber = 0
    this.#shared = {
      clock,
      limits,
      dropped: this.#dropped,
      nextExchangeId: () => `${edgeId}-${life}-${++exchangeNumber}`,
      nextConnectionId: () => `c${++connectionNumber}`,
      observed: (exchanges) => this.#observed(exchanges),
      forwarded: (byteCount) => this.#forwarded(byteCount),
      admit: () => this.#admit(),
    }
  }

  /** Begins to tick. */
  run(): void {
    this.#loopDelay.enable()
    this.#cancelTick = this.#options.clock.after(tickMs, () => this.#tick())
  }

  async reload(catalogue: Catalogue): Promise<readonly Failure[]> {
    const failures: Failure[] = []
    const wanted = this.#readied(catalogue, failures)
    for (const [id, listener] of this.#listeners) {
      const next = wanted.get(id)
      if (next === undefined && !catalogue.interfaces.some((iface) => iface.id === id && iface.sources.proxy !== null))
        this.#leave(id, listener)
      // An address that changes is given back first: another interface may take it.
      else if (next !== undefined && !isSameAddress(listener, next)) listener.stopListening()
    }
    for (const [id, ready] of wanted) {
      const known = this.#listeners.get(id)
      known?.change(ready)
      const listener = known ?? this.#newListener(id, ready)
      if (listener.isListening) continue
      try {
        await listener.listen()
      } catch (error) {
        if (!(error instanceof Failure)) throw error
        failures.push(error)
      }
    }
    for (const { code, message } of failures) this.#options.logger.error({ code }, message)
    return failures
  }

  async drain(): Promise<void> {
    const { clock, limits } = this.#options
    this.stop()
    const untilMs = clock.monotonic() + limits.drainMs
    while (this.#connections() > 0 && clock.monotonic() < untilMs) await pause(clock, 20)
    for (const listener of this.#all()) listener.finish(clock.now())
    this.#cancelTick()
    this.#loopDelay.disable()
    this.#addTick()
    const flushed = this.#outlet.flush()
    let cancel: () => void = () => {}
    const expired = new Promise<void>((resolve) => {
      cancel = clock.after(limits.drainMs, resolve)
    })
    await Promise.race([flushed, expired])
    cancel()
  }

  stats(): EdgeStats {
    return {
      connections: this.#connections(),
      heldBytes: this.#heldBytes(),
      level: this.#shedding.level,
      listening: Object.fromEntries([...this.#listeners].map(([id, listener]) => [id, listener.port])),
    }
  }

  /** Accepts no more. */
  stop(): void {
    for (const listener of this.#listeners.values()) listener.stopListening()
  }

  #readied(catalogue: Catalogue, failures: Failure[]): ReadonlyMap<string, Ready> {
    const wanted = new Map<string, Ready>()
    for (const iface of catalogue.interfaces) {
      const { proxy } = iface.sources
      if (proxy === null) continue
      try {
        wanted.set(iface.id, readied(iface, proxy, this.#protocol(iface.id, iface.protocol)))
      } catch (error) {
        if (!(error instanceof Failure)) throw error
        failures.push(error)
      }
    }
    return wanted
  }

  #protocol(interfaceId: string, name: string): Protocol {
    const { protocols } = this.#options
    const protocol = protocols.find((known) => known.name === name)
    if (protocol !== undefined) return protocol
    const names = protocols.map((known) => known.name).join(', ')
    throw failure('PROTOCOL_UNKNOWN', `interface ${interfaceId}: a proxy can't read the protocol ${name}, only ${names}`, {
      place: { key: `interfaces.${interfaceId}.protocol` },
    })
  }

  #newListener(id: string, ready: Ready): Listener {
    const listener = new Listener(ready, this.#shared)
    listener.cover(this.#shedding.level)
    this.#listeners.set(id, listener)
    return listener
  }

  #leave(id: string, listener: Listener): void {
    listener.stopListening()
    this.#listeners.delete(id)
    this.#leaving.add(listener)
  }

  #observed(exchanges: readonly Exchange[]): void {
    this.#exchangeCount += exchanges.length
    if (this.#shedding.level === 'counters' || this.#shedding.level === 'none') {
      this.#dropped.add('shed-exchanges', exchanges.length)
      return
    }
    // An entry's time is when its exchange was known to have ended: so the log's times go on, whatever ended after a long wait.
    const at = this.#options.clock.now()
    for (const exchange of exchanges) this.#outlet.add({ kind: 'exchange', at, exchange })
  }

  #forwarded(byteCount: number): void {
    this.#forwardedBytes += byteCount
    if (this.#forwardedBytes >= this.#assessAtBytes) this.#assess()
  }

  #admit(): boolean {
    if (this.#connections() < this.#options.limits.connectionsMax) return true
    this.#dropped.add('connection-limit', 1)
    return false
  }

  /** Looks at memory and at the log's queue, and observes as much as they allow. */
  #assess(): void {
    const { limits, clock, logger } = this.#options
    this.#assessAtBytes = this.#forwardedBytes + limits.heldBytesMax / 64
    const before = this.#shedding.level
    const level = this.#shedding.assess(Math.max(this.#heldBytes() / limits.heldBytesMax, this.#outlet.pressure), clock.now())
    if (level === before) return
    logger.warn({ level }, 'the edge observes more or less than before')
    for (const listener of this.#all()) listener.cover(level)
  }

  #tick(): void {
    this.#cancelTick = this.#options.clock.after(tickMs, () => this.#tick())
    const at = this.#options.clock.now()
    for (const listener of this.#all()) listener.tick(at)
    for (const listener of this.#leaving) if (listener.isIdle) this.#leaving.delete(listener)
    this.#assess()
    this.#addTick()
  }

  #addTick(): void {
    const { clock, edgeId, clockHealth } = this.#options
    const health: EdgeHealth = {
      edgeId,
      loopLagMsMax: Math.max(0, this.#loopDelay.max / 1e6 - loopSampleMs),
      connections: this.#connections(),
      heldBytes: this.#heldBytes() + this.#outlet.heldBytes,
      dropped: this.#dropped.take(),
      exchanges: this.#exchangeCount,
      forwardedBytes: this.#forwardedBytes,
      clock: clockHealth(),
      listening: Object.fromEntries(
        [...this.#listeners].flatMap(([id, listener]) =>
          listener.isListening ? [[id, listener.connectionCount] as const] : [],
        ),
      ),
    }
    this.#loopDelay.reset()
    this.#exchangeCount = 0
    this.#forwardedBytes = 0
    this.#assessAtBytes = this.#options.limits.heldBytesMax / 64
    this.#outlet.add({ kind: 'tick', at: clock.now(), health })
  }

  #all(): readonly Listener[] {
    return [...this.#listeners.values(), ...this.#leaving]
  }

  #connections(): number {
    return this.#all().reduce((sum, listener) => sum + listener.connectionCount, 0)
  }

  #heldBytes(): number {
    return this.#all().reduce((sum, listener) => sum + listener.heldBytes, 0)
  }
}

function isSameAddress(listener: Listener, next: Ready): boolean {
  const before = listener.iface.sources.proxy?.listen
  return before?.host === next.proxy.listen.host && before.port === next.proxy.listen.port
}

function pause(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => clock.after(delayMs, resolve))
}
