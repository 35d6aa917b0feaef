import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { connect, createSecureContext, createServer, type SecureContext, type TLSSocket } from 'node:tls'
import { failure } from '../model/failures.ts'
import type { Address, TlsOptions } from '../model/interface.ts'

/** One side's TLS, ready for use: its files are read and understood. */
export interface TlsSide {
  readonly material: { readonly cert?: Buffer; readonly key?: Buffer; readonly ca?: Buffer }
  /** The same, for dialling. */
  readonly context: SecureContext
  readonly verifyPeer: boolean
  readonly serverName: string | null
}

/**
 * Reads the files of one side's TLS. Throws the failure TLS_MATERIAL_UNREADABLE, naming the interface and the side.
 * Read anew at every reload, so that a renewed certificate is used from then on.
 */
export function readTls(
  options: TlsOptions,
  place: { readonly interfaceId: string; readonly side: 'listen' | 'upstream' },
): TlsSide {
  try {
    const material = {
      ...(options.cert === null ? {} : { cert: readFileSync(options.cert) }),
      ...(options.key === null ? {} : { key: readFileSync(options.key) }),
      ...(options.ca === null ? {} : { ca: readFileSync(options.ca) }),
    }
    const context = createSecureContext(material)
    return { material, context, verifyPeer: options.verifyPeer, serverName: options.serverName }
  } catch (cause) {
    throw failure('TLS_MATERIAL_UNREADABLE', `the TLS files of interface ${place.interfaceId} (${place.side}) can't be used`, {
      cause,
      place: { key: `interfaces.${place.interfaceId}.source.proxy.${place.side}.tls` },
    })
  }
}

/** Takes accepted connections through their TLS handshake: ours is the server. */
export interface TlsAcceptor {
  /** Calls `ready` when the handshake is over. A failed handshake destroys `raw`. */
  accept(raw: Socket, ready: (secured: TLSSocket) => void): void
}

/** The initiator's side of TLS. With `verifyPeer` a certificate is asked for, and a connection without one that the CA signed is refused. */
export function tlsAcceptor(side: TlsSide): TlsAcceptor {
  const waiting = new Map<string, (secured: TLSSocket) => void>()
  const server = createServer({
    ...side.material,
    requestCert: side.verifyPeer,
    rejectUnauthorized: side.verifyPeer,
    allowHalfOpen: true,
  })
  server.on('secureConnection', (secured) => waiting.get(peerOf(secured))?.(secured))
  server.on('tlsClientError', (_error, secured) => secured.destroy())
  return {
    accept(raw, ready) {
      const peer = peerOf(raw)
      waiting.set(peer, ready)
      raw.once('close', () => waiting.delete(peer))
      // Node's documented way of giving a connection to a TLS server that doesn't listen itself.
      server.emit('connection', raw)
    },
  }
}

function peerOf(socket: Socket): string {
  return `${socket.remoteAddress} ${socket.remotePort}`
}

/** The upstream's side of TLS, over a connected socket. `secureConnect` is emitted when the handshake is over. */
export function secureDialled(raw: Socket, side: TlsSide, upstream: Address): TLSSocket {
  const serverName = side.serverName ?? upstream.host
  return connect({
    socket: raw,
    secureContext: side.context,
    rejectUnauthorized: side.verifyPeer,
    host: serverName,
    ...(isAddress(serverName) ? {} : { servername: serverName }),
  })
}

/** RFC 6066 allows no literal addresses in SNI. */
function isAddress(host: string): boolean {
  return host.includes(':') || /^[0-9.]+$/.test(host)
}
