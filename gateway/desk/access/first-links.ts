import type { Instant } from '../../model/time.ts'
import type { Store } from '../../store/store.ts'
import { type Role, roleOfPower } from './permissions.ts'
import { createSignInSecret, signInPath } from './session.ts'

/** A one-time link that the desk prints when it starts. */
export interface FirstLink {
  readonly role: Role
  /** Below the desk's own address. */
  readonly path: string
}

/**
 * Links for the first holders of the three powers, the system administrator's first: for each power until somebody who holds it can come back
 * without one. `isDemo`: at every start, and before them one for an engineer, who has something to look at.
 */
export async function offerFirstLinks(store: Store, now: Instant, isDemo: boolean): Promise<readonly FirstLink[]> {
  const users = await store.users()
  const canReturn = (role: Role) =>
    users.some((user) => user.role === role && user.state === 'active' && (user.password !== null || user.source === 'oidc'))
  const wanted: readonly Role[] = isDemo
    ? ['engineer', ...Object.values(roleOfPower)]
    : Object.values(roleOfPower).filter((role) => !canReturn(role))
  const links: FirstLink[] = []
  for (const role of wanted) {
    // The first account of a role has its name; who has it already keeps what they are.
    const secret = await createSignInSecret(store, role, role, now)
    links.push({ role, path: signInPath(secret) })
  }
  return links
}
