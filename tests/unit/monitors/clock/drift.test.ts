import { expect, test } from 'vitest'
import { driftOf } from '../../../../monitors/clock/drift.ts'
import { hourMs, seeded } from '../stream.ts'

test('the slope of noisy points, and how sure it is', () => {
  const random = seeded(1)
  const points = Array.from({ length: 48 }, (_, i) => [i * hourMs, 20e-6 * i * hourMs + (random() - 0.5) * 200] as const)
  const drift = driftOf(points)
  expect(drift?.ppm ?? 0).toBeGreaterThan(19)
  expect(drift?.ppm ?? 0).toBeLessThan(21)
  expect(drift?.ppmDeviation ?? 9).toBeLessThan(0.5)
})

test('a quarter of wild points does not move it', () => {
  const points = Array.from({ length: 40 }, (_, i) => [i * hourMs, i % 4 === 0 ? 1e6 : 10e-6 * i * hourMs] as const)
  expect(driftOf(points)?.ppm).toBeCloseTo(10, 1)
})

test('few points have no slope', () => {
  expect(
    driftOf([
      [0, 0],
      [1, 1],
    ]),
  ).toBeNull()
})

test('one look, a long pause and a slope of some minutes after it is no drift over all that time', () => {
  const points = [
    [0, 0],
    ...Array.from({ length: 13 }, (_, i) => [(12 + i / 15) * hourMs, 36 * (i % 4) + 36 * i] as const),
  ] as const
  const drift = driftOf(points.map(([at, offset]) => [at, offset] as const))
  expect(drift?.spanMs ?? 0).toBeLessThan(hourMs)
})
