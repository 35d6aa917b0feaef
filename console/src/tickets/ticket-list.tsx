import type { ReactNode } from 'react'
import type { TicketAnswer } from '../../../gateway/desk/api/shapes.ts'
import type { Names } from '../parts/catalogue.ts'
import { SeverityMark, TicketStateMark } from '../parts/marks.tsx'
import { percentText } from '../parts/number.ts'
import { dayTime, lengthText, msBetween } from '../parts/time.ts'
import { Link } from '../route.tsx'
import { useLanguage } from '../words/language.tsx'
import { useCauseName } from './causes.ts'
import { lastingOf } from './lasting.ts'

/** Tickets as a queue; on a phone each becomes a card. */
export function TicketList({
  items,
  now,
  names,
}: {
  readonly items: readonly TicketAnswer[]
  /** The server's clock, or null while it isn't known. */
  readonly now: string | null
  readonly names: Names
}): ReactNode {
  return (
    <ul className="tickets">
      {items.map((ticket) => (
        <TicketItem key={ticket.id} ticket={ticket} now={now} names={names} />
      ))}
    </ul>
  )
}

function TicketItem({
  ticket,
  now,
  names,
}: {
  readonly ticket: TicketAnswer
  readonly now: string | null
  readonly names: Names
}): ReactNode {
  const { words, pick } = useLanguage()
  const causeName = useCauseName()
  const lead = ticket.causes[0]
  const { isActive, until, isOverdue } = lastingOf(ticket, now)
  return (
    <li className={`ticket ticket-${ticket.severity} ${isActive ? '' : 'ticket-over'}`}>
      <SeverityMark severity={ticket.severity} />
      <div className="ticket-main">
        <Link to={`/tickets/${ticket.id}`} className="ticket-title">
          {pick(ticket.title)}
        </Link>
        <p className="ticket-cause">
          {lead === undefined ? words.tickets.unknown : causeName(lead.id)}
          {lead !== undefined && <span className="quiet"> {percentText(lead.confidence, 0)}</span>}
        </p>
        <p className="quiet ticket-interfaces">{ticket.interfaceIds.map(names.iface).join(' · ')}</p>
      </div>
      <div className="ticket-end">
        <TicketStateMark state={ticket.state} />
        <span className="ticket-owner">{ticket.owner === null ? words.tickets.nobody : names.team(ticket.owner)}</span>
      </div>
      <div className="ticket-time figures">
        <span>{dayTime(ticket.openedAt, now, 'min')}</span>
        <span className={isOverdue ? 'bad' : 'quiet'} title={isOverdue ? words.tickets.overdue : undefined}>
          {until === null ? '' : lengthText(msBetween(ticket.openedAt, until), words)}
        </span>
      </div>
    </li>
  )
}
