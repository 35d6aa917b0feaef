import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { EdgeHealth, LogWriter } from '../model/entry.ts'
import { Failure } from '../model/failure.ts'
import { failure } from '../model/failures.ts'
import type { Protocol } from '../model/frame.ts'
import type { Catalogue } from '../model/interface.ts'
import type { Logger } from '../model/logger.ts'
import type { Clock } from '../model/time.ts'
import type { EdgeLimits } from './limits.ts'
import { Listener, type Ready, readied, type Shared } from './listener.ts'
import { Tally } from './tally.ts'
import type { ForwardingHealth, Witness } from './witness.ts'
import { witnessHere } from './witness-here.ts'

/** What an edge is made of. */
export interface ForwardingOptions {
  readonly catalogue: Catalogue
  /** The protocols that the witness reads; here only their names count. */
  readonly protocols: readonly Protocol[]
  readonly clock: Clock
  readonly limits: EdgeLimits
  readonly logger: Logger
  /** What the machine says of its clock, asked once a second. */
  readonly clockHealth: () => EdgeHealth['clock']
  readonly edgeId: string
}

/** An edge that observes in the thread that forwards, and writes to this log. */
export interface EdgeOptions extends ForwardingOptions {
  readonly log: LogWriter
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
  /** Accepts no more, waits for connections to end up to `drainMs`, breaks the rest off, and has the witness finish: everything is in the log then. */
  drain(): Promise<void>
  stats(): EdgeStats
}

const tickMs = 1_000
/** The event loop's delay is sampled by a timer of this length, which is part of what it measures. */
const loopSampleMs = 20

/** Starts an edge that observes in the thread that forwards: for tests. Otherwise as `startForwarding`. */
export function startEdge(options: EdgeOptions): Promise<RunningEdge> {
  return startForwarding(options, witnessHere(options))
}

/**
 * Starts to listen for every interface with a proxy source, before the eyes of a witness. All or nothing: when one address can't be had, or TLS
 * files can't be read, none is listened on, and the Failure names all that is wrong (its code is the first one's).
 */
export async function startForwarding(options: ForwardingOptions, witness: Witness): Promise<RunningEdge> {
  const edge = new Edge(options, witness)
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
  readonly #options: ForwardingOptions
  readonly #witness: Witness
  readonly #shared: Shared
  readonly #dropped = new Tally()
  readonly #listeners = new Map<string, Listener>()
  /** Listeners of interfaces that a reload took away, until their connections have ended. */
  readonly #leaving = new Set<Listener>()
  readonly #loopDelay = monitorEventLoopDelay({ resolution: loopSampleMs })
  #cancelTick: () => void = () => {}
  #forwardedBytes = 0

  constructor(options: ForwardingOptions, witness: Witness) {
    this.#options = options
    this.#witness = witness
    const { clock, limits } = options
    let connectionNumber = 0
    let watchNumber = 0
    this.#shared = {
      clock,
      limits,
      witness,
      dropped: this.#dropped,
      nextWatch: () => ++watchNumber,
      nextConnection: () => ++connectionNumber,
      forwarded: (byteCount) => {
        this.#forwardedBytes += byteCount
      },
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
    for (const listener of this.#all()) listener.finish()
    this.#cancelTick()
    this.#loopDelay.disable()
    await this.#witness.finish(this.#health())
  }

  stats(): EdgeStats {
    return {
      connections: this.#connections(),
      heldBytes: this.#witness.heldBytes,
      level: this.#witness.level,
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
        this.#checkProtocol(iface.id, iface.protocol)
        wanted.set(iface.id, readied(iface, proxy))
      } catch (error) {
        if (!(error instanceof Failure)) throw error
        failures.push(error)
      }
    }
    return wanted
  }

  #checkProtocol(interfaceId: string, name: string): void {
    const { protocols } = this.#options
    if (protocols.some((known) => known.name === name)) return
    const names = protocols.map((known) => known.name).join(', ')
    throw failure('PROTOCOL_UNKNOWN', `interface ${interfaceId}: a proxy can't read the protocol ${name}, only ${names}`, {
      place: { key: `interfaces.${interfaceId}.protocol` },
    })
  }

  #newListener(id: string, ready: Ready): Listener {
    const listener = new Listener(ready, this.#shared)
    this.#listeners.set(id, listener)
    return listener
  }

  #leave(id: string, listener: Listener): void {
    listener.stopListening()
    this.#listeners.delete(id)
    this.#leaving.add(listener)
  }

  #admit(): boolean {
    if (this.#connections() < this.#options.limits.connectionsMax) return true
    this.#dropped.add('connection-limit', 1)
    return false
  }

  #tick(): void {
    this.#cancelTick = this.#options.clock.after(tickMs, () => this.#tick())
    for (const listener of this.#leaving) if (listener.connectionCount === 0) this.#leaving.delete(listener)
    this.#witness.tick(this.#health())
  }

  /** What this thread knows of the edge's health since it was asked last. */
  #health(): ForwardingHealth {
    const { clock, edgeId, clockHealth } = this.#options
    const listening = [...this.#listeners].flatMap(([id, listener]) =>
      listener.isListening ? [[id, listener.connectionCount] as const] : [],
    )
    const health = {
      edgeId,
      loopLagMsMax: Math.max(0, this.#loopDelay.max / 1e6 - loopSampleMs),
      connections: this.#connections(),
      dropped: this.#dropped.take(),
      forwardedBytes: this.#forwardedBytes,
      clock: clockHealth(),
      listening: Object.fromEntries(listening),
    }
    this.#loopDelay.reset()
    this.#forwardedBytes = 0
    return { at: clock.now(), watches: this.#all().flatMap((listener) => listener.watches), health }
  }

  #all(): readonly Listener[] {
    return [...this.#listeners.values(), ...this.#leaving]
  }

  #connections(): number {
    return this.#all().reduce((sum, listener) => sum + listener.connectionCount, 0)
  }
}

function isSameAddress(listener: Listener, next: Ready): boolean {
  const before = listener.iface.sources.proxy?.listen
  return before?.host === next.proxy.listen.host && before.port === next.proxy.listen.port
}

function pause(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => clock.after(delayMs, resolve))
}
