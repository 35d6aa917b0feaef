import type { Clock, Millis } from '../../model/time.ts'
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
  let isStopped = false
  let isAtFault = false
  let cancel = () => {}
  const sweep = async (): Promise<void> => {
    try {
      const made = await sweepReports(options, clock.now())
      if (made.length > 0) onMade(made)
      isAtFault = false
    } catch (error) {
      if (!isAtFault) onFault(error)
      isAtFault = true
    }
    if (!isStopped)
      cancel = clock.after(everyMs, () => {
        running = sweep()
      })
  }
  let running = sweep()
  return {
    stop: async () => {
      isStopped = true
      cancel()
      await running
      cancel()
      // A store that can't answer any more lets the lease expire.
      await endReportSweeps(options).catch(() => {})
    },
  }
}
