import { isRecord } from '../../model/json.ts'
import type { Clock } from '../../model/time.ts'
import type { Store } from '../../store/store.ts'
import { Refusal } from '../api/problems.ts'
import { auditRow } from '../audit/row.ts'
import { type GrantableIdentity, type Grants, grantableIdentities } from '../masking/grants.ts'
import { type SensitiveCategory, sensitiveCategories } from '../masking/sensitive.ts'
import { allows, type Role, roleNames } from './permissions.ts'
import type { Caller } from './session.ts'

/** What a role may see of patients, as it is written down. */
export interface RoleGrants {
  readonly role: Role
  readonly identities: readonly GrantableIdentity[]
  readonly categories: readonly SensitiveCategory[]
}

/** Which role may see what of patients without a reveal. The privacy officer says it; before that, none sees anything. */
export interface GrantBook {
  /** Of who asks. A token with scopes sees only what they name besides: `see:name`, `see:hiv`. */
  of(caller: Caller): Promise<Grants>
  all(): Promise<readonly RoleGrants[]>
  /** Written to the audit before it counts. Rejects with ACCOUNT_STATE for a role that reads no messages. */
  set(by: Caller, grants: RoleGrants, reason: string): Promise<RoleGrants>
}

const settingName = 'role-grants'

export function createGrantBook(store: Store, clock: Clock): GrantBook {
  const read = async (): Promise<readonly RoleGrants[]> => {
    const saved = await store.setting(settingName)
    return roleNames.map((role) => grantsIn(isRecord(saved) ? saved[role] : null, role))
  }
  return {
    all: read,
    of: async ({ role, scopes }) => {
      const granted = (await read()).find((one) => one.role === role)
      const isNamed = (what: string) => scopes === undefined || scopes.includes(`see:${what}`)
      return {
        identities: new Set(granted?.identities.filter(isNamed)),
        categories: new Set(granted?.categories.filter(isNamed)),
      }
    },
    set: async (by, { role, identities, categories }, reason) => {
      if (!allows(role, 'messages.read')) throw new Refusal('ACCOUNT_STATE', `The role ${role} reads no messages.`)
      const seen = [...identities, ...categories].join(' ') || 'nothing'
      await store.appendAudit(auditRow(by, clock.now(), { action: `grant ${role} sees ${seen}`, subject: role, reason }))
      const others = (await read()).filter((one) => one.role !== role)
      const all = [...others, { role, identities, categories }]
      const saved = Object.fromEntries(
        all.map((one) => [one.role, { identities: [...one.identities], categories: [...one.categories] }]),
      )
      await store.setSetting(settingName, saved)
      return { role, identities, categories }
    },
  }
}

/** What this version doesn't know is not granted. */
function grantsIn(value: unknown, role: Role): RoleGrants {
  const listed = (name: string): readonly unknown[] => {
    const list: unknown = isRecord(value) ? value[name] : null
    return Array.isArray(list) ? list : []
  }
  const [identities, categories] = [listed('identities'), listed('categories')]
  return {
    role,
    identities: grantableIdentities.filter((one) => identities.includes(one)),
    categories: sensitiveCategories.filter((one) => categories.includes(one)),
  }
}
