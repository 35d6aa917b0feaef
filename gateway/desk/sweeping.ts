import { type DeskOptions, sweepEveryMsDefault } from './desk-options.ts'
import { endDutySweeps, sweepDuties } from './duties/sweep-duties.ts'
import type { Setting } from './setting.ts'
import { sweepTickets } from './tickets.ts'

export interface Sweeping {
  isHealthy(): boolean
  /** Resolves when no sweep runs any more. */
  stop(): Promise<void>
}

/** Brings tickets up to their incidents and finds what is late, until it is stopped. */
export function startSweeping(
  { store, clock, logger, sweepEveryMs = sweepEveryMsDefault }: DeskOptions,
  setting: Setting,
  holder: string,
): Sweeping {
  const duties = { store, setting, holder }
  let isHealthy = true
  let isStopped = false
  let cancel = () => {}
  const sweep = async () => {
    try {
      const now = clock.now()
      const changed = await sweepTickets(store, setting, now)
      const late = await sweepDuties(duties, now)
      if (!isHealthy) logger.info({}, 'tickets are swept again')
      isHealthy = true
      if (changed.length > 0) logger.info({ ticketIds: changed }, 'tickets opened or brought up to date')
      if (late.length > 0) logger.info({ ticketIds: late }, 'duties of tickets are overdue')
    } catch (error) {
      // Said once when it begins: the sweep goes on, and what wasn't written is swept again.
      if (isHealthy) logger.error({ ...errorWords(error) }, 'tickets can not be swept')
      isHealthy = false
    }
    if (!isStopped)
      cancel = clock.after(sweepEveryMs, () => {
        running = sweep()
      })
  }
  let running = sweep()
  return {
    isHealthy: () => isHealthy,
    stop: async () => {
      isStopped = true
      cancel()
      await running
      cancel()
      // A store that can't answer any more lets the lease expire.
      await endDutySweeps(duties).catch(() => {})
    },
  }
}

/** What a log line may say of an error: its kind, its code and where, never its message, which may quote a value. */
export function errorWords(error: unknown): { readonly error: string; readonly code?: string; readonly at?: string } {
  if (!(error instanceof Error)) return { error: typeof error }
  const frames = (error.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '))
  return {
    error: error.name,
    ...('code' in error && typeof error.code === 'string' ? { code: error.code } : {}),
    at: frames
      .slice(0, 8)
      .map((line) => line.trim())
      .join(' < '),
  }
}
