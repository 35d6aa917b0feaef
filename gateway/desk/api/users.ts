import type { Clock } from '../../model/time.ts'
import type { User } from '../../store/access-store.ts'
import type { Accounts } from '../access/accounts.ts'
import { isRole, roleNames, roleOfPower, roles } from '../access/permissions.ts'
import type { GrantBook } from '../access/role-grants.ts'
import { signInLinkMs, signInPath } from '../access/session.ts'
import { type Binding, bind } from './bind.ts'
import { routes } from './openapi.ts'
import type { Presenter } from './present.ts'
import { Refusal } from './problems.ts'
import type { UserAnswer } from './users-shapes.ts'

interface Parts {
  readonly accounts: Accounts
  readonly grants: GrantBook
  readonly clock: Clock
  readonly present: Presenter
}

/** Accounts, roles, what roles may see, and one's own password. */
export function userBindings({ accounts, grants, clock, present }: Parts): readonly Binding[] {
  const answer = (user: User) => userAnswer(user, present)
  const invitation = (user: User, secret: string) => ({
    user: answer(user),
    path: signInPath(secret),
    expiresAt: present.iso(clock.now() + signInLinkMs),
  })
  return [
    bind(routes.users, async () => ({ items: (await accounts.list()).map(answer) })),
    bind(routes.addUser, async ({ body, caller }) => {
      const user = await accounts.add(caller, body.name, body.title)
      return invitation(user, await accounts.invite(caller, body.name))
    }),
    bind(routes.inviteUser, async ({ params, caller }) => {
      const name = params.id ?? ''
      const secret = await accounts.invite(caller, name)
      const user = (await accounts.list()).find((one) => one.name === name)
      if (user === undefined) throw new Error('an account that was invited is gone')
      return invitation(user, secret)
    }),
    bind(routes.setUserState, async ({ params, body, caller }) =>
      answer(await accounts.setState(caller, params.id ?? '', body.state)),
    ),
    bind(routes.unlockUser, async ({ params, caller }) => answer(await accounts.unlock(caller, params.id ?? ''))),
    bind(routes.setUserRole, async ({ params, body, caller }) =>
      answer(await accounts.setRole(caller, params.id ?? '', body.role, body.reason)),
    ),
    bind(routes.roles, async () => ({ items: roleNames.map(roleAnswer) })),
    bind(routes.grants, async () => ({ items: await grants.all() })),
    bind(routes.setGrants, async ({ params, body, caller }) => {
      const { id: role } = params
      if (!isRole(role)) throw new Refusal('NOT_FOUND', 'There is no such role.')
      const { identities, categories, reason } = body
      return grants.set(caller, { role, identities, categories }, reason)
    }),
    bind(routes.setPassword, async ({ body, caller }) => {
      await accounts.setPassword(caller, body.current ?? null, body.next)
      return { done: true }
    }),
  ]
}

function roleAnswer(name: (typeof roleNames)[number]) {
  const power = (['system', 'security', 'audit'] as const).find((one) => roleOfPower[one] === name) ?? null
  return { name, power, permissions: roles[name] }
}

/** Never the password's hash. */
function userAnswer(user: User, present: Presenter): UserAnswer {
  const { name, title, role, source, state, password, failures, lockedUntil, createdAt, seenAt } = user
  const iso = (at: number | null) => (at === null ? null : present.iso(at))
  return {
    name,
    title,
    role: isRole(role) ? role : null,
    source,
    state,
    hasPassword: password !== null,
    failures,
    lockedUntil: iso(lockedUntil),
    createdAt: present.iso(createdAt),
    seenAt: iso(seenAt),
  }
}
