import type { Facts } from './document.ts'
import type { Position } from './entry.ts'
import type { Exchange } from './exchange.ts'
import type { Alert, Incident } from './incident.ts'
import type { Json } from './json.ts'
import type { ClockState } from './reading.ts'
import type { Instant } from './time.ts'
import type { Violation } from './violation.ts'

/** An exchange with what was read from it: what the store keeps a row of. */
export interface ObservedExchange {
  readonly position: Position
  readonly exchange: Exchange
  readonly requestFacts: Facts | null
  readonly answerFacts: Facts | null
  readonly violations: readonly Violation[]
}

/** What one batch of the Log changed. Written in one transaction with the position after it. */
export interface BatchResults {
  /** Position of the last entry of the batch: analysis goes on after it. */
  readonly position: Position
  /** The analysis clock after the batch. */
  readonly now: Instant
  readonly exchanges: readonly ObservedExchange[]
  /** Changed ones only, as they stand after the batch. */
  readonly alerts: readonly Alert[]
  readonly incidents: readonly Incident[]
  readonly clocks: readonly ClockState[]
  /** Ticks of the batch, newest per edge, and sums of what was shed. */
  readonly ticks: readonly { readonly at: Instant; readonly edgeId: string; readonly health: Json }[]
  readonly dropped: readonly { readonly at: Instant; readonly reason: string; readonly count: number }[]
  /** Entries of the log that retention or damage took before they were read. */
  readonly lostBytes: number
  /**
   * The whole state of monitors, alert book and incidents after `position`, now and then (not in every batch). After a restart
   * analysis loads it, reads the log again from there to the committed position without writing, and goes on.
   */
  readonly checkpoint: Json | null
  /** Declarations that were taken before the batch, by their numbers, and the position that they count after. Left out: none. */
  readonly declarations?: readonly { readonly num: number; readonly after: Position | null }[]
}
