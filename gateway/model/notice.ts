import type { Text } from './text.ts'
import type { Instant } from './time.ts'

/**
 * What people are told outside of the console. first, progress, post-mortem: the three stages of a major event; recovered: it is over;
 * overdue: a duty was not done in time; channel-dead: another channel delivers nothing; channel-back: it does again; report: a health
 * report was made; test: somebody asked whether the channel works, which is no duty's and not kept.
 */
export type NoticeKind =
  | 'first'
  | 'progress'
  | 'recovered'
  | 'post-mortem'
  | 'overdue'
  | 'channel-dead'
  | 'channel-back'
  | 'report'
  | 'test'

/** One notice, the same for every channel. Free of bodies and of what identifies a patient. */
export interface Notice {
  /** The idempotency key: the same notice has the same one at every try, over every channel and after every restart. */
  readonly id: string
  readonly kind: NoticeKind
  /** Null: not about a ticket. */
  readonly ticketId: string | null
  readonly at: Instant
  readonly severity: 'P1' | 'P2' | 'P3' | 'P4'
  readonly interfaceIds: readonly string[]
  readonly title: Text
  readonly body: Text
  /** The report that goes with it, as a file where the channel takes files. */
  readonly reportId?: string
}

/** How a notice fares on one channel. abandoned: tried for a day. */
export type DeliveryState = 'waiting' | 'sent' | 'abandoned'
