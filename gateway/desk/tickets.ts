import type { Ticket } from '../model/ticket.ts'
import type { Instant } from '../model/time.ts'
import type { Store } from '../store/store.ts'
import { Refusal } from './api/problems.ts'
import { planDuties } from './duties/plan-duties.ts'
import { eachApart } from './each-apart.ts'
import { lessonOf } from './knowledge/lesson.ts'
import type { Setting } from './setting.ts'
import { type Acting, afterAction, type TicketAction } from './ticket-actions.ts'
import { createTicketRules } from './ticket-rules.ts'

const incidentsPerSweep = 200
/** Somebody else wrote in between: read again and try again, so often. */
const triesMax = 5

/**
 * Opens a ticket for every ticketed incident that has none, and brings the others up to their incidents, with their duties. Killed
 * anywhere, the next sweep goes on: an incident has one ticket by the store's own rule. Gives the ids of the tickets that were opened
 * or changed.
 */
export async function sweepTickets(store: Store, setting: Setting, now: Instant): Promise<readonly string[]> {
  const rules = createTicketRules(setting.catalogue, setting.rules)
  const changed: string[] = []
  await eachApart(await store.unsweptIncidents(incidentsPerSweep), async ({ incident, version, ticket }) => {
    if (ticket === null) {
      const opened = planDuties(null, rules.ticketFor(incident), setting, now)
      if (await store.openTicket(opened.ticket, version, opened.effects)) changed.push(opened.ticket.id)
    } else {
      const updated = planDuties(ticket.ticket, rules.updateTicket(ticket.ticket, incident), setting, now)
      // When a person wrote in between, the incident stays unswept and the next sweep sees the newer ticket.
      const isSaved = await store.saveTicket(updated.ticket, ticket.version, version, updated.effects)
      if (isSaved) changed.push(updated.ticket.id)
    }
  })
  return changed
}

/** Takes the action and writes it with what it does to the duties; refuses with NOT_FOUND, TICKET_STATE or CONFLICT. */
export async function actOnTicket(store: Store, id: string, action: TicketAction, acting: Acting): Promise<Ticket> {
  for (let tries = 0; tries < triesMax; tries += 1) {
    const read = await store.ticket(id)
    if (read === null) throw new Refusal('NOT_FOUND', 'There is no such ticket.')
    const planned = planDuties(read.ticket, afterAction(read.ticket, action, acting), acting.setting, acting.at)
    const effects = { ...planned.effects, lesson: lessonOf(planned.ticket, action, acting) }
    if (await store.saveTicket(planned.ticket, read.version, 0, effects)) return planned.ticket
  }
  throw new Refusal('CONFLICT', 'The ticket kept changing while it was written.')
}
