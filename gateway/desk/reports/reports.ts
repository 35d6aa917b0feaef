import type { Instant } from '../../model/time.ts'
import type { HealthReport } from '../api/report-shapes.ts'
import type { ReportSources } from './gather.ts'
import { makeReport, reportId } from './make-report.ts'
import type { Language } from './numbers.ts'
import type { Period } from './period.ts'
import { readReport } from './read-report.ts'
import { type ReportFile, type ReportFormat, renderReport } from './render/render.ts'
import { firstDuty, type ScheduleLine } from './schedule.ts'

/** Answers are this old at most while a span is running or wasn't kept: several people open the same report at once. */
const keptMs = 60_000
const reportsKeptMax = 4

/** Reports for whoever asks: those that were made stay what they were; others are computed. */
export interface Reports {
  readonly sources: ReportSources
  file(period: Period, format: ReportFormat, language: Language, now: Instant): Promise<ReportFile>
  /** The file of a report that was kept; null: there is none, or it is of a version with another shape. */
  keptFile(id: string, format: ReportFormat, language: Language): Promise<ReportFile | null>
  /** Plans the kind anew after its schedule was changed. */
  replan(line: ScheduleLine, now: Instant): Promise<void>
}

export function createReports(sources: ReportSources): Reports {
  const { store, catalogue } = sources
  const recent = new Map<string, { readonly at: Instant; readonly report: Promise<HealthReport> }>()
  const kept = async (id: string) => {
    const made = await store.report(id)
    return made === null ? null : readReport(made)
  }
  const computed = (period: Period, now: Instant): Promise<HealthReport> => {
    const id = reportId(period)
    const known = recent.get(id)
    if (known !== undefined && now >= known.at && now - known.at < keptMs) return known.report
    const report = makeReport(sources, period, now)
    recent.delete(id)
    recent.set(id, { at: now, report })
    // What failed is asked for anew.
    report.catch(() => recent.delete(id))
    for (const oldest of recent.keys()) if (recent.size > reportsKeptMax) recent.delete(oldest)
    return report
  }
  return {
    sources,
    file: async (period, format, language, now) =>
      renderReport((await kept(reportId(period))) ?? (await computed(period, now)), format, language),
    keptFile: async (id, format, language) => {
      const report = await kept(id)
      return report === null ? null : renderReport(report, format, language)
    },
    replan: async (line, now) => {
      const duty = line.isOn ? firstDuty(line, now, catalogue.hospital) : null
      await store.planReport(line.kind, duty)
    },
  }
}
