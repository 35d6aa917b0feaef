import type { Instant } from './time.ts'

/**
 * What somebody owes a ticket by a certain time. assign: somebody takes it. arrive: somebody is there. recover: it works again.
 * solve: it is over before it becomes a 疑难问题. progress: the hourly report of a major event. post-mortem: its last report.
 * close: what is resolved is confirmed. notify: the first notice of a major event is out on two channels.
 */
export type DutyKind = 'assign' | 'arrive' | 'recover' | 'solve' | 'progress' | 'post-mortem' | 'close' | 'notify'

export const dutyKinds = [
  'assign',
  'arrive',
  'recover',
  'solve',
  'progress',
  'post-mortem',
  'close',
  'notify',
] as const satisfies readonly DutyKind[]

/** open: still owed, late or not. void: the ticket went another way. */
export type DutyState = 'open' | 'done' | 'void'

/** A row that falls due. */
export interface Duty {
  /** Made of ticket, kind, beginning and deadline, so that the same duty is never begun twice. */
  readonly id: string
  readonly ticketId: string
  readonly kind: DutyKind
  readonly startedAt: Instant
  readonly dueAt: Instant
  readonly state: DutyState
  /** When the sweep found it late and did what follows from that, once; null: not late, or not yet found. */
  readonly overdueAt: Instant | null
  readonly endedAt: Instant | null
}
