import { createServer, type Server, type Socket } from 'node:net'
import type { Exchange } from '../model/exchange.ts'
import { failure } from '../model/failures.ts'
import type { Protocol } from '../model/frame.ts'
import type { Interface, ProxySource } from '../model/interface.ts'
import type { Clock, Instant } from '../model/time.ts'
import type { EdgeLimits } from './limits.ts'
import { createObserver, type Observer } from './observe.ts'
import type { Level } from './shed.ts'
import { addressText, type Splice, splice } from './splice.ts'
import type { Tally } from './tally.ts'
import { readTls, type TlsAcceptor, type TlsSide, tlsAcceptor } from './tls.ts'

/** What all listeners of an edge share. */
export interface Shared {
  readonly clock: Clock
  readonly limits: EdgeLimits
  readonly nextExchangeId: () => string
  readonly nextConnectionId: () => string
  readonly observed: (exchanges: readonly Exchange[]) => void
  /** What observation had to leave out, by reason. */
  readonly dropped: Tally
  readonly forwarded: (byteCount: number) => void
  /** False: there are too many connections, this one is counted and refused. */
  readonly admit: () => boolean
}

/** An interface as it is configured now, ready for connections: its TLS files are read. */
export interface Ready {
  readonly iface: Interface
  readonly proxy: ProxySource
  readonly protocol: Protocol
  readonly listenTls: TlsAcceptor | null
  readonly upstreamTls: TlsSide | null
}

/** Reads what an interface needs. Throws TLS_MATERIAL_UNREADABLE. */
export function readied(iface: Interface, proxy: ProxySource, protocol: Protocol): Ready {
  const { listenTls, upstreamTls } = proxy
  return {
    iface,
    proxy,
    protocol,
    listenTls: listenTls === null ? null : tlsAcceptor(readTls(listenTls, { interfaceId: iface.id, side: 'listen' })),
    upstreamTls: upstreamTls === null ? null : readTls(upstreamTls, { interfaceId: iface.id, side: 'upstream' }),
  }
}

/** Listens for one interface, and carries and observes its connections. */
export class Listener {
  readonly #shared: Shared
  #ready: Ready
  #observer: Observer
  readonly #connections = new Map<Splice, Observer>()
  /** Observers of before a reload: they stay while they watch a connection or have an exchange open. */
  readonly #retired = new Set<Observer>()
  #server: Server | null = null
  #level: Level = 'full'

  constructor(ready: Ready, shared: Shared) {
    this.#ready = ready
    this.#shared = shared
    this.#observer = this.#newObserver()
  }

  get iface(): Interface {
    return this.#ready.iface
  }

  get isListening(): boolean {
    return this.#server !== null
  }

  get connectionCount(): number {
    return this.#connections.size
  }

  get heldBytes(): number {
    return this.#observers().reduce((sum, observer) => sum + observer.heldBytes, 0)
  }

  /** Nothing is carried or open any more. */
  get isIdle(): boolean {
    return this.#connections.size === 0 && this.#observers().every((observer) => observer.openCount === 0)
  }

  /** The port it listens on; the configured one may be 0 in tests. */
  get port(): number {
    const address = this.#server?.address() ?? null
    return address === null || typeof address === 'string' ? 0 : address.port
  }

  /** Resolves when connections are accepted. Rejects with PORT_IN_USE or LISTEN_FAILED. */
  async listen(): Promise<void> {
    const { host, port } = this.#ready.proxy.listen
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.#accept(socket))
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen({ host, port }, () => {
        server.off('error', reject)
        resolve()
      })
    }).catch((cause) => {
      throw listenFailure(this.#ready.iface, cause)
    })
    // Accepting may fail now and then (too many files): the connection is lost and counted, the listener goes on.
    server.on('error', () => this.#shared.dropped.add('accept-failed', 1))
    this.#server = server
  }

  /** Accepts no more; connections go on. */
  stopListening(): void {
    this.#server?.close()
    this.#server = null
  }

  /** Uses another configuration for new connections. What is carried goes on as it was. */
  change(ready: Ready): void {
    const before = this.#ready
    this.#ready = ready
    const isObservedAlike = JSON.stringify(before.iface) === JSON.stringify(ready.iface) && before.protocol === ready.protocol
    if (isObservedAlike) return
    this.#retired.add(this.#observer)
    this.#observer = this.#newObserver()
  }

  cover(level: Level): void {
    this.#level = level
    for (const observer of this.#observers()) observer.cover(level)
  }

  /** Lets observers decide what time decides. */
  tick(at: Instant): void {
    for (const observer of this.#observers()) this.#shared.observed(observer.see('', { kind: 'tick', at }))
    const watching = new Set(this.#connections.values())
    for (const observer of this.#retired)
      if (observer.openCount === 0 && !watching.has(observer)) this.#retired.delete(observer)
  }

  /** Breaks off what is still carried, and hands out what is open. */
  finish(at: Instant): void {
    for (const carried of this.#connections.keys()) carried.abort()
    for (const observer of this.#observers()) this.#shared.observed(observer.finish(at))
    this.#connections.clear()
  }

  #accept(socket: Socket): void {
    const { clock, limits, nextConnectionId, observed, forwarded, admit } = this.#shared
    if (!admit()) {
      socket.resetAndDestroy()
      return
    }
    const observer = this.#observer
    const { proxy, listenTls, upstreamTls } = this.#ready
    const connectionId = nextConnectionId()
    const carried = splice({
      accepted: socket,
      upstream: proxy.upstream,
      listenTls,
      upstreamTls,
      dialTimeoutMs: limits.dialTimeoutMs,
      keepAliveMs: limits.keepAliveMs,
      clock,
      count: forwarded,
      see: (event) => {
        const exchanges = observer.see(connectionId, event)
        if (exchanges.length > 0) observed(exchanges)
      },
      over: () => this.#connections.delete(carried),
    })
    this.#connections.set(carried, observer)
  }

  #newObserver(): Observer {
    const { iface, protocol } = this.#ready
    const observer = createObserver({
      iface,
      protocol,
      limits: this.#shared.limits.observer,
      dropped: (reason, count) => this.#shared.dropped.add(reason, count),
      nextId: this.#shared.nextExchangeId,
    })
    observer.cover(this.#level)
    return observer
  }

  #observers(): readonly Observer[] {
    return [this.#observer, ...this.#retired]
  }
}

function listenFailure(iface: Interface, cause: unknown): Error {
  const listen = iface.sources.proxy?.listen
  const where = `interface ${iface.id} can't listen on ${listen === undefined ? 'its address' : addressText(listen)}`
  const code = cause instanceof Error && 'code' in cause ? cause.code : ''
  const place = { key: `interfaces.${iface.id}.source.proxy.listen` }
  if (code === 'EADDRINUSE') return failure('PORT_IN_USE', `${where}: the port is in use`, { place, cause })
  return failure('LISTEN_FAILED', `${where}: ${String(code)}`, { place, cause })
}
