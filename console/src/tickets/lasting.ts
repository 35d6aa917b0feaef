import type { TicketAnswer } from '../../../gateway/desk/api/shapes.ts'
import { msBetween } from '../parts/time.ts'

/** Whether somebody has to work on a ticket, until when its trouble lasts (null: nobody knows what time it is), and whether it should be over. */
export function lastingOf(
  ticket: TicketAnswer,
  now: string | null,
): { readonly isActive: boolean; readonly until: string | null; readonly isOverdue: boolean } {
  const isActive = ticket.state === 'open' || ticket.state === 'assigned'
  return {
    isActive,
    until: isActive ? now : (ticket.resolvedAt ?? ticket.lastSeenAt),
    isOverdue: isActive && now !== null && ticket.expectedRecoveryAt !== null && msBetween(ticket.expectedRecoveryAt, now) > 0,
  }
}
