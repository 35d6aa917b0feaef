import { expect, test } from 'vitest'
import { gammaQuantile, gammaTail } from '../../../../monitors/statistics/gamma.ts'

test('shape 1 is the exponential', () => {
  for (const x of [0.1, 1, 1.9, 2.1, 5, 20, 40]) expect(gammaTail(1, x) / Math.exp(-x)).toBeCloseTo(1, 9)
})

test('shape 3 is the sum of three', () => {
  for (const x of [0.5, 3, 4.5, 12]) expect(gammaTail(3, x)).toBeCloseTo(Math.exp(-x) * (1 + x + (x * x) / 2), 9)
})

test('shape 1/2 is half of a chi square: 3.841 is its five per cent point', () => {
  expect(gammaTail(0.5, 3.841458820694124 / 2)).toBeCloseTo(0.05, 8)
})

test('quantiles of bursty gaps as reference/algorithms.md 2.5 measured them', () => {
  expect(gammaQuantile(1, 1e-4)).toBeCloseTo(9.2, 1)
  expect(gammaQuantile(1 / 2, 1e-4)).toBeCloseTo(15.1, 0)
  expect(gammaQuantile(1 / 4, 1e-4)).toBeCloseTo(25, -0.5)
  expect(gammaQuantile(1 / 8, 1e-4)).toBeGreaterThan(41)
})
