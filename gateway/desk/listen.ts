import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { failure } from '../model/failures.ts'
import type { Address } from '../model/interface.ts'

/** What browsers are shown who we are with: PEM. */
export interface ServerTls {
  readonly cert: Buffer
  readonly key: Buffer
}

export interface Listening {
  readonly address: Address
  /** `https://HOST:PORT` */
  readonly url: string
  close(): Promise<void>
}

/** A capture of half a gigabyte over a slow line takes minutes; everything else is small, and headers have their own limit. */
const limits = { requestTimeout: 600_000, headersTimeout: 10_000, keepAliveTimeout: 10_000, maxHeaderSize: 16_384 }

/** Listens for the API and the console, with TLS where there is something to show. Fails with PORT_IN_USE, LISTEN_FAILED or TLS_MATERIAL_UNREADABLE. */
export async function listen(app: RequestListener, wanted: Address, tls: ServerTls | null): Promise<Listening> {
  const server = serverOf(app, tls)
  const address = await bound(server, wanted)
  const host = address.host.includes(':') ? `[${address.host}]` : address.host
  return {
    address,
    url: `${tls === null ? 'http' : 'https'}://${host}:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function serverOf(app: RequestListener, tls: ServerTls | null): Server {
  if (tls === null) return createServer(limits, app)
  try {
    return createTlsServer({ ...limits, ...tls, minVersion: 'TLSv1.2' }, app)
  } catch (cause) {
    throw failure('TLS_MATERIAL_UNREADABLE', 'key and certificate of the desk do not belong together, or are none', {
      place: { key: 'api.tls' },
      cause,
    })
  }
}

function bound(server: Server, { host, port }: Address): Promise<Address> {
  return new Promise((resolve, reject) => {
    // For good: what a server says later, as of a connection that it could not take for want of files, must not end the process.
    server.on('error', (error) => {
      const code = 'code' in error && error.code === 'EADDRINUSE' ? 'PORT_IN_USE' : 'LISTEN_FAILED'
      reject(failure(code, `The desk can not listen on ${host}:${port}.`, { cause: error }))
    })
    server.listen(port, host, () => {
      const address = server.address()
      resolve({ host, port: typeof address === 'object' && address !== null ? address.port : port })
    })
  })
}
