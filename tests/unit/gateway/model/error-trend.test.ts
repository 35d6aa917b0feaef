import { describe, expect, it } from 'vitest'
import { errorTrend } from '../../../../gateway/model/error-trend.ts'

const span = (errors: number, exchanges: number) => ({ errors, exchanges })

describe('the rule of the growing errors', () => {
  it('warns at 1.3000 and not at 1.2999', () => {
    expect(errorTrend(span(10_000, 100_000), span(13_000, 100_000))).toEqual({ verdict: 'warn', ratio: 1.3 })
    expect(errorTrend(span(10_000, 100_000), span(12_999, 100_000))).toEqual({ verdict: 'steady', ratio: 1.2999 })
  })
  it('compares whole numbers: no rounding of a quotient decides', () => {
    // 3 * 1.1 is more than 3.3 in binary fractions; 13 of 10 is not more than 1.3.
    for (const before of [10, 30, 70, 110, 1_000, 123_450]) {
      const after = (before * 13) / 10
      expect(errorTrend(span(before, 1e6), span(after, 1e6)).verdict).not.toBe('steady')
      expect(errorTrend(span(before, 1e6), span(after - 1, 1e6)).verdict).toBe('steady')
    }
  })
  it('says nothing on few errors, however they grew', () => {
    expect(errorTrend(span(2, 1000), span(19, 1000)).verdict).toBe('few')
    expect(errorTrend(span(2, 1000), span(20, 1000)).verdict).toBe('warn')
    expect(errorTrend(span(0, 1000), span(20, 1000))).toEqual({ verdict: 'warn', ratio: null })
  })
  it('takes more traffic for what it is', () => {
    expect(errorTrend(span(100, 10_000), span(200, 20_000)).verdict).toBe('busier')
    expect(errorTrend(span(100, 10_000), span(201, 20_000)).verdict).toBe('warn')
  })
  it('leaves alone what chance explains', () => {
    // 30 → 39: nine more, where the square root of 69 is eight.
    expect(errorTrend(span(30, 5000), span(39, 5000)).verdict).toBe('chance')
    expect(errorTrend(span(30, 5000), span(50, 5000)).verdict).toBe('warn')
  })
  it('compares with nothing where nothing was observed', () => {
    expect(errorTrend(span(0, 0), span(500, 5000))).toEqual({ verdict: 'no-before', ratio: null })
  })
})
