import type { Position } from '../model/entry.ts'
import type { Alert, Incident } from '../model/incident.ts'
import type { Json } from '../model/json.ts'
import type { BatchResults } from '../model/observed.ts'
import type { ClockState } from '../model/reading.ts'
import type { Text } from '../model/text.ts'
import type { Ticket, TicketState } from '../model/ticket.ts'
import type { Instant } from '../model/time.ts'
import type { ViolationSeverity } from '../model/violation.ts'
import type { AccessStore } from './access-store.ts'
import type { AuditStore } from './audit-store.ts'
import type { ChangeStore } from './change-store.ts'
import type { ContractStore } from './contract-store.ts'
import type { DutyStore, NoticeStore, TicketEffects } from './duty-store.ts'
import type { ExchangeStore, Page } from './exchange-store.ts'
import type { KnowledgeStore } from './knowledge-store.ts'
import type { ReportStore } from './report-store.ts'
import type { SearchStore } from './search-store.ts'

/**
 * The Database port. Asynchronous throughout, so that a database across a network can stand behind it. Every call may reject
 * with a Failure: DISK_FULL, STORE_CORRUPT, STORE_BUSY, STORE_UNWRITABLE; a call that rejects has changed nothing and may be
 * repeated. `tests/laws/store.ts` says what every implementation must do.
 */
export interface Store
  extends ResultStore,
    ExchangeStore,
    SeriesStore,
    StateStore,
    TicketStore,
    ChangeStore,
    DutyStore,
    NoticeStore,
    KnowledgeStore,
    ReportStore,
    ContractStore,
    AccessStore,
    SearchStore,
    AuditStore {
  /** Does one bounded slice of what retention asks for; `more` says whether to call again. The disk shrinks as it goes. */
  prune(retention: Retention): Promise<Pruned>
  /** What the store takes on disk now. */
  size(): Promise<{ readonly rowBytes: number; readonly bodyBytes: number }>
  close(): Promise<void>
}

/** Write side of analysis. */
export interface ResultStore {
  /**
   * Writes everything of a batch and its position in one transaction. A batch whose position isn't after the committed one
   * is not written and gives `already-committed`; an exchange that is stored already is never counted again.
   */
  commit(results: BatchResults): Promise<'committed' | 'already-committed'>
  /** Where analysis goes on after a restart. */
  resume(): Promise<{
    readonly committed: Position | null
    /** Analysis clock of the last batch. */
    readonly now: Instant | null
    readonly checkpoint: { readonly position: Position; readonly state: Json } | null
  }>
}

export interface OutcomeCounts {
  readonly exchanges: number
  readonly answered: number
  readonly failed: number
  readonly unanswered: number
  readonly orphans: number
  readonly oneWay: number
}

export interface LatencyQuantiles {
  readonly p50: number | null
  readonly p95: number | null
  readonly p99: number | null
  readonly n: number
}

export interface SeriesPoint extends OutcomeCounts {
  readonly at: Instant
  readonly violations: { readonly [S in ViolationSeverity]: number }
  readonly requestBytes: number
  readonly answerBytes: number
  /** Exchanges that were observed in full. */
  readonly fullyObserved: number
  readonly latencyMs: LatencyQuantiles
}

export interface SeriesQuery {
  readonly interfaceId: string
  /** A whole minute; a whole hour where minutes are no longer kept. */
  readonly from: Instant
  readonly to: Instant
  /** A whole number of minutes. */
  readonly stepMs: number
}

export interface ViolationCount {
  readonly element: string
  readonly rule: string
  readonly severity: ViolationSeverity
  readonly message: Text
  readonly count: number
  readonly lastAt: Instant
  readonly exchangeId: string
}

export interface SeriesStore {
  /** One point per step from `from`, empty steps included. */
  series(query: SeriesQuery): Promise<readonly SeriesPoint[]>
  /** By element, rule and severity, most frequent first; counted by whole hours that touch the span. At most 500. */
  violationCounts(interfaceId: string, from: Instant, to: Instant): Promise<readonly ViolationCount[]>
}

/** What is known of one interface since the store was made. */
export interface InterfaceTotals extends OutcomeCounts {
  readonly interfaceId: string
  readonly firstAt: Instant
  readonly lastAt: Instant
  readonly violations: { readonly [S in ViolationSeverity]: number }
}

export interface EdgeTick {
  readonly edgeId: string
  readonly at: Instant
  readonly health: Json
}

export interface Changes {
  /** Give it as `since` next time. */
  readonly change: number
  readonly interfaceIds: readonly string[]
  readonly ticketIds: readonly string[]
  readonly systemIds: readonly string[]
}

export interface StateStore {
  /** Interfaces that were ever observed. */
  totals(): Promise<readonly InterfaceTotals[]>
  alerts(filter: { readonly state?: Alert['state'] }): Promise<readonly Alert[]>
  alert(id: string): Promise<Alert | null>
  incident(id: string): Promise<Incident | null>
  clocks(): Promise<readonly ClockState[]>
  edges(): Promise<readonly EdgeTick[]>
  /** Sums of what observation shed, by reason: since ever, or from `from` by whole minutes. */
  dropped(from?: Instant): Promise<readonly { readonly reason: string; readonly count: number }[]>
  /** Bytes of the log that retention or damage took before analysis read them. */
  lostBytes(): Promise<number>
  /** What that monitor remembered at the last checkpoint; null where there is none. */
  monitorMemory(name: string): Promise<Json | null>
  /** What changed after `since` (0 = everything). */
  changes(since: number): Promise<Changes>
}

export interface TicketQuery {
  readonly states?: readonly TicketState[]
  readonly interfaceId?: string
  /** Id of the best cause. */
  readonly cause?: string
  readonly openedFrom?: Instant
  readonly limit: number
  readonly cursor?: string
}

/** A ticket with what a writer must give back: a write on an older version is refused. */
export interface VersionedTicket {
  readonly ticket: Ticket
  readonly version: number
}

export interface TicketStore {
  /** Incidents whose ticket is missing or older than the incident, oldest first. */
  unsweptIncidents(
    limit: number,
  ): Promise<readonly { readonly incident: Incident; readonly version: number; readonly ticket: VersionedTicket | null }[]>
  /** False when the incident has a ticket already: an incident never has two. */
  openTicket(ticket: Ticket, incidentVersion: number, effects?: TicketEffects): Promise<boolean>
  /** False when somebody wrote in between. `incidentVersion`: set where the ticket was brought up to its incident. */
  saveTicket(ticket: Ticket, expectedVersion: number, incidentVersion?: number, effects?: TicketEffects): Promise<boolean>
  ticket(id: string): Promise<VersionedTicket | null>
  /** Newest opening first. */
  tickets(query: TicketQuery): Promise<Page<Ticket>>
  /** Tickets that are open or assigned, by interface. */
  openTicketCounts(): Promise<{ readonly [interfaceId: string]: number }>
  /** All tickets by state, best cause and severity. */
  ticketCounts(): Promise<readonly { state: TicketState; cause: string; severity: Ticket['severity']; count: number }[]>
}

/** What is older goes. Bodies and series go by whole files or rows, exchanges row by row. */
export interface Retention {
  readonly bodiesBefore: Instant
  readonly exchangesBefore: Instant
  readonly minutesBefore: Instant
  readonly hoursBefore: Instant
  /** Alerts and incidents that resolved, tickets that were closed, before this. */
  readonly closedBefore: Instant
}

export interface Pruned {
  readonly more: boolean
  readonly exchanges: number
  readonly bodyFiles: number
}
