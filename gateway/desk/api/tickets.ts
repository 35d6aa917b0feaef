import type { DutyState } from '../../model/duty.ts'
import type { Ticket, TicketState } from '../../model/ticket.ts'
import type { Clock } from '../../model/time.ts'
import type { DutyOfTicket, DutyQuery } from '../../store/duty-store.ts'
import type { Store } from '../../store/store.ts'
import type { Caller } from '../access/session.ts'
import { responsibleFor } from '../duties/responsible.ts'
import type { Knowledge } from '../knowledge/knowledge.ts'
import { draftPostMortem } from '../notices/draft.ts'
import { teamNames } from '../rules/teams.ts'
import type { Setting } from '../setting.ts'
import type { TicketAction } from '../ticket-actions.ts'
import { actOnTicket } from '../tickets.ts'
import { type Binding, bind } from './bind.ts'
import { routes } from './openapi.ts'
import type { Presenter } from './present.ts'
import { Refusal } from './problems.ts'
import type { DutyAnswer, TicketAnswer } from './shapes.ts'

interface Parts {
  readonly store: Store
  readonly clock: Clock
  readonly present: Presenter
  readonly setting: Setting
  readonly knowledge: Knowledge
}

/** Tickets, what is owed to them, and what people do to them. */
export function ticketRoutes(parts: Parts): readonly Binding[] {
  const { store, present } = parts
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
      return shownTicket(parts, read.ticket)
    }),
    ...dutyRoutes(parts),
    ...noticeRoutes(parts),
    ...actionRoutes(parts),
  ]
}

function dutyRoutes({ store, present, setting }: Parts): readonly Binding[] {
  const answer = ({ duty, ticket }: DutyOfTicket): DutyAnswer => ({
    ...present.duty(duty),
    owner: responsibleFor(duty.kind, ticket, setting.rules),
    ticket: {
      state: ticket.state,
      severity: ticket.severity,
      title: ticket.title,
      level: ticket.level,
      interfaceIds: ticket.interfaceIds,
    },
  })
  const list = async (query: DutyQuery) => {
    const page = await store.duties(query)
    return { items: page.items.map(answer), nextCursor: page.nextCursor }
  }
  const paging = ({ limit = 50, cursor }: { readonly limit?: number; readonly cursor?: string }) => ({
    limit,
    ...(cursor === undefined ? {} : { cursor }),
  })
  return [
    bind(routes.duties, ({ query }) => list({ ...stateOf(query.state), ...paging(query) })),
    bind(routes.ticketDuties, async ({ params, query }) => {
      const ticketId = params.id ?? ''
      if ((await store.ticket(ticketId)) === null) throw new Refusal('NOT_FOUND', 'There is no such ticket.')
      return list({ ticketId, ...paging(query) })
    }),
  ]
}

function noticeRoutes({ store, present, setting }: Parts): readonly Binding[] {
  const found = async (id: string | undefined) => {
    const read = await store.ticket(id ?? '')
    if (read === null) throw new Refusal('NOT_FOUND', 'There is no such ticket.')
    return read.ticket
  }
  return [
    bind(routes.ticketNotices, async ({ params }) => {
      const { id } = await found(params.id)
      return { items: (await store.deliveries(id)).map(present.delivery) }
    }),
    bind(routes.postMortemDraft, async ({ params }) =>
      draftPostMortem(await found(params.id), setting.catalogue.hospital.timezone),
    ),
    bind(routes.teams, async () => ({
      items: [...teamNames(setting.rules)].map(([id, name]) => ({ id, name })),
    })),
    bind(routes.channels, async () => {
      const failing = new Map((await store.failingChannels()).map(({ name, since }) => [name, present.iso(since)]))
      return { items: setting.channels.map((name) => ({ name, failingSince: failing.get(name) ?? null })) }
    }),
  ]
}

/** With links to the knowledge base: by its causes, as it says itself, and by the codes of its exchanges. */
async function shownTicket({ present, knowledge }: Parts, ticket: Ticket): Promise<TicketAnswer> {
  const { articles } = await knowledge.ofTicket(ticket)
  return { ...present.ticket(ticket), knowledge: articles.map(({ id, content }) => ({ id, title: content.title })) }
}

function actionRoutes(parts: Parts): readonly Binding[] {
  const { store, clock, setting } = parts
  const act = async (id: string | undefined, caller: Caller, action: TicketAction) => {
    const at = clock.now()
    const ticket = await actOnTicket(store, id ?? '', action, { by: caller.name, at, setting })
    await store.appendAudit({
      at,
      by: caller.name,
      role: caller.role,
      action: `ticket ${action.kind}`,
      subject: ticket.id,
      reason: null,
    })
    return shownTicket(parts, ticket)
  }
  return [
    bind(routes.assign, ({ params, body, caller }) => act(params.id, caller, { kind: 'assign', ...body })),
    bind(routes.transfer, ({ params, body, caller }) => act(params.id, caller, { kind: 'transfer', ...body })),
    bind(routes.comment, ({ params, body, caller }) => act(params.id, caller, { kind: 'comment', ...body })),
    bind(routes.arrive, ({ params, body, caller }) => act(params.id, caller, { kind: 'arrive', ...body })),
    bind(routes.help, ({ params, body, caller }) => act(params.id, caller, { kind: 'help', ...body })),
    bind(routes.join, ({ params, body, caller }) => act(params.id, caller, { kind: 'join', ...body })),
    bind(routes.escalate, ({ params, body, caller }) => act(params.id, caller, { kind: 'escalate', ...body })),
    bind(routes.progress, ({ params, body, caller }) => act(params.id, caller, { kind: 'progress', ...body })),
    bind(routes.postMortem, ({ params, body, caller }) => act(params.id, caller, { kind: 'post-mortem', ...body })),
    bind(routes.resolve, ({ params, body, caller }) => act(params.id, caller, { kind: 'resolve', ...body })),
    bind(routes.close, ({ params, body, caller }) => act(params.id, caller, { kind: 'close', ...body })),
    bind(routes.reopen, ({ params, body, caller }) => act(params.id, caller, { kind: 'reopen', ...body })),
  ]
}

function stateOf(state: DutyState | 'overdue' | undefined): Pick<DutyQuery, 'state' | 'isOverdue'> {
  if (state === undefined) return {}
  return state === 'overdue' ? { state: 'open', isOverdue: true } : { state }
}

function statesOf(state: TicketState | 'active'): readonly TicketState[] {
  return state === 'active' ? ['open', 'assigned'] : [state]
}
