import { expect, it } from 'vitest'
import { runAnalysis } from '../../../../gateway/analysis/analysis.ts'
import type { EngineChanges } from '../../../../gateway/analysis/engine.ts'
import { type LogBatch, madePosition, quietHealth } from '../../../../gateway/model/entry.ts'
import type { BatchResults } from '../../../../gateway/model/observed.ts'
import { manualClock } from '../../../support/clock.ts'
import { silent } from '../../../support/log.ts'
import { outlined } from '../../../support/outlined.ts'

const unchanged: EngineChanges = { now: 0, exchanges: [], readings: [], alerts: [], incidents: [], clocks: [] }

function batchOf(nth: number, lostBytes: number, hasEntry: boolean): LogBatch {
  const position = madePosition(nth)
  const entry = { kind: 'tick' as const, at: nth, health: { ...quietHealth, edgeId: 'e' } }
  return {
    entries: hasEntry ? [{ position, entry }] : [],
    next: position,
    lost: lostBytes === 0 ? [] : [{ reason: 'corrupt', bytes: lostBytes }],
    behindBytes: 0,
  }
}

/** What is written of a log that reads like this. */
async function written(batches: readonly LogBatch[]): Promise<readonly BatchResults[]> {
  const ending = new AbortController()
  const results: BatchResults[] = []
  const left = [...batches]
  await runAnalysis({
    log: {
      read: () => Promise.reject(new Error('not asked here')),
      async outline(position) {
        const batch = left.shift()
        if (left.length === 0) ending.abort()
        return outlined(batch ?? { entries: [], next: position, lost: [], behindBytes: 0 })
      },
      at: async () => null,
      wait: async () => {},
      close: async () => {},
    },
    store: {
      resume: async () => ({ committed: null, checkpoint: null }),
      untakenDeclarations: async () => [],
      takenDeclarations: async () => [],
      async commit(batch) {
        results.push(batch)
        return 'committed'
      },
    },
    startEngine: () => ({
      read: () => null,
      take: () => unchanged,
      declare: () => {},
      findings: () => [],
      clockStates: () => [],
      save: () => null,
    }),
    isAfter: (a, b) => a > b,
    clock: manualClock(0),
    logger: silent,
    signal: ending.signal,
  })
  return results
}

it('counts bytes that were lost where no entry follows, once, with the next entry', async () => {
  const atEnd = batchOf(2, 100, false)
  const results = await written([
    batchOf(1, 0, true),
    atEnd,
    // The reading stands there: what it can't pass is told at every look.
    { ...atEnd, lost: [{ reason: 'corrupt', bytes: 7 }] },
    batchOf(3, 11, true),
    batchOf(4, 0, true),
    batchOf(5, 0, false),
  ])
  expect(results.map(({ lostBytes }) => lostBytes)).toEqual([0, 111, 0])
})
