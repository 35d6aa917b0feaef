import { createServer, type Server, type Socket } from 'node:net'
import { failure } from '../model/failures.ts'
import type { Interface, ProxySource } from '../model/interface.ts'
import type { Clock } from '../model/time.ts'
import type { EdgeLimits } from './limits.ts'
import { addressText, type Splice, splice } from './splice.ts'
import type { Tally } from './tally.ts'
import { readTls, type TlsAcceptor, type TlsSide, tlsAcceptor } from './tls.ts'
import type { Witness } from './witness.ts'

/** What all listeners of an edge share. */
export interface Shared {
  readonly clock: Clock
  readonly limits: EdgeLimits
  readonly witness: Witness
  readonly nextWatch: () => number
  readonly nextConnection: () => number
  /** What could not be carried, by reason. */
  readonly dropped: Tally
  readonly forwarded: (byteCount: number) => void
  /** False: there are too many connections, this one is counted and refused. */
  readonly admit: () => boolean
}

/** An interface as it is configured now, ready for connections: its TLS files are read. */
export interface Ready {
  readonly iface: Interface
  readonly proxy: ProxySource
  readonly listenTls: TlsAcceptor | null
  readonly upstreamTls: TlsSide | null
}

/** Reads what an interface needs. Throws TLS_MATERIAL_UNREADABLE. */
export function readied(iface: Interface, proxy: ProxySource): Ready {
  const { listenTls, upstreamTls } = proxy
  return {
    iface,
    proxy,
    listenTls: listenTls === null ? null : tlsAcceptor(readTls(listenTls, { interfaceId: iface.id, side: 'listen' })),
    upstreamTls: upstreamTls === null ? null : readTls(upstreamTls, { interfaceId: iface.id, side: 'upstream' }),
  }
}

/** Listens for one interface, and carries its connections before the eyes of the witness. */
export class Listener {
  readonly #shared: Shared
  #ready: Ready
  /** The number by which the witness knows the interface as it is configured now. */
  #watch: number
  readonly #connections = new Map<Splice, number>()
  #server: Server | null = null

  constructor(ready: Ready, shared: Shared) {
    this.#ready = ready
    this.#shared = shared
    this.#watch = this.#newWatch()
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

  /** Watches that connections use, or will. */
  get watches(): readonly number[] {
    return [...new Set([this.#watch, ...this.#connections.values()])]
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
    if (JSON.stringify(before.iface) === JSON.stringify(ready.iface)) return
    this.#watch = this.#newWatch()
  }

  /** Breaks off what is still carried. */
  finish(): void {
    for (const carried of this.#connections.keys()) carried.abort()
    this.#connections.clear()
  }

  #accept(socket: Socket): void {
    const { clock, limits, witness, nextConnection, forwarded, admit } = this.#shared
    if (!admit()) {
      socket.resetAndDestroy()
      return
    }
    const watch = this.#watch
    const { proxy, listenTls, upstreamTls } = this.#ready
    const carried = splice({
      accepted: socket,
      upstream: proxy.upstream,
      listenTls,
      upstreamTls,
      dialTimeoutMs: limits.dialTimeoutMs,
      keepAliveMs: limits.keepAliveMs,
      clock,
      count: forwarded,
      witness: (opening) => witness.open(nextConnection(), watch, opening),
      wanting: () => this.#shared.dropped.add('dial-failed', 1),
      over: () => this.#connections.delete(carried),
    })
    this.#connections.set(carried, watch)
  }

  #newWatch(): number {
    const watch = this.#shared.nextWatch()
    this.#shared.witness.watch(watch, this.#ready.iface)
    return watch
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
