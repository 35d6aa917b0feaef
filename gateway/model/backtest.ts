import type { Incident } from './incident.ts'
import type { Instant } from './time.ts'
import type { Violation } from './violation.ts'

/** What a contract would have found and ticketed on traffic of the past. */
export interface Backtest {
  readonly interfaceId: string
  readonly contract: string
  readonly version: string
  readonly from: Instant | null
  readonly to: Instant | null
  readonly exchanges: number
  /** Exchanges whose messages are not kept any more: nothing could be checked. */
  readonly unreadable: number
  /** Exchanges with at least one violation that is counted (warn or ticket). */
  readonly violating: number
  readonly days: readonly BacktestDay[]
  /** Heaviest and most frequent first; at most 200. */
  readonly rules: readonly BacktestRule[]
  readonly tickets: readonly BacktestTicket[]
}

export interface BacktestDay {
  /** `2026-11-23` in the hospital's zone. */
  readonly day: string
  readonly exchanges: number
  readonly violating: number
  readonly tickets: number
}

export interface BacktestRule extends Pick<Violation, 'element' | 'rule' | 'severity' | 'side' | 'message'> {
  /** Exchanges that break it. */
  readonly exchanges: number
  readonly firstAt: Instant
  readonly lastAt: Instant
  /** At most 5, the first and the newest. */
  readonly exchangeIds: readonly string[]
  /** By day, those days alone that have any. */
  readonly days: { readonly [day: string]: number }
}

export interface BacktestTicket extends Pick<Incident, 'title' | 'openedAt' | 'resolvedAt' | 'severity' | 'exchangeIds'> {
  /** Best first. */
  readonly causes: readonly string[]
}
