import type { Clock } from '../../model/time.ts'
import type { User } from '../../store/access-store.ts'
import type { Store } from '../../store/store.ts'
import { Refusal } from '../api/problems.ts'
import { auditRow } from '../audit/row.ts'
import { type Passwords, passwordFault } from './passwords.ts'
import { isRole, type Role, roleOfPower } from './permissions.ts'
import { type Caller, createSignInSecret } from './session.ts'
import { newUser } from './sign-in.ts'

/**
 * What is done to accounts. Who makes them never says what they may do: that is the privacy officer's. Every deed is written to the
 * audit before it is done. Rejects with NOT_FOUND, ACCOUNT_STATE or PASSWORD_UNFIT.
 */
export interface Accounts {
  list(): Promise<readonly User[]>
  /** An account without a role. */
  add(by: Caller, name: string, title: string): Promise<User>
  /** The secret of a one-time link. Not for accounts that hold a power: whoever makes a link could use it. */
  invite(by: Caller, name: string): Promise<string>
  setState(by: Caller, name: string, state: User['state']): Promise<User>
  unlock(by: Caller, name: string): Promise<User>
  setRole(by: Caller, name: string, role: Role | null, reason: string): Promise<User>
  /** One's own. `current` is asked for where there is one. Other sessions end. */
  setPassword(by: Caller, current: string | null, next: string): Promise<void>
}

interface Parts {
  readonly store: Store
  readonly clock: Clock
  readonly passwords: Passwords
}

const powerRoles: readonly string[] = Object.values(roleOfPower)

// Exempt from the function length: one entry for each deed.
export function createAccounts(parts: Parts): Accounts {
  const { store, clock } = parts
  const found = async (name: string) => {
    const user = await store.user(name)
    if (user === null) throw new Refusal('NOT_FOUND', 'There is no such account.')
    return user
  }
  const record = (by: Caller, action: string, subject: string, reason: string | null = null) =>
    store.appendAudit(auditRow(by, clock.now(), { action, subject, reason }))
  return {
    list: () => store.users(),
    add: async (by, name, title) => {
      if ((await store.user(name)) !== null) throw new Refusal('ACCOUNT_STATE', 'There is an account of that name already.')
      await record(by, 'user add', name)
      await store.addUser(newUser(name, title, null, clock.now()))
      return found(name)
    },
    invite: async (by, name) => {
      const user = await found(name)
      if (user.source === 'oidc') throw new Refusal('ACCOUNT_STATE', 'The account signs in with the provider.')
      if (powerRoles.includes(user.role ?? ''))
        throw new Refusal('ACCOUNT_STATE', 'Links of accounts that hold a power are made on the server, with `auscult link`.')
      await record(by, 'user invite', name)
      return createSignInSecret(store, name, null, clock.now())
    },
    setState: async (by, name, state) => {
      const user = await found(name)
      if (name === by.name) throw new Refusal('ACCOUNT_STATE', 'Nobody closes or opens their own account.')
      if (state === 'disabled') await checkNotLast(store, user)
      await record(by, state === 'disabled' ? 'user close' : 'user open', name)
      await store.changeUser(name, { state })
      if (state === 'disabled') await store.endSessionsOf(name)
      return found(name)
    },
    unlock: async (by, name) => {
      await found(name)
      await record(by, 'user unlock', name)
      await store.changeUser(name, { failures: 0, lockedUntil: null })
      return found(name)
    },
    setRole: async (by, name, role, reason) => {
      const user = await found(name)
      if (name === by.name) throw new Refusal('ACCOUNT_STATE', 'Nobody gives a role to themselves.')
      if (user.source === 'oidc') throw new Refusal('ACCOUNT_STATE', 'The provider says what the role of this account is.')
      if (role !== user.role) await checkNotLast(store, user)
      await record(by, `grant role ${role ?? 'none'}`, name, reason)
      // Whoever made a link before could come in with the power: holders get theirs on the server.
      if (powerRoles.includes(role ?? '')) await store.dropSignInLinks(name)
      await store.changeUser(name, { role })
      // What they may do was decided when they signed in.
      await store.endSessionsOf(name)
      return found(name)
    },
    setPassword: (by, current, next) => setPassword(parts, by, current, next),
  }
}

async function setPassword(
  { store, clock, passwords }: Parts,
  by: Caller,
  current: string | null,
  next: string,
): Promise<void> {
  const user = by.session === null ? null : await store.user(by.name)
  if (user === null || user.source !== 'local') throw new Refusal('ACCOUNT_STATE', 'There is no password to this sign-in.')
  const now = clock.now()
  if (user.password !== null && !(await passwords.fits(user.password, current ?? ''))) {
    await store.appendAudit(auditRow(by, now, { action: 'password change', subject: by.name, outcome: 'refused' }))
    throw new Refusal('PASSWORD_UNFIT', 'The current password is wrong.')
  }
  const fault = passwordFault(next, by.name)
  if (fault !== null) throw new Refusal('PASSWORD_UNFIT', faultWords[fault])
  if (user.password !== null && next === current) throw new Refusal('PASSWORD_UNFIT', 'It is the one that you have.')
  const password = await passwords.hash(next)
  await store.appendAudit(auditRow(by, now, { action: 'password change', subject: by.name }))
  await store.changeUser(by.name, { password, passwordAt: now, failures: 0, lockedUntil: null })
  await store.endSessionsOf(by.name, by.session?.hash)
}

const faultWords = {
  'too-short': 'It has fewer than 12 characters.',
  'too-long': 'It has more than 200 characters.',
  'too-simple': 'It has fewer than six different characters.',
  'like-the-name': 'It contains the name of the account.',
} as const

/** Without a holder of each power nobody could make accounts, give roles, or see what was done. */
async function checkNotLast(store: Store, user: User): Promise<void> {
  if (!isRole(user.role) || !powerRoles.includes(user.role) || user.state !== 'active') return
  const others = (await store.users()).filter(
    ({ name, role, state }) => name !== user.name && role === user.role && state === 'active',
  )
  if (others.length === 0) throw new Refusal('ACCOUNT_STATE', `It is the last account with the role ${user.role}.`)
}
