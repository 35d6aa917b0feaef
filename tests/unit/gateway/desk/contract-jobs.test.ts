import { expect, test } from 'vitest'
import { createContractJobs } from '../../../../gateway/desk/contract-jobs.ts'
import type { WorkSaid } from '../../../../gateway/model/work.ts'
import { manualClock } from '../../../support/clock.ts'

const order = {
  kind: 'proposal',
  interfaceIds: ['a'],
  contract: { text: 'contract: a', name: 'a' },
  accepts: [],
  days: 7,
} as const

test('a proposal that can not be compared with what was there has failed, and is in nobody’s way', async () => {
  const begun: ((said: WorkSaid) => void)[] = []
  const works = {
    start: (_order: unknown, told: (said: WorkSaid) => void) => {
      begun.push(told)
      return { stop: async () => {} }
    },
  }
  const jobs = createContractJobs(works, manualClock(), null)
  const job = jobs.start('a', 'contract: a', order)
  begun[0]?.({ kind: 'finished', result: { kind: 'proposal', text: 'a: [', left: [], messages: 1 } })
  await new Promise((resolve) => setImmediate(resolve))
  expect(job).toMatchObject({ state: 'failed', failure: { message: expect.any(String) } })
})
