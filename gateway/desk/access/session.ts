import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Instant, Millis } from '../../model/time.ts'
import type { Store } from '../../store/store.ts'
import { isRole, type Role } from './permissions.ts'

/** Who asks: a person with a session, or a program with a bearer token. */
export interface Caller {
  readonly name: string
  readonly role: Role
  /** Null for a bearer token: no browser sends one by itself, so it needs no CSRF token. */
  readonly session: { readonly hash: string; readonly csrfToken: string } | null
  /** Of a token: the only permissions of its role that it has, and what it may see of patients. Left out: all of them. */
  readonly scopes?: readonly string[]
  /** Where the request came from; left out where nobody asked over the network. */
  readonly address?: string
}

/** How long a session lasts: at most `lifeMs`, and `idleMs` after its last request. */
export interface SessionLimits {
  readonly lifeMs: Millis
  readonly idleMs: Millis
}

export const sessionCookie = 'auscult_session'
export const defaultSessionLimits: SessionLimits = { lifeMs: 12 * 3_600_000, idleMs: 3_600_000 }
export const signInLinkMs = 24 * 3_600_000
/** A session's last request is written down at most so often. */
const touchEveryMs = 60_000

/** Where a one-time link leads, below the desk's own address. What stands behind `#` no browser sends and no log of a proxy holds. */
export function signInPath(secret: string): string {
  return `/signin#token=${secret}`
}

/** Makes a one-time sign-in link's secret. Only its hash is stored. `role` is for who has no account yet; an account keeps its own. */
export async function createSignInSecret(store: Store, name: string, role: Role | null, now: Instant): Promise<string> {
  const secret = newSecret()
  await store.saveSignInLink(hashOf(secret), { name, role: role ?? '', expiresAt: now + signInLinkMs })
  return secret
}

/** Makes a link that was taken good again, for an account that is there. */
export async function keepSignInSecret(store: Store, secret: string, name: string, now: Instant): Promise<void> {
  await store.saveSignInLink(hashOf(secret), { name, role: '', expiresAt: now + signInLinkMs })
}

/** Takes the link out of use. Null when it isn't good (any more). */
export async function takeSignInSecret(
  store: Store,
  secret: string,
  now: Instant,
): Promise<{ readonly name: string; readonly role: Role | null } | null> {
  const link = await store.takeSignInLink(hashOf(secret), now)
  return link === null ? null : { name: link.name, role: isRole(link.role) ? link.role : null }
}

/** Begins a session for somebody who has shown who they are. What it may do doesn't change by how it began. */
export async function beginSession(
  store: Store,
  person: { readonly name: string; readonly role: Role },
  now: Instant,
  limits: SessionLimits,
): Promise<{ readonly cookie: string; readonly caller: Caller }> {
  const { name, role } = person
  const cookie = newSecret()
  const csrfToken = newSecret()
  const hash = hashOf(cookie)
  await store.saveSession(hash, { name, role, csrfToken, expiresAt: now + limits.lifeMs, seenAt: now })
  return { cookie, caller: { name, role, session: { hash, csrfToken } } }
}

/**
 * The caller of a session cookie, or null when there is no such session (any more). `isAttended`: a person asks, not a page that refreshes itself, and
 * the session's idle time begins anew.
 */
export async function callerOfCookie(
  store: Store,
  cookie: string,
  now: Instant,
  { idleMs }: SessionLimits = defaultSessionLimits,
  isAttended = true,
): Promise<Caller | null> {
  const hash = hashOf(cookie)
  const session = await store.session(hash, now)
  if (session === null || !isRole(session.role)) return null
  if (now - session.seenAt >= idleMs) {
    await store.endSession(hash)
    return null
  }
  if (isAttended && now - session.seenAt >= touchEveryMs) await store.touchSession(hash, now)
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

/** 32 random bytes, base64url. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}
