import { expect, it } from 'vitest'
import { lastAt, nextAt } from '../../../../gateway/model/wall-clock.ts'

const at = (iso: string) => Date.parse(iso)

it('finds the last and the next time that clocks show it', () => {
  const now = at('2026-11-22T02:00:00+08:00')
  expect(lastAt('02:30', now, 'Asia/Shanghai')).toBe(at('2026-11-21T02:30:00+08:00'))
  expect(nextAt('02:30', now, 'Asia/Shanghai')).toBe(at('2026-11-22T02:30:00+08:00'))
  expect(lastAt('02:00', now, 'Asia/Shanghai')).toBe(now)
  expect(nextAt('02:00', now, 'Asia/Shanghai')).toBe(at('2026-11-23T02:00:00+08:00'))
})

it('keeps to the wall clock over a change of summer time', () => {
  const before = at('2026-10-24T12:00:00+02:00')
  expect(nextAt('07:00', before, 'Europe/Berlin')).toBe(at('2026-10-25T07:00:00+01:00'))
  expect(lastAt('07:00', at('2026-10-25T08:00:00+01:00'), 'Europe/Berlin')).toBe(at('2026-10-25T07:00:00+01:00'))
})
