import { connect, type Socket } from 'node:net'
import type { EndHow, Side } from '../model/frame.ts'
import { otherSide } from '../model/frame.ts'
import type { Address } from '../model/interface.ts'
import type { Clock, Millis } from '../model/time.ts'
import type { RefusedHow } from '../model/wire.ts'
import { Reading, readBy } from './reading.ts'
import { codeOf, howRefused } from './refusal.ts'
import { secureDialled, type TlsAcceptor, type TlsSide } from './tls.ts'
import type { ConnectionWitness, LineEvent, Opening } from './witness.ts'

/** One connection to carry. */
export interface SpliceOptions {
  /** The initiator's connection, as accepted. */
  readonly accepted: Socket
  readonly upstream: Address
  readonly listenTls: TlsAcceptor | null
  readonly upstreamTls: TlsSide | null
  /** How long the upstream may take to connect, TLS included. */
  readonly dialTimeoutMs: Millis
  /** Idle time before TCP keep-alive probes on both sides; 0: none. */
  readonly keepAliveMs: Millis
  readonly clock: Clock
  /** The connection's witness, which is shown everything after it was forwarded. It may throw: the connection doesn't notice. */
  readonly witness: (opening: Opening) => ConnectionWitness
  /** Bytes that were forwarded. */
  readonly count: (byteCount: number) => void
  /** The upstream couldn't be dialled for want of something of our own. */
  readonly wanting: () => void
  /** Called once, when both sides are closed and nothing more will be told. */
  readonly over: () => void
}

/** A connection that is being carried. */
export interface Splice {
  /** Breaks both sides off. */
  abort(): void
}

/**
 * Carries one connection: dials the upstream, then forwards every byte of each side to the other, unaltered and first, and shows
 * it to the witness second. A half-close stays a half-close, a reset a reset; a side that reads slowly slows its sender down.
 * An upstream that can't be reached is a reset for the initiator. No time-outs of its own but the dial's.
 */
export function splice(options: SpliceOptions): Splice {
  return new Connection(options)
}

/** A side's connection: what carries the bytes, and the TCP connection below it (the same one without TLS). */
interface Leg {
  readonly raw: Socket
  readonly plain: Socket
  /** Null: it is read as Node reads by itself (TLS). */
  readonly reading: Reading | null
}

class Connection implements Splice {
  readonly #options: SpliceOptions
  readonly #witness: ConnectionWitness
  #initiator: Leg
  #acceptor: Leg | null = null
  #cancelDial: () => void = () => {}
  #isOver = false
  #isInitiatorClosed = false
  #isAcceptorClosed = false

  constructor(options: SpliceOptions) {
    this.#options = options
    const { listenTls, upstream } = options
    const reading = listenTls === null ? new Reading() : null
    const read = reading === null ? null : readBy(reading, options.accepted)
    const accepted = read ?? options.accepted
    const ends = { initiator: remoteOf(accepted), acceptor: addressText(upstream) }
    this.#witness = options.witness({ kind: 'open', at: options.clock.now(), ...ends })
    tune(accepted, options.keepAliveMs)
    this.#initiator = { raw: accepted, plain: accepted, reading: read === null ? null : reading }
    // Nothing is read for forwarding before the upstream is there: TCP holds the initiator's bytes back. Errors are heard from the start.
    this.#watchErrors('initiator', this.#initiator)
    if (listenTls === null) this.#dial()
    else listenTls.accept(accepted, (plain) => this.#secured(plain))
  }

  abort(): void {
    this.#breakOff()
  }

  #secured(plain: Socket): void {
    this.#initiator = { raw: this.#initiator.raw, plain, reading: null }
    plain.on('error', (error) => this.#broken('initiator', error))
    plain.once('close', () => this.#legClosed('initiator'))
    this.#dial()
  }

  #dial(): void {
    if (this.#isOver) return
    const { upstream, upstreamTls, dialTimeoutMs, clock, keepAliveMs } = this.#options
    const address = { host: upstream.host, port: upstream.port, allowHalfOpen: true }
    const reading = upstreamTls === null ? new Reading() : null
    const raw = reading === null ? connect(address) : connect({ ...address, onread: reading.onread })
    tune(raw, keepAliveMs)
    const fail = (how: RefusedHow): void => this.#refused(how)
    const cancelTimeout = clock.after(dialTimeoutMs, () => fail('timeout'))
    this.#cancelDial = () => {
      cancelTimeout()
      raw.destroy()
    }
    const failed = (error: Error): void => fail(howRefused(error))
    raw.once('error', failed)
    raw.once('connect', () => {
      raw.off('error', failed)
      if (upstreamTls !== null) {
        this.#secure(raw, upstreamTls, cancelTimeout)
        return
      }
      cancelTimeout()
      this.#carry({ raw, plain: raw, reading })
    })
  }

  /** The TLS handshake with the upstream belongs to the dial. */
  #secure(raw: Socket, side: TlsSide, cancelTimeout: () => void): void {
    const secured = secureDialled(raw, side, this.#options.upstream)
    const failed = (): void => this.#refused('tls')
    raw.once('error', failed)
    secured.once('error', failed)
    secured.once('close', failed)
    secured.once('secureConnect', () => {
      cancelTimeout()
      raw.off('error', failed)
      secured.off('error', failed)
      secured.off('close', failed)
      this.#carry({ raw, plain: secured, reading: null })
    })
  }

  #refused(how: RefusedHow): void {
    if (this.#isOver || this.#acceptor !== null) return
    // The initiator is told first, as everywhere.
    this.#breakOff()
    if (how === 'gateway') this.#options.wanting()
    this.#tell({ kind: 'refused', at: this.#options.clock.now(), how })
  }

  #carry(acceptor: Leg): void {
    this.#cancelDial = () => {}
    this.#acceptor = acceptor
    this.#watchErrors('acceptor', acceptor)
    if (this.#isOver) {
      reset(acceptor)
      return
    }
    this.#tell({ kind: 'connected', at: this.#options.clock.now() })
    this.#forward('initiator', this.#initiator, acceptor.plain)
    this.#forward('acceptor', acceptor, this.#initiator.plain)
  }

  #forward(from: Side, leg: Leg, sink: Socket): void {
    const { clock, count } = this.#options
    const witness = this.#witness
    const source = leg.plain
    const show = (bytes: Uint8Array): 'done' | 'held' => {
      const at = clock.now()
      const isFull = !sink.write(bytes)
      // What the kernel didn't take at once is still being sent from this memory.
      const isHeld = sink.writableLength > 0
      if (isFull && isHeld) source.pause()
      count(bytes.byteLength)
      try {
        witness.bytes(from, bytes, at)
      } catch {
        // A border: observation may fail, traffic must not. The observer counts its own failures.
      }
      return isHeld ? 'held' : 'done'
    }
    if (leg.reading === null) source.on('data', show)
    else leg.reading.flow(source, show)
    sink.on('drain', () => source.resume())
    const ended = (): void => {
      const at = clock.now()
      sink.end()
      this.#tell({ kind: 'end', at, from, how: 'fin' })
    }
    // An initiator may say all that it has to say, and end, before the upstream is there.
    if (source.readableEnded) ended()
    else source.once('end', ended)
  }

  #watchErrors(side: Side, leg: Leg): void {
    const failed = (error: Error): void => this.#broken(side, error)
    leg.raw.on('error', failed)
    if (leg.plain !== leg.raw) leg.plain.on('error', failed)
    // Whichever is told first: the connection below TLS may go without a word from above.
    leg.raw.once('close', () => this.#legClosed(side))
    if (leg.plain !== leg.raw) leg.plain.once('close', () => this.#legClosed(side))
  }

  /** A side broke: the other is broken at once, as it would have been without us. */
  #broken(side: Side, error: Error | null): void {
    if (this.#isOver) return
    const at = this.#options.clock.now()
    const wasCarried = this.#acceptor !== null
    this.#breakOff()
    const how: EndHow = error !== null && codeOf(error) === 'ETIMEDOUT' ? 'timeout' : 'rst'
    this.#tell({ kind: 'end', at, from: side, how })
    if (how === 'timeout') this.#tell({ kind: 'end', at, from: otherSide(side), how })
    if (!wasCarried) this.#tell({ kind: 'closed', at })
  }

  #breakOff(): void {
    this.#isOver = true
    this.#cancelDial()
    reset(this.#initiator)
    if (this.#acceptor !== null) reset(this.#acceptor)
  }

  #legClosed(side: Side): void {
    const wasOver = this.#isInitiatorClosed && (this.#acceptor === null || this.#isAcceptorClosed)
    if (side === 'initiator') this.#isInitiatorClosed = true
    else this.#isAcceptorClosed = true
    // An initiator that leaves while the upstream is being dialled.
    if (this.#acceptor === null && !this.#isOver) this.#broken(side, null)
    if (wasOver || !this.#isInitiatorClosed || (this.#acceptor !== null && !this.#isAcceptorClosed)) return
    this.#isOver = true
    if (this.#acceptor !== null) this.#tell({ kind: 'closed', at: this.#options.clock.now() })
    this.#options.over()
  }

  #tell(event: LineEvent): void {
    try {
      this.#witness.tell(event)
    } catch {
      // As above: the connection goes on unobserved.
    }
  }
}

/** Small messages go out at once, and a peer that has vanished is found out, as by the ends themselves. */
function tune(socket: Socket, keepAliveMs: Millis): void {
  socket.setNoDelay(true)
  if (keepAliveMs > 0) socket.setKeepAlive(true, keepAliveMs)
}

/** RST, below TLS too, and nothing more of either. */
function reset(leg: Leg): void {
  if (!leg.raw.destroyed) leg.raw.resetAndDestroy()
  if (leg.plain !== leg.raw) leg.plain.destroy()
}

function remoteOf(socket: Socket): string {
  return addressText({ host: socket.remoteAddress ?? 'unknown', port: socket.remotePort ?? 0 })
}

/** `10.1.0.10:6661`, `[fd00::1]:6661`; IPv4 seen through an IPv6 socket as IPv4. */
export function addressText({ host, port }: Address): string {
  const plain = host.startsWith('::ffff:') ? host.slice(7) : host
  return plain.includes(':') ? `[${plain}]:${port}` : `${plain}:${port}`
}
