import type { Clock, Millis } from '../../model/time.ts'
import { startLoop } from '../loop.ts'
import { endReportSweeps, type ReportSweep, sweepReports } from './sweep-reports.ts'

export interface ReportsOptions extends ReportSweep {
  readonly clock: Clock
  readonly everyMs: Millis
  /** Hears of every report that was made. */
  onMade(reportIds: readonly string[]): void
  /** Hears once when sweeps begin to fail, as of a store that can't answer. They go on. */
  onFault(error: unknown): void
}

/** Makes reports when they fall due, in a loop of its own: tickets and duties don't wait for one that takes its time. */
export function startReports(options: ReportsOptions): { stop(): Promise<void> } {
  const { clock, everyMs, onMade, onFault } = options
  const loop = startLoop({
    clock,
    everyMs,
    run: async () => {
      const made = await sweepReports(options, clock.now())
      if (made.length > 0) onMade(made)
    },
    onFault,
  })
  return {
    stop: async () => {
      await loop.stop()
      // A store that can't answer any more lets the lease expire.
      await endReportSweeps(options).catch(() => {})
    },
  }
}
