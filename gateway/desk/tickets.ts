import type { Incident } from '../model/incident.ts'
import type { Text } from '../model/text.ts'
import type { Ticket, TicketState, TimelineItem } from '../model/ticket.ts'
import type { Instant } from '../model/time.ts'
import type { Store } from '../store/store.ts'
import { Refusal } from './api/problems.ts'

/** How an incident becomes a ticket, and what it changes of one that exists. Pure; the same rules serve the offline analysis. */
export interface TicketRules {
  ticketFor(incident: Incident): Ticket
  updateTicket(ticket: Ticket, incident: Incident): Ticket
}

const incidentsPerSweep = 200
/** Somebody else wrote in between: read again and try again, so often. */
const triesMax = 5

/**
 * Opens a ticket for every ticketed incident that has none, and brings the others up to their incidents. Killed anywhere, the next
 * sweep goes on: an incident has one ticket by the store's own rule. Gives the ids of the tickets that were opened or changed.
 */
export async function sweepTickets(store: Store, rules: TicketRules): Promise<readonly string[]> {
  const changed: string[] = []
  for (const { incident, version, ticket } of await store.unsweptIncidents(incidentsPerSweep)) {
    if (ticket === null) {
      const opened = rules.ticketFor(incident)
      if (await store.openTicket(opened, version)) changed.push(opened.id)
    } else {
      const updated = rules.updateTicket(ticket.ticket, incident)
      // When a person wrote in between, the incident stays unswept and the next sweep sees the newer ticket.
      if (await store.saveTicket(updated, ticket.version, version)) changed.push(updated.id)
    }
  }
  return changed
}

/** What a person does to a ticket. */
export type TicketAction =
  | { readonly kind: 'assign'; readonly owner: string; readonly text?: string }
  | { readonly kind: 'transfer'; readonly owner: string; readonly reason: string }
  | { readonly kind: 'comment'; readonly text: string }
  | { readonly kind: 'resolve' | 'close' | 'reopen'; readonly text?: string }

/** States from which each action may be taken. */
const from = {
  assign: ['open', 'assigned'],
  transfer: ['open', 'assigned'],
  comment: ['open', 'assigned', 'resolved', 'closed'],
  resolve: ['open', 'assigned'],
  close: ['resolved'],
  reopen: ['resolved', 'closed'],
} as const satisfies { readonly [K in TicketAction['kind']]: readonly TicketState[] }

/** Takes the action and writes it; refuses with NOT_FOUND, TICKET_STATE or CONFLICT. */
export async function actOnTicket(store: Store, id: string, action: TicketAction, by: string, at: Instant): Promise<Ticket> {
  for (let tries = 0; tries < triesMax; tries += 1) {
    const read = await store.ticket(id)
    if (read === null) throw new Refusal('NOT_FOUND', 'There is no such ticket.')
    const next = afterAction(read.ticket, action, by, at)
    if (await store.saveTicket(next, read.version)) return next
  }
  throw new Refusal('CONFLICT', 'The ticket kept changing while it was written.')
}

/** The ticket after the action. Refuses with TICKET_STATE where the ticket's state doesn't allow it. */
export function afterAction(ticket: Ticket, action: TicketAction, by: string, at: Instant): Ticket {
  const allowed: readonly TicketState[] = from[action.kind]
  if (!allowed.includes(ticket.state))
    throw new Refusal('TICKET_STATE', `A ticket that is ${ticket.state} can not take the action ${action.kind}.`)
  const told = (kind: TimelineItem['kind'], text: Text): Ticket => ({
    ...ticket,
    timeline: [...ticket.timeline, { at, kind, by, text }],
  })
  switch (action.kind) {
    case 'assign':
      return {
        ...told('assigned', withNote({ zh: `指派给 ${action.owner}`, en: `Assigned to ${action.owner}` }, action.text)),
        state: 'assigned',
        owner: action.owner,
      }
    case 'transfer':
      return {
        ...told('transferred', withNote({ zh: `转给 ${action.owner}`, en: `Transferred to ${action.owner}` }, action.reason)),
        state: 'assigned',
        owner: action.owner,
        transfers: ticket.transfers + 1,
      }
    case 'comment':
      return told('comment', { zh: action.text, en: action.text })
    case 'resolve':
      return { ...told('resolved', withNote({ zh: '已解决', en: 'Resolved' }, action.text)), state: 'resolved', resolvedAt: at }
    case 'close':
      return { ...told('closed', withNote({ zh: '已关闭', en: 'Closed' }, action.text)), state: 'closed' }
    case 'reopen':
      return { ...told('reopened', withNote({ zh: '重新打开', en: 'Reopened' }, action.text)), state: 'open', resolvedAt: null }
    default:
      return action satisfies never
  }
}

function withNote(text: Text, note: string | undefined): Text {
  return note === undefined ? text : { zh: `${text.zh}：${note}`, en: `${text.en}: ${note}` }
}
