import { describe, expect, it } from 'vitest'
import { readTimestamp } from '../../../../gateway/model/timestamp.ts'

const at = Date.UTC(2026, 10, 23, 0, 31, 2)

describe('readTimestamp', () => {
  it.each([
    ['2026-11-23 08:31:02', at, 1000, false],
    ['2026-11-23T08:31:02+08:00', at, 1000, true],
    ['2026-11-23T08:31:02.120+0800', at + 120, 1, true],
    ['2026-11-23T00:31:02Z', at, 1000, true],
    ['2026/11/23 08:31:02', at, 1000, false],
    ['2026-11-23 08:31', at - 2000, 60_000, false],
    ['2026-11-23', at - 30_662_000, 86_400_000, false],
    ['20261123083102', at, 1000, false],
    ['20261123083102398', at + 398, 1, false],
    ['20261123083102+0800', at, 1000, true],
    ['20261123', at - 30_662_000, 86_400_000, false],
    ['1795393862', at, 1000, true],
    ['1795393862000', at, 1, true],
    [1_795_393_862_000, at, 1, true],
    [1_795_393_862, at, 1000, true],
    [1_795_393_862_000.5, at + 0.5, 1, true],
    ['1795393862000.25', at + 0.25, 1, true],
    [1_000_000_000, 1_000_000_000_000, 1000, true],
    [3_999_999_999, 3_999_999_999_000, 1000, true],
    ['Mon, 23 Nov 2026 00:31:02 GMT', at, 1000, true],
  ])('reads %s', (text, instant, resolutionMs, hasZone) => {
    expect(readTimestamp(text, 'Asia/Shanghai')).toEqual({ at: instant, resolutionMs, hasZone })
  })

  it.each([
    '',
    '2026-13-01',
    '2026-02-30 08:00:00',
    '08:31:02',
    '2026年11月23日',
    '119',
    'yesterday',
    '20261123253102',
    '2026-11-23T08:31:02+25:00',
  ])('says that %j is none', (text) => {
    expect(readTimestamp(text, 'Asia/Shanghai').at).toBeNull()
  })

  it('takes no count or duration for an instant', () => {
    expect(readTimestamp(119, 'UTC').at).toBeNull()
    expect(readTimestamp(20_261_123, 'UTC').at).toBeNull()
  })

  it('reads wall-clock time in the given zone', () => {
    expect(readTimestamp('2026-11-23 06:31:02', 'Asia/Urumqi').at).toBe(at)
  })
})

it.each([
  999_999_999,
  4_000_000_000,
  1_795_393_862.5,
  4_000_000_000_000,
  -1_795_393_862,
  Number.NaN,
  '4000000000000',
  '1795393862.5',
  '17953938620',
])('%s is no instant', (value) => {
  expect(readTimestamp(value, 'UTC').at).toBe(null)
})
