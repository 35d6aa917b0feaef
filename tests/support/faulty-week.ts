import type { Fate } from '../../fixtures/hospital/wire.ts'
import type { Setting } from '../../gateway/desk/setting.ts'
import type { TicketAction } from '../../gateway/desk/ticket-actions.ts'
import { actOnTicket } from '../../gateway/desk/tickets.ts'
import type { Ticket } from '../../gateway/model/ticket.ts'
import type { Instant } from '../../gateway/model/time.ts'
import type { Store } from '../../gateway/store/store.ts'
import {
  charsetMismatch,
  expiredToken,
  faring,
  missingField,
  noAnswer,
  rateLimited,
  receiverDown,
  type Span,
  silentSender,
  slowWard,
  unknownCode,
  zoneStep,
} from '../scenarios/faults.ts'
import { type Striking, together } from './report-week.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** Monday of 2026-W47 in Shenzhen, 00:00. */
export const monday: Instant = Date.UTC(2026, 10, 15, 16)

export function weekAfter(weeks: number): Instant {
  return monday + weeks * 7 * dayMs
}

/** Day 0 is that Monday; hours of the hospital's wall clock. */
function on(day: number, fromHour: number, toHour: number): Span {
  return { from: monday + day * dayMs + fromHour * hourMs, to: monday + day * dayMs + toHour * hourMs }
}

/** Ten faults in the week and a new release that breaks nothing, and two faults in the week before of which one comes back. */
export function faultyWeek(): Striking {
  return together(
    receiverDown(on(-5, 9, 11), 'his-ris-exam-order'),
    expiredToken(on(-3, 8, 10)),
    receiverDown(on(0, 10, 12), 'his-ris-exam-order'),
    zoneStep(on(1, 9, 17), 'lis', -2),
    missingField(on(2, 8, 18)),
    unknownCode(on(2, 13, 18)),
    charsetMismatch(on(3, 8, 13)),
    silentSender(on(3, 13, 16)),
    expiredToken(on(4, 8, 11)),
    rateLimited(on(4, 12, 17)),
    slowWard(on(5, 7, 14)),
    noAnswer(on(6, 8, 20)),
    newRelease(on(2, 12, 168)),
  )
}

/** The record system calls itself by another version from that noon on, and works as before. */
function newRelease(span: Span): Striking {
  const changedCall: Fate['changedCall'] = (call) => ({
    ...call,
    headers: { ...call.headers, 'user-agent': 'SZPH-EMR/7.3' },
  })
  return faring(span, { 'emr-cdss-rx-check': () => ({ kind: 'answered', changedCall }) })
}

const people: readonly string[] = ['chen.wei', 'liu.min', 'wang.tao']

/** Once an hour: what is open is taken, what lies between LIS and HIS is handed on, help is asked for, and what is over is closed. */
export async function peopleAtWork(store: Store, setting: Setting, now: Instant): Promise<void> {
  const { items } = await store.tickets({ limit: 100 })
  for (const [i, ticket] of items.entries()) {
    const step = nextStep(ticket, now, i)
    if (step !== null) await actOnTicket(store, ticket.id, step.action, { by: step.by, at: now, setting })
  }
}

function nextStep(ticket: Ticket, now: Instant, i: number): { readonly by: string; readonly action: TicketAction } | null {
  const person = people[i % people.length] ?? 'chen.wei'
  const isOfLis = ticket.systemIds.includes('lis') || ticket.interfaceIds.some((id) => id.includes('lis'))
  if (ticket.state === 'open') return { by: person, action: { kind: 'assign', owner: person } }
  if (ticket.state === 'assigned' && isOfLis && ticket.transfers < 3) {
    const next = people[(people.indexOf(ticket.owner ?? '') + 1) % people.length] ?? 'liu.min'
    return { by: ticket.owner ?? person, action: { kind: 'transfer', owner: next, reason: '对端系统的问题' } }
  }
  if (ticket.state === 'assigned' && !ticket.timeline.some(({ kind }) => kind === 'help') && ticket.severity !== 'P4')
    return { by: ticket.owner ?? person, action: { kind: 'help', text: '请协助核对接收端日志' } }
  const isOld = ticket.resolvedAt !== null && now - ticket.resolvedAt > 6 * hourMs
  return ticket.state === 'resolved' && isOld ? { by: person, action: { kind: 'close' } } : null
}
