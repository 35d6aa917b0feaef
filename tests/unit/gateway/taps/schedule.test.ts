import { expect, it } from 'vitest'
import { nextDue } from '../../../../gateway/taps/schedule.ts'

const at = (iso: string) => Date.parse(iso)
const plan = { everyMs: null, at: [], timeoutMs: 1 }

it('asks at its period, always at the same moment of it, and others at others', () => {
  const now = at('2026-11-22T08:00:00+08:00')
  const moments = ['a', 'b', 'c', 'd'].map((name) => {
    const first = nextDue({ ...plan, everyMs: 60_000 }, name, now, 'Asia/Shanghai')
    const second = nextDue({ ...plan, everyMs: 60_000 }, name, first?.at ?? 0, 'Asia/Shanghai')
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBe(60_000)
    expect((first?.at ?? 0) - now).toBeLessThanOrEqual(60_000)
    return (first?.at ?? 0) % 60_000
  })
  expect(new Set(moments).size).toBe(4)
})

it('inspects at the times of day of the hospital, within the minute that follows', () => {
  const twice = { ...plan, at: ['07:00', '13:30'] }
  const first = nextDue(twice, 'interface:a:tcp:0', at('2026-11-22T06:00:00+08:00'), 'Asia/Shanghai')
  expect(first?.inspection).toBe('07:00')
  const late = (first?.at ?? 0) - at('2026-11-22T07:00:00+08:00')
  expect(late).toBeGreaterThanOrEqual(0)
  expect(late).toBeLessThan(60_000)
  const second = nextDue(twice, 'interface:a:tcp:0', first?.at ?? 0, 'Asia/Shanghai')
  expect(second).toEqual({ at: at('2026-11-22T13:30:00+08:00') + late, inspection: '13:30' })
  const third = nextDue(twice, 'interface:a:tcp:0', second?.at ?? 0, 'Asia/Shanghai')
  expect(third).toEqual({ at: at('2026-11-23T07:00:00+08:00') + late, inspection: '07:00' })
})

it('asks never without a plan', () => {
  expect(nextDue(plan, 'a', 0, 'UTC')).toBeNull()
})
