import { performance } from 'node:perf_hooks'
import type { Clock, Instant, Millis } from './model/time.ts'

/** Where a clock takes its time from: the wall clock in whole milliseconds, and a count that only goes on, with fractions. */
export interface TimeSource {
  wallMs(): Millis
  steadyMs(): Millis
  /** Wall clock at `steadyMs() === 0`, with fractions. */
  readonly originMs: Millis
}

/** The wall clock and the steady count may differ by so much before the wall clock counts as set: its own step is 1 ms. */
const stepMs = 20
/** A wall clock that was set back by no more than this is waited for; set back by more, it is followed. */
const heldBackMs = 1_000

/**
 * A clock whose `now` has fractions of a millisecond and never goes back, except when the wall clock was set back by more than a
 * second: then it follows, because hours of standing still would be the greater lie.
 */
export function clockFrom(source: TimeSource): Pick<Clock, 'now' | 'monotonic'> {
  let offsetMs = source.originMs
  let lastAt: Instant = Number.NEGATIVE_INFINITY
  return {
    now() {
      const steadyMs = source.steadyMs()
      const wallMs = source.wallMs()
      let at = steadyMs + offsetMs
      // Half a millisecond is what a whole-millisecond clock hides on average.
      if (Math.abs(at - wallMs) > stepMs) {
        offsetMs = wallMs + 0.5 - steadyMs
        at = wallMs + 0.5
      }
      if (at < lastAt && lastAt - at <= heldBackMs) return lastAt
      lastAt = at
      return at
    },
    monotonic: () => source.steadyMs(),
  }
}

/** The clock and the timers of this process: the only place where they are read. */
export function systemClock(): Clock {
  const clock = clockFrom({
    wallMs: () => Date.now(),
    steadyMs: () => performance.now(),
    originMs: performance.timeOrigin,
  })
  return {
    ...clock,
    after(delayMs: Millis, run: () => void): () => void {
      const timer = setTimeout(run, delayMs)
      return () => clearTimeout(timer)
    },
  }
}
