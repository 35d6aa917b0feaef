import { expect, test } from 'vitest'
import { bunchingOf, bunchingPart, noteScore } from '../../../../monitors/statistics/bunching.ts'
import { normal, seeded } from '../stream.ts'

/** Of scores of which each keeps so much of the one before. */
function bunching(kept: number, count: number): number {
  const random = seeded(1)
  const noted = bunchingPart.fresh()
  let score = 0
  for (let i = 0; i < count; i += 1) {
    score = kept * score + Math.sqrt(1 - kept * kept) * normal(random)
    noteScore(noted, score)
  }
  return bunchingOf(noted)
}

test('what knows nothing of each other does not bunch; what keeps half of the one before varies in sums three times as much', () => {
  expect(bunching(0, 4_000)).toBeLessThan(1.2)
  expect(bunching(0.5, 4_000)).toBeGreaterThan(2)
  expect(bunching(0.5, 4_000)).toBeLessThan(3.5)
  expect(bunching(0.9, 4_000)).toBeGreaterThan(5)
})
