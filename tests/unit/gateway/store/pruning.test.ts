import { expect, it, vi } from 'vitest'
import { startPruning } from '../../../../gateway/store/pruning.ts'
import { manualClock } from '../../../support/clock.ts'

const dayMs = 86_400_000
const now = 1_000 * dayMs
const days = { exchangeDays: 180, bodyDays: 200, seriesDays: 5 }

it('drops slice after slice until nothing more is too old, again every minute, and stops', async () => {
  const clock = manualClock(now)
  const asked: object[] = []
  const store = {
    prune: async (retention: object) => {
      asked.push(retention)
      return { more: asked.length < 3, exchanges: 0, bodyFiles: 0 }
    },
  }
  const pruning = startPruning({ store, clock, logger: { warn: () => {} } }, days)
  await vi.waitFor(() => expect(asked).toHaveLength(3))
  // A body goes with its exchange at the latest, and minutes with the hours that they are part of.
  expect(asked[0]).toEqual({
    bodiesBefore: now - 180 * dayMs,
    exchangesBefore: now - 180 * dayMs,
    minutesBefore: now - 5 * dayMs,
    hoursBefore: now - 5 * dayMs,
    closedBefore: now - 5 * dayMs,
  })
  clock.advance(60_000)
  await vi.waitFor(() => expect(asked).toHaveLength(4))
  await pruning.stop()
  clock.advance(600_000)
  expect(asked).toHaveLength(4)
})

it('says that it failed, and tries again', async () => {
  const clock = manualClock(now)
  const warnings: object[] = []
  let isBroken = true
  const store = {
    prune: async () => {
      if (isBroken) throw new Error('disk I/O error')
      return { more: false, exchanges: 0, bodyFiles: 0 }
    },
  }
  const pruning = startPruning({ store, clock, logger: { warn: (fields) => warnings.push(fields) } }, days)
  await vi.waitFor(() => expect(warnings).toEqual([{ reason: 'disk I/O error' }]))
  isBroken = false
  clock.advance(60_000)
  await pruning.stop()
  expect(warnings).toHaveLength(1)
})
