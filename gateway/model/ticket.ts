import type { RankedCause } from './incident.ts'
import type { SystemClass } from './interface.ts'
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
    | 'arrived'
    | 'progress'
    | 'help'
    | 'joined'
    | 'escalated'
    | 'overdue'
    | 'difficult'
    | 'post-mortem'
    | 'calendar-unknown'
  /** Who did it: a user name, or `auscult`. */
  readonly by: string
  readonly text: Text
  /** Of a progress report: its three parts. */
  readonly report?: { readonly taken: string; readonly blocker: string; readonly next: string }
}

/** On site, regional centre, headquarters. */
export type TicketLevel = 1 | 2 | 3

/** What is written after a major event: the third stage of its notices. */
export interface PostMortem {
  readonly at: Instant
  readonly by: string
  readonly rootCause: string
  readonly repair: string
  readonly prevention: string
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
  /** Who it lies with now: a person, or a team until somebody takes it. */
  readonly owner: string | null
  /** Who sees it through from intake to close, whoever owns it meanwhile: the first person it was assigned to, unless named. */
  readonly lead: string | null
  /** The first person who did anything to it. Never changes. */
  readonly firstResponder: string | null
  /** Of the five classes, the one of the system where the cause sits; null where the configuration doesn't say. */
  readonly systemClass: SystemClass | null
  readonly coordinator: string | null
  /** Who else works on it. */
  readonly parties: readonly string[]
  readonly level: TicketLevel
  readonly transfers: number
  /** A major event, or work across departments: told in three stages. Once true it stays. */
  readonly isMajor: boolean
  /** When somebody was there; null: not yet. */
  readonly arrivedAt: Instant | null
  /** Since when it is a 疑难问题: unsolved for so long that the regional centre had to take it. */
  readonly difficultAt: Instant | null
  readonly postMortem: PostMortem | null
  readonly timeline: readonly TimelineItem[]
  readonly exchangeIds: readonly string[]
}
