import type { Json } from './json.ts'
import type { Text } from './text.ts'
import type { Instant } from './time.ts'

export const reportKinds = ['daily', 'weekly', 'monthly'] as const
export type ReportKind = (typeof reportKinds)[number]

/** A report as it was made: what it says never changes afterwards, whatever is pruned. */
export interface MadeReport {
  /** `weekly-2026-W47`. */
  readonly id: string
  readonly kind: ReportKind
  /** `2026-11-22`, `2026-W47` or `2026-11`. */
  readonly period: string
  readonly madeAt: Instant
  readonly title: Text
  /** The one sentence that a list and a notice show. Free of patient data. */
  readonly headline: Text
  /** The report itself; `gateway/desk/api/report-shapes.ts` has its schema. */
  readonly body: Json
}

/** A report that falls due. */
export interface ReportDuty {
  readonly kind: ReportKind
  readonly period: string
  readonly dueAt: Instant
}

/** What a report asks for: one thing to do, by somebody, until a day. It is carried on until it is done or dropped. */
export interface ReportAction {
  /** Made of the report's period and the place in its list: `2026-W47-1`. */
  readonly id: string
  readonly period: string
  readonly madeAt: Instant
  readonly interfaceId: string
  /** The leading cause, by which a later report knows whether it is still seen; null: none was found. */
  readonly cause: string | null
  readonly text: Text
  readonly owner: string | null
  /** `2026-11-29`, of the hospital's calendar. */
  readonly dueOn: string | null
  readonly state: 'open' | 'done' | 'dropped'
  readonly note: string | null
  /** When its state became what it is. */
  readonly changedAt: Instant
}
