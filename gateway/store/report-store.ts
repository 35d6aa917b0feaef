import type { Outcome } from '../model/exchange.ts'
import type { Alert } from '../model/incident.ts'
import type { MadeReport, ReportAction, ReportDuty, ReportKind } from '../model/report.ts'
import type { Ticket } from '../model/ticket.ts'
import type { Instant } from '../model/time.ts'
import type { NoticeToSend } from './duty-store.ts'
import type { Page } from './exchange-store.ts'

/** So many exchanges of one interface came to nothing in one way. */
export interface FailureCount {
  readonly interfaceId: string
  readonly outcome: Extract<Outcome, 'failed' | 'unanswered' | 'orphan'>
  /** What the answer said, as `AE`, `503` or `A700`. */
  readonly code: string | null
  /** The first fact of the wire, as `refused`; null: the wire was quiet. */
  readonly wire: string | null
  readonly count: number
}

/** What a report is made of besides series, and what becomes of it. Spans are from inclusive to exclusive. */
export interface ReportStore {
  /** Most frequent first; at most 2,000 rows. */
  failureCounts(from: Instant, to: Instant): Promise<readonly FailureCount[]>
  /** Alerts that were bad at some time of the span, oldest id first; at most 5,000. */
  alertsDuring(from: Instant, to: Instant): Promise<readonly Alert[]>
  /** Tickets that were opened before the end and not resolved before the beginning, oldest first; of more than 2,000 the newest. */
  ticketsDuring(from: Instant, to: Instant): Promise<readonly Ticket[]>
  /** When anything was observed for the first time; null: never. */
  observedFrom(): Promise<Instant | null>
  /**
   * Writes a report that was due, with what follows from it, in one transaction: the duty ends, the next one of its kind begins. False,
   * and nothing is written, when the duty has been done already.
   */
  keepReport(made: {
    readonly report: MadeReport
    readonly next: ReportDuty
    /** One whose id is there already stays as it is. */
    readonly actions: readonly ReportAction[]
    readonly notices: readonly NoticeToSend[]
  }): Promise<boolean>
  report(id: string): Promise<MadeReport | null>
  /** Newest first, without their bodies. */
  reports(query: {
    readonly kind?: ReportKind
    readonly limit: number
    readonly cursor?: string
  }): Promise<Page<Omit<MadeReport, 'body'>>>
  /** What is due next of each kind. */
  reportDuties(): Promise<readonly ReportDuty[]>
  /** Puts the open duty of the kind in the place of whatever was due; null: none is. */
  planReport(kind: ReportKind, duty: ReportDuty | null): Promise<void>
  /** Oldest first; at most 500. `changedFrom`: those that ended before are left out. */
  reportActions(query: { readonly changedFrom: Instant }): Promise<readonly ReportAction[]>
  reportAction(id: string): Promise<ReportAction | null>
  /** False when there is no such action, or somebody changed it since `expectedChangedAt`. */
  saveReportAction(action: ReportAction, expectedChangedAt: Instant): Promise<boolean>
}
