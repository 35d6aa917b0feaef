import type { Reading } from './reading.ts'
import type { Subject } from './subject.ts'
import type { Text } from './text.ts'
import type { Instant } from './time.ts'

/** Pending, firing, resolved. This life cycle exists once, in the alert book. */
export interface Alert {
  readonly id: string
  readonly monitor: string
  readonly signal: string
  readonly subject: Subject
  readonly state: 'pending' | 'firing' | 'resolved'
  readonly flapping: boolean
  readonly onsetAt: Instant
  readonly pendingAt: Instant
  readonly firingAt: Instant | null
  readonly resolvedAt: Instant | null
  readonly lastBadAt: Instant
  /** The newest bad reading. */
  readonly reading: Reading
}

/** One line of an explanation, with what it weighs (natural log of the likelihood ratio, for people rounded). */
export interface EvidenceLine {
  readonly text: Text
  readonly for: boolean
  readonly weight: number
}

/** One cause with its confidence. Ranked lists of these are the explanation of an incident. */
export interface RankedCause {
  /** An id of the root-cause list, or `unknown`. */
  readonly id: string
  /** 0..1 */
  readonly confidence: number
  readonly evidence: readonly EvidenceLine[]
  /** The system, interface or shared resource where the cause sits. */
  readonly locus: Subject | null
}

/** What was declared for all that calls for a ticket, and until when it holds the ticket back. */
export interface Withheld {
  /** Of planned changes and silences. */
  readonly ids: readonly string[]
  readonly untilAt: Instant
}

/** Alerts that share one cause. */
export interface Incident {
  readonly id: string
  readonly state: 'open' | 'resolved'
  readonly openedAt: Instant
  readonly lastSeenAt: Instant
  readonly resolvedAt: Instant | null
  /** When it last came back after it had been resolved (within 24 hours); null or absent: never. */
  readonly reopenedAt?: Instant | null
  readonly onsetAt: Instant
  /** critical: P1. */
  readonly severity: 'P1' | 'P2' | 'P3' | 'P4'
  readonly interfaceIds: readonly string[]
  readonly systemIds: readonly string[]
  readonly alertIds: readonly string[]
  readonly causes: readonly RankedCause[]
  readonly title: Text
  /** What to tell the engineer: first checks, owner, workaround. */
  readonly advice: Text
  /** At most 20, newest last. */
  readonly exchangeIds: readonly string[]
  /** True when it has passed the alert book's hold-off: the desk opens a ticket for it. */
  readonly ticketed: boolean
  /** How many distinct initiators show it, of how many that were seen since the onset. Absent when none was seen. */
  readonly peers?: { readonly affected: number; readonly seen: number }
  /** Why it calls for nobody now. Null or absent: nothing holds it back. */
  readonly withheld?: Withheld | null
  /** Planned changes and silences that held it back at some time. Absent: none did. */
  readonly withheldBy?: readonly string[]
  /** When it called for somebody although it had been held back. Null or absent: at once, or not at all. */
  readonly calledAt?: Instant | null
}

/** What the wire shows even once, without hold-off. */
export interface Finding {
  readonly cause: string
  readonly interfaceId: string
  readonly systemId: string | null
  /** At most 100; `count` is the whole number. */
  readonly exchangeIds: readonly string[]
  readonly count: number
  readonly firstAt: Instant
  readonly text: Text
}
