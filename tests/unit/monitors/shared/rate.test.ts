import { describe, expect, it } from 'vitest'
import { hit, isBeginning, miss, type RateRule, ratePart } from '../../../../monitors/shared/rate.ts'

const usual: RateRule = { usualShare: 0.005, badShare: 0.1, threshold: 9, distinctMin: 3 }
/** Where a fifth is usual a single hit weighs less than the misses between two. */
const frequent: RateRule = { usualShare: 0.2, badShare: 0.6, threshold: 4, distinctMin: 3 }

function onsetOf(rule: RateRule, hits: readonly number[], until: number): number {
  const rate = ratePart.fresh()
  for (let at = 1; at <= until; at += 1)
    if (hits.includes(at)) hit(rate, rule, { id: String(at), at, exchangeId: String(at) })
    else miss(rate, rule)
  return rate.onsetAt
}

describe('an episode of hits', () => {
  it.each([usual, frequent])('begins with its first hit', (rule) => {
    expect(onsetOf(rule, [10, 11, 12, 13, 14], 14)).toBe(10)
  })
  it('does not begin with a stray long before it', () => {
    expect(onsetOf(usual, [10, 40, 41, 42, 43], 43)).toBe(40)
  })
  it('begins with a hit that has no more misses after it than the fault has between two', () => {
    expect(onsetOf(usual, [10, 20, 28, 39], 39)).toBe(10)
  })
})

it('says before a hit whether it begins an episode, as the hit then does', () => {
  const rate = ratePart.fresh()
  const seen = [10, 40, 41, 42, 43].map((hitAt, i, all) => {
    for (let at = (all[i - 1] ?? 0) + 1; at < hitAt; at += 1) miss(rate, usual)
    const begins = isBeginning(rate, usual)
    hit(rate, usual, { id: String(hitAt), at: hitAt, exchangeId: String(hitAt) })
    return [begins, rate.hits]
  })
  expect(seen).toEqual([
    [true, 1],
    [true, 1],
    [false, 2],
    [false, 3],
    [false, 4],
  ])
})

it('ends when as many are hits again as usual, though no run without any shows it, for who asks for that', () => {
  const afterFault = (untilUsual: boolean) => {
    const rate = ratePart.fresh()
    for (let at = 1; at <= 20; at += 1) hit(rate, frequent, { id: String(at), at, exchangeId: String(at) })
    expect(rate.bad).toBe(true)
    // From then on one in five, which is usual here.
    for (let at = 21; at <= 220; at += 1)
      if (at % 5 === 0) hit(rate, frequent, { id: String(at), at, exchangeId: String(at) })
      else miss(rate, frequent, { shareMax: 0.2, untilUsual })
    return rate.bad
  }
  expect(afterFault(true)).toBe(false)
  expect(afterFault(false)).toBe(true)
})
