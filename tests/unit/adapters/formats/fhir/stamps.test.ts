import { describe, expect, test } from 'vitest'
import { readHttpDate, readStamp } from '../../../../../adapters/formats/fhir/stamps.ts'

const dayMs = 86_400_000

describe('FHIR times (R4 2.24.0.1)', () => {
  test.each([
    ['2026-11-23T10:02:11.5+08:00', Date.UTC(2026, 10, 23, 2, 2, 11, 500), 1, true],
    ['2026-11-23T10:02:11Z', Date.UTC(2026, 10, 23, 10, 2, 11), 1000, true],
    ['2026-11-23T10:02:11-03:30', Date.UTC(2026, 10, 23, 13, 32, 11), 1000, true],
    ['2026-11-23T10:02:11', Date.UTC(2026, 10, 23, 2, 2, 11), 1000, false],
    ['2026-11-23', Date.UTC(2026, 10, 22, 16), dayMs, false],
    ['2026-11', Date.UTC(2026, 9, 31, 16), 30 * dayMs, false],
    ['2026', Date.UTC(2025, 11, 31, 16), 365 * dayMs, false],
  ])('%s', (text, at, resolutionMs, hasZone) => {
    expect(readStamp(text, 'Asia/Shanghai')).toEqual({ at, resolutionMs, hasZone })
  })

  test.each([
    '',
    '20261123',
    '2026-02-30',
    '2026-13-01',
    '2026-11-23 10:02:11',
    '2026-11-23T24:00:00Z',
    '2026-11-23T10:02Z',
    '23/11/2026',
  ])('%s is none', (text) => {
    expect(readStamp(text, 'Asia/Shanghai').at).toBeNull()
  })
})

describe('the Date field (RFC 9110 5.6.7)', () => {
  test('is in UTC, to the second', () => {
    expect(readHttpDate('Sun, 06 Nov 1994 08:49:37 GMT')).toEqual({
      at: Date.UTC(1994, 10, 6, 8, 49, 37),
      resolutionMs: 1000,
      hasZone: true,
    })
  })
  test.each(['Sunday, 06-Nov-94 08:49:37 GMT', 'now', 'Sun, 06 Nov 1994 08:49:37 +0800'])('%s is none', (text) => {
    expect(readHttpDate(text).at).toBeNull()
  })
})
