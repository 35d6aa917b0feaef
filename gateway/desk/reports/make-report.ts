import { workdaysAfter } from '../../model/calendar.ts'
import type { Json } from '../../model/json.ts'
import type { MadeReport } from '../../model/report.ts'
import type { Instant } from '../../model/time.ts'
import type { HealthReport } from '../api/report-shapes.ts'
import { gather, type ReportSources } from './gather.ts'
import { actionsOf, healthReport } from './health-report.ts'
import { dateText, type Period } from './period.ts'

/** Working days that a meeting gives for what comes first: to the next meeting. */
const actionWorkdays = 5

/** The report of a period as the store has it at `now`. Writes nothing. */
export async function makeReport(sources: ReportSources, period: Period, now: Instant): Promise<HealthReport> {
  return healthReport(await gather(sources, period, now))
}

export function reportId(period: Pick<Period, 'kind' | 'name'>): string {
  return `${period.kind}-${period.name}`
}

/** The report as the store keeps it. */
export function keptReport(report: HealthReport, madeAt: Instant): MadeReport {
  const body: Json = JSON.parse(JSON.stringify(report))
  return {
    id: reportId({ kind: report.kind, name: report.period }),
    kind: report.kind,
    period: report.period,
    madeAt,
    title: report.title,
    headline: report.headline,
    body,
  }
}

/** What the report asks people to do. Only the weekly one does: its meeting is where actions are given out. */
export async function reportActionsOf(report: HealthReport, { store, catalogue }: ReportSources, madeAt: Instant) {
  if (report.kind !== 'weekly') return []
  const { dueAt } = workdaysAfter(madeAt, actionWorkdays, catalogue.hospital)
  const open = await store.reportActions({ changedFrom: madeAt })
  return actionsOf(report, open, { madeAt, dueOn: dateText(dueAt, catalogue.hospital) })
}
