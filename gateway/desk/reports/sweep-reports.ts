import type { ReportDuty } from '../../model/report.ts'
import type { Instant } from '../../model/time.ts'
import type { ReportSources } from './gather.ts'
import { keptReport, makeReport, reportActionsOf } from './make-report.ts'
import { periodOf } from './period.ts'
import { reportNotice } from './report-notice.ts'
import { firstDuty, lineOf, nextDuty, type ScheduleLine, scheduleOf, scheduleSetting } from './schedule.ts'

const leaseName = 'reports'
/** Longer than the making of a report. */
const leaseMs = 60_000

export interface ReportSweep {
  readonly sources: ReportSources
  /** Names of the channels that reports go out on. */
  readonly channels: readonly string[]
  /** Names this desk among others; a new one at every start. */
  readonly holder: string
}

/**
 * Makes the report that is due, when this desk holds the lease: one a sweep, the oldest first. Duties are rows: a desk that was away
 * makes up for what fell due meanwhile, and of two desks one makes it. Gives the ids of the reports that were made.
 */
export async function sweepReports({ sources, channels, holder }: ReportSweep, now: Instant): Promise<readonly string[]> {
  const { store } = sources
  const lines = scheduleOf(await store.setting(scheduleSetting))
  const duties = await store.reportDuties()
  const isPlanned = lines.every(({ kind, isOn }) => isOn === duties.some((duty) => duty.kind === kind))
  const due = duties.find(({ dueAt }) => dueAt <= now)
  if ((isPlanned && due === undefined) || !(await store.takeLease(leaseName, holder, now, leaseMs))) return []
  if (!isPlanned) await plan({ sources, channels, holder }, lines, await store.reportDuties(), now)
  if (due === undefined) return []
  return (await make({ sources, channels, holder }, due, lineOf(lines, due.kind), now)) ? [`${due.kind}-${due.period}`] : []
}

/** Lets the next desk sweep at once. */
export async function endReportSweeps({ sources, holder }: ReportSweep): Promise<void> {
  await sources.store.dropLease(leaseName, holder)
}

/** Begins what is on and has no duty, and ends what is off. */
async function plan({ sources }: ReportSweep, lines: readonly ScheduleLine[], duties: readonly ReportDuty[], now: Instant) {
  for (const line of lines) {
    const has = duties.some(({ kind }) => kind === line.kind)
    if (line.isOn && !has) await sources.store.planReport(line.kind, firstDuty(line, now, sources.catalogue.hospital))
    if (!line.isOn && has) await sources.store.planReport(line.kind, null)
  }
}

async function make({ sources, channels }: ReportSweep, due: ReportDuty, line: ScheduleLine, now: Instant): Promise<boolean> {
  const period = periodOf(due.kind, due.period, sources.catalogue.hospital)
  if (period === null) throw new Error('a report is due for no period')
  const report = await makeReport(sources, period, now)
  return sources.store.keepReport({
    report: keptReport(report, now),
    next: nextDuty(period, line, sources.catalogue.hospital),
    actions: await reportActionsOf(report, sources, now),
    notices: channels.length === 0 ? [] : [{ notice: reportNotice(report, now), channels }],
  })
}
