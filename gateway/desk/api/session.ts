import type { Clock } from '../../model/time.ts'
import type { Store } from '../../store/store.ts'
import { roles } from '../access/permissions.ts'
import type { Caller } from '../access/session.ts'
import { auditRow } from '../audit/row.ts'
import { type Binding, bind } from './bind.ts'
import { routes } from './openapi.ts'
import type { Me } from './shapes.ts'

/** Who is signed in, and the end of a session. */
export function sessionRoutes(store: Store, clock: Clock): readonly Binding[] {
  return [
    bind(routes.me, async ({ caller }) => meOf(caller)),
    bind(routes.signout, async ({ caller }) => {
      if (caller.session !== null) {
        await store.endSession(caller.session.hash)
        await store.appendAudit(auditRow(caller, clock.now(), { action: 'sign out', subject: 'session' }))
      }
      return meOf(caller)
    }),
  ]
}

function meOf(caller: Caller): Me {
  return { name: caller.name, role: caller.role, permissions: roles[caller.role], csrfToken: caller.session?.csrfToken ?? null }
}
