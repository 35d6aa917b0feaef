import { expect, test } from 'vitest'
import { zoneFit, zoneGuess } from '../../../../monitors/clock/zones.ts'
import { mondayMorning } from '../stream.ts'

test.each([
  [-28_800, 'UTC'],
  [-7_200, 'Asia/Urumqi'],
  [3_600, 'Asia/Tokyo'],
  [-50_400, 'America/Chicago (CST)'],
  [-46_800, 'America/Chicago (CDT)'],
  [-8_100, 'UTC+05:45'],
  [-41_400, 'UTC-03:30'],
])('an offset of %i s is %s', (offsetS, zone) => {
  const fit = zoneFit(offsetS + 0.4, 0.5)
  expect(fit.isZone).toBe(true)
  expect(fit.residualS).toBeCloseTo(0.4, 9)
  expect(zoneGuess(fit, 'Asia/Shanghai', mondayMorning)).toBe(zone)
})

test.each([0, 2, 437, 700, 907, 3_700, 86_400, -86_400, 86_400 * 30])('an offset of %i s is no zone', (offsetS) => {
  expect(zoneFit(offsetS, 0.5).isZone).toBe(false)
})

test('a whole hour with a clock that is half a minute off besides is still a zone', () => {
  expect(zoneFit(-7_230, 0.5)).toMatchObject({ isZone: true, quarters: -8, residualS: -30 })
})
