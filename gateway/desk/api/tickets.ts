import type { TicketState } from '../../model/ticket.ts'
import type { Clock } from '../../model/time.ts'
import type { Store } from '../../store/store.ts'
import type { Caller } from '../access/session.ts'
import { actOnTicket, type TicketAction } from '../tickets.ts'
import { type Binding, bind } from './bind.ts'
import { routes } from './openapi.ts'
import type { Presenter } from './present.ts'
import { Refusal } from './problems.ts'

interface Parts {
  readonly store: Store
  readonly clock: Clock
  readonly present: Presenter
}

/** Tickets and what people do to them. */
export function ticketRoutes({ store, clock, present }: Parts): readonly Binding[] {
  const act = async (id: string | undefined, caller: Caller, action: TicketAction) => {
    const at = clock.now()
    const ticket = await actOnTicket(store, id ?? '', action, caller.name, at)
    await store.appendAudit({
      at,
      by: caller.name,
      role: caller.role,
      action: `ticket ${action.kind}`,
      subject: ticket.id,
      reason: null,
    })
    return present.ticket(ticket)
  }
  return [
    bind(routes.tickets, async ({ query }) => {
      const { interface: interfaceId, cause, cursor } = query
      const page = await store.tickets({
        ...(query.state === undefined ? {} : { states: statesOf(query.state) }),
        ...(interfaceId === undefined ? {} : { interfaceId }),
        ...(cause === undefined ? {} : { cause }),
        ...(cursor === undefined ? {} : { cursor }),
        limit: query.limit ?? 50,
      })
      return { items: page.items.map(present.ticket), nextCursor: page.nextCursor }
    }),
    bind(routes.ticket, async ({ params }) => {
      const read = await store.ticket(params.id ?? '')
      if (read === null) throw new Refusal('NOT_FOUND', 'There is no such ticket.')
      return present.ticket(read.ticket)
    }),
    bind(routes.assign, ({ params, body, caller }) => act(params.id, caller, { kind: 'assign', ...body })),
    bind(routes.transfer, ({ params, body, caller }) => act(params.id, caller, { kind: 'transfer', ...body })),
    bind(routes.comment, ({ params, body, caller }) => act(params.id, caller, { kind: 'comment', ...body })),
    bind(routes.resolve, ({ params, body, caller }) => act(params.id, caller, { kind: 'resolve', ...body })),
    bind(routes.close, ({ params, body, caller }) => act(params.id, caller, { kind: 'close', ...body })),
    bind(routes.reopen, ({ params, body, caller }) => act(params.id, caller, { kind: 'reopen', ...body })),
  ]
}

function statesOf(state: TicketState | 'active'): readonly TicketState[] {
  return state === 'active' ? ['open', 'assigned'] : [state]
}
