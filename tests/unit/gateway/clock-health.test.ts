import { expect, test } from 'vitest'
import { watchClockHealth } from '../../../gateway/clock-health.ts'
import type { Clock } from '../../../gateway/model/time.ts'

/** Counts what waits; nothing ever comes due by itself. */
function handClock() {
  const waiting = new Set<() => void>()
  const clock: Clock = {
    now: () => 0,
    monotonic: () => 0,
    after(_, run) {
      waiting.add(run)
      return () => waiting.delete(run)
    },
  }
  return { clock, waiting }
}

test('stopped while it asks, it waits for nothing afterwards: a process that ends must not be held up by it', async () => {
  const { clock, waiting } = handClock()
  const watch = watchClockHealth(clock)
  await watch.stop()
  expect(waiting.size).toBe(0)
})

test('it asks again after a while, until it is stopped', async () => {
  const { clock, waiting } = handClock()
  const watch = watchClockHealth(clock)
  while (waiting.size === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  for (const run of [...waiting]) {
    waiting.delete(run)
    run()
  }
  while (waiting.size === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  await watch.stop()
  expect(waiting.size).toBe(0)
})
