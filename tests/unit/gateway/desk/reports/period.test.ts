import { describe, expect, it } from 'vitest'
import { currentPeriod, dueOf, lastPeriod, nextPeriod, periodOf } from '../../../../../gateway/desk/reports/period.ts'
import { firstDuty, nextDuty, scheduleOf } from '../../../../../gateway/desk/reports/schedule.ts'
import type { ReportKind } from '../../../../../gateway/model/report.ts'
import { isoInZone } from '../../../../../gateway/model/time.ts'

const hospital = { name: 'test', timezone: 'Asia/Shanghai', calendar: 'cn' }
const at = (text: string) => Date.parse(`${text}+08:00`)
const iso = (instant: number | undefined) => (instant === undefined ? '' : isoInZone(instant, hospital.timezone).slice(0, 16))

function period(kind: ReportKind, name: string) {
  const found = periodOf(kind, name, hospital)
  if (found === null) throw new Error(`no ${name}`)
  return found
}

describe('periods', () => {
  it('are weeks of ISO 8601 by the wall clock of the hospital', () => {
    const week = period('weekly', '2026-W47')
    expect([iso(week.from), iso(week.to)]).toEqual(['2026-11-16T00:00', '2026-11-23T00:00'])
    expect(iso(week.before.from)).toBe('2026-11-09T00:00')
    expect(week.steps.map(iso)).toEqual(Array.from({ length: 7 }, (_, i) => `2026-11-${16 + i}T00:00`))
  })
  it('know the 53rd week of the years that have one, and no other', () => {
    expect(iso(period('weekly', '2026-W53').from)).toBe('2026-12-28T00:00')
    expect(iso(period('weekly', '2025-W01').from)).toBe('2024-12-30T00:00')
    for (const name of ['2025-W53', '2026-W00', '2026-W54', '2026-47', 'W47'])
      expect(periodOf('weekly', name, hospital)).toBeNull()
  })
  it('compare a day with the same weekday, and a month with the one before', () => {
    expect(iso(period('daily', '2026-11-22').before.from)).toBe('2026-11-15T00:00')
    expect(period('daily', '2026-11-22').steps).toHaveLength(24)
    const march = period('monthly', '2026-03')
    expect([iso(march.from), iso(march.to), iso(march.before.from)]).toEqual([
      '2026-03-01T00:00',
      '2026-04-01T00:00',
      '2026-02-01T00:00',
    ])
    expect(periodOf('daily', '2026-02-30', hospital)).toBeNull()
    expect(periodOf('monthly', '2026-13', hospital)).toBeNull()
  })
  it('follow each other over the turn of the year', () => {
    expect(lastPeriod('weekly', at('2027-01-04T07:30'), hospital).name).toBe('2026-W53')
    expect(currentPeriod('weekly', at('2027-01-03T23:59'), hospital).name).toBe('2026-W53')
    expect(nextPeriod(period('weekly', '2026-W53'), hospital).name).toBe('2027-W01')
    expect(lastPeriod('monthly', at('2027-01-01T00:00'), hospital).name).toBe('2026-12')
    expect(lastPeriod('daily', at('2027-01-01T00:00'), hospital).name).toBe('2026-12-31')
  })
  it('have a day of 23 hours where clocks are put forward', () => {
    const berlin = { ...hospital, timezone: 'Europe/Berlin' }
    expect(periodOf('daily', '2026-03-29', berlin)?.steps).toHaveLength(23)
  })
})

describe('when reports are due', () => {
  it('is Monday 07:30, or the first working day where Monday is none', () => {
    expect(iso(dueOf(period('weekly', '2026-W47'), '07:30', true, hospital))).toBe('2026-11-23T07:30')
    // 2026-02-16 is a Monday in the week of the Spring Festival; people work again on Tuesday the 24th.
    expect(iso(dueOf(period('weekly', '2026-W07'), '07:30', true, hospital))).toBe('2026-02-24T07:30')
    // Monday 2026-10-05 lies in the National Day holiday; Thursday the 8th is the first working day.
    expect(iso(dueOf(period('weekly', '2026-W40'), '07:30', true, hospital))).toBe('2026-10-08T07:30')
  })
  it('is the first working day of a month', () => {
    expect(iso(dueOf(period('monthly', '2026-10'), '07:30', true, hospital))).toBe('2026-11-02T07:30')
    expect(iso(dueOf(period('monthly', '2026-09'), '07:30', true, hospital))).toBe('2026-10-08T07:30')
  })
  it('is every day for the daily one', () => {
    expect(iso(dueOf(period('daily', '2026-10-02'), '07:45', false, hospital))).toBe('2026-10-03T07:45')
  })
  it('begins with what falls due next, not with what was due before', () => {
    const line = { kind: 'weekly', isOn: true, time: '07:30' } as const
    expect(firstDuty(line, at('2026-11-23T07:29'), hospital)).toMatchObject({ period: '2026-W47' })
    expect(firstDuty(line, at('2026-11-23T07:30'), hospital)).toMatchObject({ period: '2026-W48' })
    expect(firstDuty({ ...line, kind: 'monthly' }, at('2026-10-07T12:00'), hospital)).toMatchObject({ period: '2026-09' })
    expect(iso(nextDuty(period('weekly', '2026-W47'), line, hospital).dueAt)).toBe('2026-11-30T07:30')
  })
  it('is read from what people set, and from nothing else', () => {
    const saved = { weekly: { isOn: false, time: '25:00' }, daily: { isOn: 'no', time: '06:15' } }
    expect(scheduleOf(saved)).toEqual([
      { kind: 'daily', isOn: true, time: '06:15' },
      { kind: 'weekly', isOn: false, time: '07:30' },
      { kind: 'monthly', isOn: true, time: '07:30' },
    ])
  })
})
