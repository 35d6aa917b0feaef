import { expect, test } from 'vitest'
import { calibrationOf, macroF1, shareOf } from '../../../../bench/diagnosis/statistics.ts'

test('Wilson intervals are those of the textbook', () => {
  const { low, high } = shareOf(27, 30)
  expect(low).toBeCloseTo(0.744, 3)
  expect(high).toBeCloseTo(0.965, 3)
  expect(shareOf(0, 10).low).toBe(0)
})

test('a predictor that is right as often as it says has no calibration error', () => {
  const claims = Array.from({ length: 100 }, (_, n) => ({ confidence: 0.75, isRight: n % 4 !== 0 }))
  expect(calibrationOf(claims).ece).toBeCloseTo(0)
  expect(calibrationOf(claims).brier).toBeCloseTo(0.1875)
  expect(calibrationOf(claims.map((claim) => ({ ...claim, confidence: 0.95 }))).ece).toBeCloseTo(0.2)
})

test('macro-F1 counts each true cause alike, and what is never said as nothing', () => {
  const named = [
    { truth: 'a', said: 'a' },
    { truth: 'a', said: 'a' },
    { truth: 'b', said: 'a' },
  ]
  expect(macroF1(named)).toBeCloseTo((0.8 + 0) / 2)
})
