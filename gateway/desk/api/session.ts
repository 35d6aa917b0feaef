import type { Clock } from '../../model/time.ts'
import type { User } from '../../store/access-store.ts'
import type { Store } from '../../store/store.ts'
import { permissionsOf } from '../access/permissions.ts'
import type { Caller } from '../access/session.ts'
import { auditRow } from '../audit/row.ts'
import { type Binding, bind } from './bind.ts'
import { routes } from './openapi.ts'
import type { Me } from './shapes.ts'

/** Who is signed in, and the end of a session. */
export function sessionRoutes(store: Store, clock: Clock): readonly Binding[] {
  const userOf = async ({ name, session }: Caller) => (session === null ? null : store.user(name))
  return [
    bind(routes.me, async ({ caller }) => meOf(caller, await userOf(caller))),
    bind(routes.signout, async ({ caller }) => {
      const user = await userOf(caller)
      if (caller.session !== null) {
        await store.endSession(caller.session.hash)
        await store.appendAudit(auditRow(caller, clock.now(), { action: 'sign out', subject: 'session' }))
      }
      return meOf(caller, user)
    }),
  ]
}

function meOf(caller: Caller, user: User | null): Me {
  const { name, role, session } = caller
  return {
    name,
    title: user?.title ?? name,
    role,
    permissions: permissionsOf(caller),
    csrfToken: session?.csrfToken ?? null,
    password: session === null || user?.source !== 'local' ? 'elsewhere' : user.password === null ? 'missing' : 'chosen',
  }
}
