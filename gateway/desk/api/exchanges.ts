import type { Outcome } from '../../model/exchange.ts'
import type { Clock } from '../../model/time.ts'
import type { ExchangeQuery } from '../../store/exchange-store.ts'
import type { Store } from '../../store/store.ts'
import { permissionsOf } from '../access/permissions.ts'
import type { GrantBook } from '../access/role-grants.ts'
import { auditRow } from '../audit/row.ts'
import type { Messages } from '../messages.ts'
import { type Binding, bind } from './bind.ts'
import { routes } from './openapi.ts'
import type { Presenter } from './present.ts'
import { Refusal } from './problems.ts'
import { openSpanOf } from './span.ts'

interface Parts {
  readonly store: Store
  readonly messages: Messages
  readonly grants: GrantBook
  readonly clock: Clock
  readonly present: Presenter
}

/** Exchanges, their messages, and the audited reveal. */
export function exchangeRoutes({ store, messages, grants, clock, present }: Parts): readonly Binding[] {
  const found = async (id: string | undefined) => {
    const stored = await store.exchange(id ?? '')
    if (stored === null) throw new Refusal('NOT_FOUND', 'There is no such exchange; it may have passed its retention.')
    return stored
  }
  return [
    bind(routes.exchanges, async ({ query }) => exchangePage(store, query, present)),
    bind(routes.exchange, async ({ params }) => present.exchange(await found(params.id))),
    bind(routes.message, async ({ params, query, caller }) =>
      messages.read(await found(params.id), query.side ?? 'request', query.view ?? 'tree', await grants.of(caller)),
    ),
    bind(routes.reveal, async ({ params, body, caller }) => {
      const stored = await found(params.id)
      if (!permissionsOf(caller).includes('messages.reveal'))
        throw new Refusal('FORBIDDEN', 'The role may not reveal messages.')
      const side = body.side ?? 'request'
      // First the audit, then the message: when it can't be written, nothing is shown.
      await store.appendAudit(
        auditRow(caller, clock.now(), { action: `reveal ${side}`, subject: stored.id, reason: body.reason }),
      )
      return messages.read(stored, side, body.view ?? 'tree', 'open')
    }),
  ]
}

/** One page of a list of exchanges, newest first. */
export async function exchangePage(
  store: Store,
  { cursor, limit = 50, ...asked }: AskedExchanges & { readonly cursor?: string; readonly limit?: number },
  present: Presenter,
) {
  const page = await store.exchanges({ ...exchangeQueryOf(asked), ...(cursor === undefined ? {} : { cursor }), limit })
  return { items: page.items.map(present.exchange), nextCursor: page.nextCursor }
}

interface AskedExchanges {
  readonly interface?: string
  readonly from?: string
  readonly to?: string
  readonly outcome?: Outcome
  readonly type?: string
  readonly key?: string
  readonly q?: string
}

/** What a list of exchanges is asked for, without its page. */
export function exchangeQueryOf(asked: AskedExchanges): Omit<ExchangeQuery, 'limit' | 'cursor'> {
  const { interface: interfaceId, outcome, type, key, q } = asked
  return {
    ...openSpanOf(asked),
    ...(interfaceId === undefined ? {} : { interfaceId }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(type === undefined ? {} : { type }),
    ...(key === undefined ? {} : { key }),
    ...(q === undefined || q.trim() === '' ? {} : { q: q.trim() }),
  }
}
