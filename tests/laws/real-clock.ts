import type { Clock } from '../../gateway/model/time.ts'

/** The machine's own clock, for tests that wait for real files and sockets. */
export const realClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
}
