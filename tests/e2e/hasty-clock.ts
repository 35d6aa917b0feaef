import { dawn } from '../../fixtures/observed/made.ts'
import type { Clock } from '../../gateway/model/time.ts'
import { haste } from './desk-rules.ts'

/** Dawn at `startedAt` of the wall clock, and faster than it from then on. */
export function hastyClock(startedAt: number): Clock {
  const now = () => dawn + (Date.now() - startedAt) * haste
  return {
    now,
    monotonic: now,
    after: (delayMs, run) => {
      const timer = setTimeout(run, delayMs / haste)
      return () => clearTimeout(timer)
    },
  }
}
