import type { Clock, Instant, Millis } from '../../gateway/model/time.ts'

/** A clock that goes when it is told to. */
export interface ManualClock extends Clock {
  /** Lets so much time pass and runs what falls due, in order. */
  advance(byMs: Millis): void
}

export function manualClock(startAt: Instant = 0): ManualClock {
  let at = startAt
  const timers = new Set<{ readonly dueAt: Instant; readonly run: () => void }>()
  return {
    now: () => at,
    monotonic: () => at,
    after(delayMs, run) {
      const timer = { dueAt: at + delayMs, run }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    advance(byMs) {
      const untilAt = at + byMs
      for (;;) {
        const next = [...timers].filter(({ dueAt }) => dueAt <= untilAt).sort((a, b) => a.dueAt - b.dueAt)[0]
        if (next === undefined) break
        timers.delete(next)
        at = next.dueAt
        next.run()
      }
      at = untilAt
    },
  }
}
