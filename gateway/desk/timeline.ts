import type { Text } from '../model/text.ts'
import type { Ticket, TimelineItem } from '../model/ticket.ts'
import type { Instant } from '../model/time.ts'

const timelineMax = 200

/** The ticket with one more thing that happened to it. Bounded: the opening stays, the newest follow. */
export function told(ticket: Ticket, at: Instant, kind: TimelineItem['kind'], by: string, text: Text): Ticket {
  return withItem(ticket, { at, kind, by, text })
}

export function withItem(ticket: Ticket, item: TimelineItem): Ticket {
  const all = [...ticket.timeline, item]
  return { ...ticket, timeline: all.length <= timelineMax ? all : [...all.slice(0, 1), ...all.slice(1 - timelineMax)] }
}

/** The same for what Auscult did by the rules. */
export function toldByRule(ticket: Ticket, at: Instant, kind: TimelineItem['kind'], text: Text): Ticket {
  return told(ticket, at, kind, 'auscult', text)
}

/** When the work on it began: its opening, or the last time it opened again. */
export function intakeOf(ticket: Ticket): Instant {
  return ticket.timeline.reduce((last, { kind, at }) => (kind === 'reopened' ? Math.max(last, at) : last), ticket.openedAt)
}
