import type { Clock, Millis } from '../../model/time.ts'
import type { User } from '../../store/access-store.ts'
import type { Store } from '../../store/store.ts'
import { Refusal } from '../api/problems.ts'
import { auditRow, auscult } from '../audit/row.ts'
import { type Passwords, TooManyPasswords } from './passwords.ts'
import { isRole, type Role } from './permissions.ts'
import { beginSession, type Caller, keepSignInSecret, type SessionLimits, takeSignInSecret } from './session.ts'

export interface SignedIn {
  readonly cookie: string
  readonly caller: Caller
}

/** Who a provider says somebody is. */
export interface Identified {
  readonly name: string
  readonly title: string
  readonly role: Role
}

/** The ways in. Each is written to the audit, the refused ones too; each rejects with SIGN_IN_REFUSED without saying what was wrong. */
export interface SignIns {
  /** The one-time link: the only way to an account that doesn't exist yet. Rejects with SIGN_IN_LINK_INVALID. */
  byLink(secret: string, address: string): Promise<SignedIn>
  /** Five wrong passwords lock the account for a quarter of an hour. */
  byPassword(name: string, password: string, address: string): Promise<SignedIn>
  /** Null: the provider identified nobody. */
  byProvider(identified: Identified | null, address: string): Promise<SignedIn>
}

interface Parts {
  readonly store: Store
  readonly clock: Clock
  readonly passwords: Passwords
  readonly limits: SessionLimits
}

export const wrongPasswordsMax = 5
export const lockMs: Millis = 15 * 60_000
const refusal = 'Name or password is wrong, or the account is locked or closed.'

export function createSignIns(parts: Parts): SignIns {
  const { store, clock, passwords } = parts
  return {
    byLink: async (secret, address) => {
      const now = clock.now()
      const link = await takeSignInSecret(store, secret, now)
      if (link === null) throw new Refusal('SIGN_IN_LINK_INVALID', 'The link was used, has expired, or was never made.')
      const user = (await store.user(link.name)) ?? (await added(parts, link))
      if (user !== null && user.role === null && user.state === 'active') {
        // Nobody has said yet what they may do: the link stays good until somebody does.
        await keepSignInSecret(store, secret, link.name, now)
        return refuse(parts, link.name, address, 'The account has no role yet: the privacy officer gives it one.')
      }
      return enter(parts, user, 'link', address, link.name)
    },
    byPassword: async (name, password, address) => {
      const user = await store.user(name)
      const isLocked = user?.lockedUntil !== undefined && user.lockedUntil !== null && user.lockedUntil > clock.now()
      const fits = await passwords.fits(user?.password ?? null, password).catch((error: unknown) => {
        if (error instanceof TooManyPasswords) throw new Refusal('TOO_MANY_REQUESTS', 'Too many sign-ins at once.', 5)
        throw error
      })
      // What is locked stays locked, right password or not: else guessing would go on under the lock.
      if (fits && !isLocked) return enter(parts, user, 'password', address, name)
      if (user !== null && !isLocked) await countWrong(parts, user, address)
      return refuse(parts, user === null ? null : name, address, refusal)
    },
    byProvider: async (identified, address) => {
      if (identified === null) return refuse(parts, null, address, 'The identity provider named nobody who may come in.')
      const { name, title, role } = identified
      const known = await store.user(name)
      // Whoever runs the provider must not become somebody who has a password here.
      if (known !== null && known.source !== 'oidc') return refuse(parts, name, address, refusal)
      if (known === null) await store.addUser({ ...newUser(name, title, role, clock.now()), source: 'oidc' })
      else if (known.role !== role || known.title !== title) await store.changeUser(name, { role, title })
      return enter(parts, await store.user(name), 'provider', address, name)
    },
  }
}

/** An account of which nothing is known but its name. */
export function newUser(name: string, title: string, role: Role | null, now: number): User {
  return {
    name,
    title,
    role,
    source: 'local',
    state: 'active',
    password: null,
    passwordAt: null,
    failures: 0,
    lockedUntil: null,
    createdAt: now,
    seenAt: null,
  }
}

async function added(
  { store, clock }: Parts,
  link: { readonly name: string; readonly role: Role | null },
): Promise<User | null> {
  if (link.role === null) return null
  const now = clock.now()
  await store.appendAudit(auditRow(auscult, now, { action: 'user add', subject: link.name, reason: link.role }))
  await store.addUser(newUser(link.name, link.name, link.role, now))
  return store.user(link.name)
}

async function enter(
  { store, clock, limits }: Parts,
  user: User | null,
  how: 'link' | 'password' | 'provider',
  address: string,
  named: string,
): Promise<SignedIn> {
  if (user === null || user.state !== 'active' || !isRole(user.role))
    return refuse({ store, clock }, user === null ? null : named, address, refusal)
  const now = clock.now()
  const signed = await beginSession(store, { name: user.name, role: user.role }, now, limits)
  const deed = { action: 'sign in', subject: 'session', reason: how }
  await store.appendAudit(auditRow({ ...signed.caller, address }, now, deed))
  await store.changeUser(user.name, { failures: 0, lockedUntil: null, seenAt: now })
  return signed
}

async function countWrong({ store, clock }: Parts, { name, role }: User, address: string): Promise<void> {
  const now = clock.now()
  const user = await store.countWrongPassword(name, wrongPasswordsMax, now + lockMs)
  if (user === null || user.failures < wrongPasswordsMax) return
  await store.changeUser(name, { failures: 0 })
  const reason = `${wrongPasswordsMax} wrong passwords of a ${role ?? 'user without a role'}`
  await store.appendAudit(auditRow({ ...auscult, address }, now, { action: 'user lock', subject: name, reason }))
}

/** What was typed as a name may be a password: only a name that there is stands in the audit. */
async function refuse(
  { store, clock }: Pick<Parts, 'store' | 'clock'>,
  name: string | null,
  address: string,
  why: string,
): Promise<never> {
  const who = { name: name ?? 'nobody known', role: 'none', address }
  await store.appendAudit(auditRow(who, clock.now(), { action: 'sign in', subject: 'session', outcome: 'refused' }))
  throw new Refusal('SIGN_IN_REFUSED', why)
}
