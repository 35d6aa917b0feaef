import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Instant } from '../../model/time.ts'
import type { Store } from '../../store/store.ts'
import { isRole, type Role } from './permissions.ts'

/** Who asks: a person with a session, or a program with a bearer token. */
export interface Caller {
  readonly name: string
  readonly role: Role
  /** Null for a bearer token: no browser sends one by itself, so it needs no CSRF token. */
  readonly session: { readonly hash: string; readonly csrfToken: string } | null
  /** Where the request came from; left out where nobody asked over the network. */
  readonly address?: string
}

export const sessionCookie = 'auscult_session'
export const sessionMs = 12 * 3_600_000
export const signInLinkMs = 24 * 3_600_000

/**
 * Makes a one-time sign-in link's secret. Only its hash is stored. Users with passwords (scrypt) come beside this as another way to
 * a session; what a session may do doesn't change by how it began.
 */
export async function createSignInSecret(store: Store, name: string, role: Role, now: Instant): Promise<string> {
  const secret = newSecret()
  await store.saveSignInLink(hashOf(secret), { name, role, expiresAt: now + signInLinkMs })
  return secret
}

/** Takes the link out of use and begins a session; null when the link isn't good (any more). */
export async function signIn(
  store: Store,
  linkSecret: string,
  now: Instant,
): Promise<{ readonly cookie: string; readonly caller: Caller } | null> {
  const link = await store.takeSignInLink(hashOf(linkSecret), now)
  if (link === null || !isRole(link.role)) return null
  const cookie = newSecret()
  const csrfToken = newSecret()
  const hash = hashOf(cookie)
  await store.saveSession(hash, { name: link.name, role: link.role, csrfToken, expiresAt: now + sessionMs, seenAt: now })
  return { cookie, caller: { name: link.name, role: link.role, session: { hash, csrfToken } } }
}

/** The caller of a session cookie, or null when there is no such session (any more). */
export async function callerOfCookie(store: Store, cookie: string, now: Instant): Promise<Caller | null> {
  const hash = hashOf(cookie)
  const session = await store.session(hash, now)
  if (session === null || !isRole(session.role)) return null
  return { name: session.name, role: session.role, session: { hash, csrfToken: session.csrfToken } }
}

/** Compares in constant time. */
export function isSameSecret(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest())
}

/** The value of one cookie of a `Cookie` header (RFC 6265 4.2), or null. */
export function cookieValue(header: string | undefined, name: string): string | null {
  for (const pair of (header ?? '').split(';')) {
    const at = pair.indexOf('=')
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim()
  }
  return null
}

function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}
