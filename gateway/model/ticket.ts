import type { RankedCause } from './incident.ts'
import type { Text } from './text.ts'
import type { Instant } from './time.ts'

export type TicketState = 'open' | 'assigned' | 'resolved' | 'closed'

export interface TimelineItem {
  readonly at: Instant
  readonly kind:
    | 'opened'
    | 'updated'
    | 'assigned'
    | 'transferred'
    | 'comment'
    | 'resolved'
    | 'closed'
    | 'reopened'
    | 'cause-changed'
  /** Who did it: a user name, or `auscult`. */
  readonly by: string
  readonly text: Text
}

/** The piece of work that people do about an incident. */
export interface Ticket {
  readonly id: string
  readonly incidentId: string
  readonly state: TicketState
  readonly severity: 'P1' | 'P2' | 'P3' | 'P4'
  readonly title: Text
  readonly interfaceIds: readonly string[]
  readonly systemIds: readonly string[]
  readonly openedAt: Instant
  readonly lastSeenAt: Instant
  readonly resolvedAt: Instant | null
  readonly causes: readonly RankedCause[]
  readonly advice: Text
  readonly knowledge: readonly { readonly id: string; readonly title: Text }[]
  readonly category: string
  /** One device or all: how many distinct peers show it of how many seen. */
  readonly scope: 'one-peer' | 'some-peers' | 'all-peers' | 'several-interfaces'
  readonly urgency: 'high' | 'medium' | 'low'
  readonly expectedRecoveryAt: Instant | null
  readonly owner: string | null
  readonly lead: string | null
  readonly level: 1 | 2 | 3
  readonly transfers: number
  readonly timeline: readonly TimelineItem[]
  readonly exchangeIds: readonly string[]
}
