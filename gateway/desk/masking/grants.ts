import type { Identity } from '../../model/identity.ts'
import type { SensitiveCategory } from './sensitive.ts'

/** What of patients a role may see without a reveal. Nothing, where nobody granted it. */
export interface Grants {
  /** Values of these kinds are shown. `name` covers given names; a granted `id` still hides the birthday inside an identity card's number. */
  readonly identities: ReadonlySet<GrantableIdentity>
  /** Values of these categories are not suppressed. What identifies in them stays masked. */
  readonly categories: ReadonlySet<SensitiveCategory>
}

/** Credentials, embedded files and narrative (`all`) are seen by a reveal alone. */
export const grantableIdentities = ['name', 'id', 'phone', 'address', 'birth'] as const satisfies readonly Identity[]
export type GrantableIdentity = (typeof grantableIdentities)[number]

export const noGrants: Grants = { identities: new Set(), categories: new Set() }

export function isGranted({ identities }: Grants, identity: Identity): boolean {
  const asked = identity === 'given' ? 'name' : identity
  return asked !== 'all' && identities.has(asked)
}
