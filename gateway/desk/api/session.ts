import type { Store } from '../../store/store.ts'
import { roles } from '../access/permissions.ts'
import type { Caller } from '../access/session.ts'
import { type Binding, bind } from './bind.ts'
import { routes } from './openapi.ts'
import type { Presenter } from './present.ts'
import type { Me } from './shapes.ts'
import { openSpanOf } from './span.ts'

/** Who is signed in, the end of a session, and the audit. */
export function sessionRoutes(store: Store, present: Presenter): readonly Binding[] {
  return [
    bind(routes.me, async ({ caller }) => meOf(caller)),
    bind(routes.signout, async ({ caller }) => {
      if (caller.session !== null) await store.endSession(caller.session.hash)
      return meOf(caller)
    }),
    bind(routes.audit, async ({ query }) => {
      const page = await store.audit({
        ...openSpanOf(query),
        ...(query.cursor === undefined ? {} : { cursor: query.cursor }),
        limit: query.limit ?? 50,
      })
      return { items: page.items.map((row) => ({ ...row, at: present.iso(row.at) })), nextCursor: page.nextCursor }
    }),
  ]
}

function meOf(caller: Caller): Me {
  return { name: caller.name, role: caller.role, permissions: roles[caller.role], csrfToken: caller.session?.csrfToken ?? null }
}
