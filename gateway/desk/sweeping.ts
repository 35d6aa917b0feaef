import { type DeskOptions, sweepEveryMsDefault } from './desk-options.ts'
import { endDutySweeps, sweepDuties } from './duties/sweep-duties.ts'
import { type Loop, startLoop } from './loop.ts'
import type { Setting } from './setting.ts'
import { sweepTickets } from './tickets.ts'

/** Brings tickets up to their incidents and finds what is late, until it is stopped. */
export function startSweeping(
  {
    store,
    clock,
    logger,
    sweepEveryMs = sweepEveryMsDefault,
  }: Pick<DeskOptions, 'store' | 'clock' | 'logger' | 'sweepEveryMs'>,
  setting: Setting,
  holder: string,
): Loop {
  const duties = { store, setting, holder }
  const loop: Loop = startLoop({
    clock,
    everyMs: sweepEveryMs,
    run: async () => {
      const now = clock.now()
      try {
        const changed = await sweepTickets(store, setting, now)
        if (changed.length > 0) logger.info({ ticketIds: changed }, 'tickets opened or brought up to date')
      } finally {
        // What is late is late, whatever became of the tickets.
        const late = await sweepDuties(duties, now)
        if (late.length > 0) logger.info({ ticketIds: late }, 'duties of tickets are overdue')
      }
      if (!loop.isHealthy()) logger.info({}, 'tickets are swept again')
    },
    // Said once when it begins: the sweep goes on, and what wasn't written is swept again.
    onFault: (error) => logger.error({ ...errorWords(error) }, 'tickets can not be swept'),
  })
  return {
    isHealthy: loop.isHealthy,
    stop: async () => {
      await loop.stop()
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
