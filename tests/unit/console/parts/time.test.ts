import { describe, expect, it } from 'vitest'
import { percentText } from '../../../../console/src/parts/number.ts'
import { dayTime, lengthText, msText, shifted, zoneOf } from '../../../../console/src/parts/time.ts'
import { en } from '../../../../console/src/words/en.ts'

const morning = '2026-11-23T08:30:05.250+08:00'

describe('times of the console', () => {
  it('shows the digits of the hospital, never those of the reader', () => {
    expect(dayTime(morning, '2026-11-23T23:00:00.000+08:00')).toBe('08:30:05')
    expect(dayTime(morning, '2026-11-24T00:00:00.000+08:00', 'min')).toBe('11-23 08:30')
    expect(dayTime(morning, null, 'ms')).toBe('11-23 08:30:05.250')
  })

  it('moves an instant within its zone', () => {
    expect(shifted(morning, -9 * 3_600_000)).toBe('2026-11-22T23:30:05.250+08:00')
    expect(shifted('2026-11-23T00:10:00.000-03:30', -3_600_000)).toBe('2026-11-22T23:10:00.000-03:30')
    expect(zoneOf('2026-11-23T00:10:00.000Z')).toBe('+00:00')
  })

  it('says lengths in two units at most', () => {
    expect([0, 59_000, 61_000, 3_600_000, 5_400_000, 90_000_000].map((ms) => lengthText(ms, en))).toEqual([
      '0 s',
      '59 s',
      '1 min',
      '1 h',
      '1 h 30 min',
      '1 d 1 h',
    ])
  })

  it('says latencies with the figures that matter', () => {
    expect([null, 0.42, 9.96, 258.4, 1234, 65_000].map(msText)).toEqual([
      '—',
      '0.4 ms',
      '10.0 ms',
      '258 ms',
      '1.23 s',
      '1.1 min',
    ])
  })

  it('never rounds a miss up to a hundred percent', () => {
    expect([1, 0.99999, 0.9, 0.57].map((ratio) => percentText(ratio))).toEqual(['100 %', '99.9 %', '90 %', '57 %'])
  })
})
