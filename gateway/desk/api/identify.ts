import type { KeyObject } from 'node:crypto'
import type { Request } from 'express'
import type { Instant } from '../../model/time.ts'
import type { Store } from '../../store/store.ts'
import { callerOfBearer } from '../access/bearer.ts'
import { type Caller, callerOfCookie, cookieValue, isSameSecret, type SessionLimits, sessionCookie } from '../access/session.ts'
import { Refusal } from './problems.ts'

/** Who asks. Refuses with UNAUTHENTICATED, and with CSRF where a browser's session writes without its token. */
export async function identify(
  request: Request,
  {
    store,
    bearerKey,
    sessionLimits,
  }: { readonly store: Store; readonly bearerKey: KeyObject; readonly sessionLimits: SessionLimits },
  now: Instant,
  isAttended = request.headers['x-unattended'] === undefined,
): Promise<Caller> {
  const bearer = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (bearer !== undefined) {
    const caller = await callerOfBearer(bearerKey, bearer, now)
    if (caller === null) throw new Refusal('UNAUTHENTICATED', 'The bearer token is not of this installation, or has expired.')
    return { ...caller, address: addressOf(request) }
  }
  const cookie = cookieValue(request.headers.cookie, sessionCookie)
  const caller = cookie === null ? null : await callerOfCookie(store, cookie, now, sessionLimits, isAttended)
  if (caller === null) throw new Refusal('UNAUTHENTICATED', 'The request carries no session and no bearer token.')
  if (request.method !== 'GET' && request.method !== 'HEAD') checkCsrf(request, caller)
  return { ...caller, address: addressOf(request) }
}

function checkCsrf(request: Request, { session }: Caller): void {
  if (isForeign(request)) throw new Refusal('CSRF', 'The request comes from a page of another site.')
  const token = request.headers['x-csrf-token']
  if (session === null || typeof token !== 'string' || !isSameSecret(token, session.csrfToken)) {
    throw new Refusal('CSRF', 'A write of a browser session needs its X-CSRF-Token.')
  }
}

/**
 * Whether a browser says that another site's page sends it: by Sec-Fetch-Site (W3C Fetch Metadata), and where a browser doesn't have that, by Origin
 * (RFC 6454). Programs send neither.
 */
export function isForeign({ headers }: Request): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  const { origin, host } = headers
  if (origin === undefined) return false
  return !URL.canParse(origin) || new URL(origin).host !== host
}

/** Where it came from, by the word of the proxies that are believed: an IPv4 address without the prefix of an IPv6 socket. */
export function addressOf(request: Request): string {
  return (request.ip ?? '').replace(/^::ffff:(?=\d+\.)/, '')
}

/** Whether the request comes from this machine. */
export function isLoopback(request: Request): boolean {
  const address = addressOf(request)
  return address === '::1' || /^127\.\d+\.\d+\.\d+$/.test(address)
}
