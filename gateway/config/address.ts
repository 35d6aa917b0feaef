import { isAbsolute, join } from 'node:path'
import type { Address, TlsOptions } from '../model/interface.ts'
import type { TlsShape } from './shape.ts'

/** `host:port` or `[IPv6]:port`, as the schema allows it. Null when the port is above 65535, or no number. */
export function addressOf(text: string): Address | null {
  const colon = text.lastIndexOf(':')
  const port = text.slice(colon + 1)
  const host = text.slice(0, colon).replace(/^\[|\]$/g, '')
  return /^\d{1,5}$/.test(port) && Number(port) <= 65_535 ? { host, port: Number(port) } : null
}

/** TLS options with absolute paths; null where there are none. */
export function tlsOf(tls: TlsShape | undefined, folder: string, verifyByDefault: boolean): TlsOptions | null {
  if (!tls) return null
  const file = (path: string | undefined) => (path === undefined ? null : isAbsolute(path) ? path : join(folder, path))
  return {
    cert: file(tls.cert),
    key: file(tls.key),
    ca: file(tls.ca),
    verifyPeer: tls.verifyPeer ?? verifyByDefault,
    serverName: tls.serverName ?? null,
  }
}
