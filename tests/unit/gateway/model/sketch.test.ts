import { DDSketch } from '@datadog/sketches-js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSketch, decodeSketch } from '../../../../gateway/model/sketch.ts'

const quantiles = [0, 0.01, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999, 1]
const latencies = fc.array(fc.double({ min: Math.log(0.01), max: Math.log(86_400_000), noNaN: true }).map(Math.exp), {
  minLength: 1,
  maxLength: 400,
})

function sketchOf(values: readonly number[]) {
  const sketch = createSketch()
  for (const value of values) sketch.record(value)
  return sketch
}

function exact(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(q * (sorted.length - 1))] ?? Number.NaN
}

describe('sketch', () => {
  test('every quantile is within one per cent of the true value', () => {
    fc.assert(
      fc.property(latencies, (values) => {
        const sketch = sketchOf(values)
        for (const q of quantiles) {
          const truth = exact(values, q)
          expect(Math.abs((sketch.quantile(q) ?? Number.NaN) - truth) / truth).toBeLessThanOrEqual(0.01 + 1e-9)
        }
      }),
    )
  })

  test('any split into minutes, merged in any order, equals one sketch, bit for bit', () => {
    // Times come in whole microseconds, so that their sums are exact whatever the order.
    const whole = latencies.map((values) => values.map((value) => Math.max(Math.round(value * 1024), 11) / 1024))
    fc.assert(
      fc.property(
        whole,
        fc.array(fc.nat(5), { minLength: 400, maxLength: 400 }),
        fc.boolean(),
        (values, minutes, isReversed) => {
          const parts = [0, 1, 2, 3, 4, 5].map((minute) => sketchOf(values.filter((_, i) => minutes[i] === minute)))
          const merged = createSketch()
          for (const part of isReversed ? parts.toReversed() : parts) merged.merge(part)
          const single = sketchOf(values)
          expect(merged.count).toBe(single.count)
          expect([merged.min, merged.max, merged.clamped]).toEqual([single.min, single.max, single.clamped])
          for (const q of quantiles) expect(merged.quantile(q)).toBe(single.quantile(q))
          expect(bucketsOf(merged.encode())).toEqual(bucketsOf(single.encode()))
          expect(merged.sum).toBeCloseTo(single.sum, 3)
        },
      ),
    )
  })

  test('what was encoded is decoded as it was', () => {
    fc.assert(
      fc.property(latencies, (values) => {
        const sketch = sketchOf(values)
        const back = decodeSketch(sketch.encode())
        expect(back.encode()).toEqual(sketch.encode())
        for (const q of quantiles) expect(back.quantile(q)).toBe(sketch.quantile(q))
      }),
    )
  })

  test('quantiles agree with those of @datadog/sketches-js at the same accuracy', () => {
    fc.assert(
      fc.property(latencies, (values) => {
        const peer = new DDSketch({ relativeAccuracy: 0.01 })
        for (const value of values) peer.accept(value)
        const ours = sketchOf(values)
        for (const q of quantiles) {
          // Ours keeps the least and the greatest exactly; both lie within one per cent of the same true value.
          const theirs = peer.getValueAtQuantile(q)
          expect(Math.abs((ours.quantile(q) ?? Number.NaN) - theirs) / theirs).toBeLessThanOrEqual(0.0205)
        }
      }),
    )
  })

  test('what lies outside is clamped and counted', () => {
    const sketch = sketchOf([0, -5, 1e12, 10])
    expect(sketch.clamped).toBe(3)
    expect(sketch.count).toBe(4)
    expect(sketch.max).toBe(86_400_000)
  })

  test('an empty sketch has no quantile, and bytes that it did not write are refused', () => {
    expect(createSketch().quantile(0.5)).toBeNull()
    expect(decodeSketch(createSketch().encode()).count).toBe(0)
    expect(() => decodeSketch(new Uint8Array(10))).toThrow(RangeError)
    const bytes = sketchOf([1, 2, 3]).encode()
    expect(() => decodeSketch(bytes.slice(0, bytes.length - 1))).toThrow(RangeError)
  })
})

/** Everything but the sum, whose last bit depends on the order of adding. */
function bucketsOf(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice()
  copy.fill(0, 9, 17)
  return copy
}
