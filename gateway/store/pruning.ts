import type { Logger } from '../model/logger.ts'
import type { Clock } from '../model/time.ts'
import type { Store } from './store.ts'

const pruneEveryMs = 60_000
const dayMs = 86_400_000

/** Drops what is older than its retention, a slice at a time, in the process that writes. */
export function startPruning(
  {
    store,
    clock,
    logger,
  }: { readonly store: Pick<Store, 'prune'>; readonly clock: Clock; readonly logger: Pick<Logger, 'warn'> },
  days: { readonly exchangeDays: number; readonly bodyDays: number; readonly seriesDays: number },
): { stop(): Promise<void> } {
  let isStopped = false
  let cancel = () => {}
  const prune = async (): Promise<void> => {
    const now = clock.now()
    const ago = (count: number) => now - count * dayMs
    try {
      const slice = { more: true }
      while (slice.more && !isStopped) {
        const pruned = await store.prune({
          bodiesBefore: ago(Math.min(days.bodyDays, days.exchangeDays)),
          exchangesBefore: ago(days.exchangeDays),
          minutesBefore: ago(Math.min(8, days.seriesDays)),
          hoursBefore: ago(days.seriesDays),
          closedBefore: ago(days.seriesDays),
        })
        slice.more = pruned.more
      }
    } catch (error) {
      logger.warn(
        { reason: error instanceof Error ? error.message : 'unknown' },
        'retention could not be carried out; it is tried again',
      )
    }
    if (!isStopped) {
      cancel = clock.after(pruneEveryMs, () => {
        running = prune()
      })
    }
  }
  let running = prune()
  return {
    async stop() {
      isStopped = true
      cancel()
      await running
    },
  }
}
