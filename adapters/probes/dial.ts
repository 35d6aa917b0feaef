import { connect, isIP, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import type { Address } from '../../gateway/model/interface.ts'

/** A connected socket, without Nagle's delay. It is destroyed when `signal` says stop, whoever holds it then. Rejects with the system's error. */
export function dial({ host, port }: Address, signal: AbortSignal): Promise<Socket> {
  return opened(connect({ host, port, noDelay: true, signal }), 'connect', signal)
}

export interface TlsDial {
  readonly address: Address
  /** The name that is asked for and that the certificate must carry; null: the host. */
  readonly serverName: string | null
  /** PEM; null: the system's authorities. */
  readonly ca: string | null
  /** False: any certificate and any protocol version is taken, so that it can be looked at. */
  readonly isChecked: boolean
}

export function dialTls({ address, serverName, ca, isChecked }: TlsDial, signal: AbortSignal): Promise<TLSSocket> {
  const name = serverName ?? address.host
  const socket = connectTls({
    host: address.host,
    port: address.port,
    // A name, never an address, may stand in SNI (RFC 6066 3).
    ...(isIP(name) === 0 ? { servername: name } : {}),
    ...(ca === null ? {} : { ca }),
    rejectUnauthorized: isChecked,
    ...(isChecked ? {} : { minVersion: 'TLSv1' as const, ciphers: 'DEFAULT@SECLEVEL=0' }),
  })
  socket.setNoDelay(true)
  return opened(socket, 'secureConnect', signal)
}

function opened<S extends Socket>(socket: S, event: 'connect' | 'secureConnect', signal: AbortSignal): Promise<S> {
  const stop = () => socket.destroy()
  signal.addEventListener('abort', stop, { once: true })
  return new Promise((resolve, reject) => {
    socket.once(event, () => resolve(socket))
    // Errors after it was opened end what reads from it; here they only mustn't be nobody's.
    socket.on('error', reject)
    socket.once('close', () => {
      signal.removeEventListener('abort', stop)
      reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' }))
    })
    if (signal.aborted) stop()
  })
}
