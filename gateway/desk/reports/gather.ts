import type { Alert, Incident } from '../../model/incident.ts'
import type { Catalogue } from '../../model/interface.ts'
import type { ClockState } from '../../model/reading.ts'
import type { ReportAction } from '../../model/report.ts'
import type { Text } from '../../model/text.ts'
import type { Ticket } from '../../model/ticket.ts'
import type { Instant, Millis } from '../../model/time.ts'
import type { FailureCount } from '../../store/report-store.ts'
import type { InterfaceTotals, SeriesPoint, Store, ViolationCount } from '../../store/store.ts'
import type { DeskRules } from '../rules/desk-rules.ts'
import { teamNames } from '../rules/teams.ts'
import type { Period } from './period.ts'

const hourMs = 3_600_000
const dayMs = 86_400_000
/** Tickets of one cause on one interface are repeats within so many days. */
export const repeatDays = 28

/** One interface over one span, as the store has it. */
export interface InterfaceSpan {
  /** Null: nothing was observed at all. */
  readonly whole: SeriesPoint | null
  readonly violations: readonly ViolationCount[]
  readonly failures: readonly FailureCount[]
}

export interface GatheredInterface {
  readonly totals: InterfaceTotals | null
  readonly now: InterfaceSpan
  readonly before: InterfaceSpan
  /** One per step of the period. */
  readonly points: readonly SeriesPoint[]
  /** By hour over the period. */
  readonly hours: readonly SeriesPoint[]
}

/** Everything that a report is computed from. */
export interface Gathered {
  readonly period: Period
  readonly catalogue: Catalogue
  readonly madeAt: Instant
  readonly observedFrom: Instant | null
  readonly interfaces: ReadonlyMap<string, GatheredInterface>
  /** Alerts of this period and the one before. */
  readonly alerts: readonly Alert[]
  /** Tickets of this period, the one before, and the days in which repeats count. */
  readonly tickets: readonly Ticket[]
  readonly incidents: ReadonlyMap<string, Incident>
  readonly clocks: readonly ClockState[]
  readonly actions: readonly ReportAction[]
  /** What teams are called that own tickets and systems. */
  readonly teams: ReadonlyMap<string, Text>
}

export interface ReportSources {
  readonly store: Store
  readonly catalogue: Catalogue
  readonly rules: DeskRules
}

/** Asks the store for everything that the report of a period needs. */
export async function gather(sources: ReportSources, period: Period, madeAt: Instant): Promise<Gathered> {
  const { store, catalogue, rules } = sources
  const ticketsFrom = period.before.from - repeatDays * dayMs
  const [totals, failures, failuresBefore, alerts, tickets, clocks, actions, observedFrom] = await Promise.all([
    store.totals(),
    store.failureCounts(period.from, period.to),
    store.failureCounts(period.before.from, period.before.to),
    store.alertsDuring(period.before.from, period.to),
    store.ticketsDuring(ticketsFrom, period.to),
    store.clocks(),
    store.reportActions({ changedFrom: period.from }),
    store.observedFrom(),
  ])
  const interfaces = new Map<string, GatheredInterface>()
  for (const { id } of catalogue.interfaces) {
    const own = (rows: readonly FailureCount[]) => rows.filter((row) => row.interfaceId === id)
    interfaces.set(id, {
      totals: totals.find((t) => t.interfaceId === id) ?? null,
      now: await readSpan(store, id, period, own(failures)),
      before: await readSpan(store, id, period.before, own(failuresBefore)),
      points: await pointsOf(store, id, period),
      hours: await store.series({ interfaceId: id, from: wholeHour(period.from), to: period.to, stepMs: hourMs }),
    })
  }
  const incidents = new Map<string, Incident>()
  for (const { incidentId } of tickets) {
    const incident = await store.incident(incidentId)
    if (incident !== null) incidents.set(incidentId, incident)
  }
  return {
    period,
    catalogue,
    madeAt,
    observedFrom,
    interfaces,
    alerts,
    tickets,
    incidents,
    clocks,
    actions,
    teams: teamNames(rules),
  }
}

async function readSpan(
  store: Store,
  interfaceId: string,
  { from, to }: { readonly from: Instant; readonly to: Instant },
  failures: readonly FailureCount[],
): Promise<InterfaceSpan> {
  // One step over all of it: quantiles come from merged sketches, never from quantiles of parts.
  const [whole] = await store.series({ interfaceId, from: wholeHour(from), to, stepMs: wholeHours(to - wholeHour(from)) })
  const violations = await store.violationCounts(interfaceId, from, to)
  return { whole: whole === undefined || whole.exchanges === 0 ? null : whole, violations, failures }
}

async function pointsOf(store: Store, interfaceId: string, { steps, to }: Period): Promise<readonly SeriesPoint[]> {
  const points: SeriesPoint[] = []
  for (const [i, at] of steps.entries()) {
    const from = wholeHour(at)
    const end = wholeHour(steps[i + 1] ?? to)
    points.push(...(await store.series({ interfaceId, from, to: end, stepMs: wholeHours(end - from) })))
  }
  return points
}

/** Only hours are kept for long: a zone that is half an hour aside begins its days on the whole hour before. */
function wholeHour(at: Instant): Instant {
  return Math.floor(at / hourMs) * hourMs
}

function wholeHours(length: Millis): Millis {
  return Math.max(Math.ceil(length / hourMs), 1) * hourMs
}
