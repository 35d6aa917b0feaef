import { describe, expect, test } from 'vitest'
import { localTime, workdaysAfter } from '../../../../gateway/model/calendar.ts'
import { isoInZone } from '../../../../gateway/model/time.ts'

const hospital = { name: 'x', timezone: 'Asia/Shanghai', calendar: 'cn' }
const noonOf = (date: string) => Date.parse(`${date}T12:30:00+08:00`)

test.each([
  ['2026-11-23', 0],
  ['2026-11-21', 1],
  ['2026-11-22', 2],
  ['2026-10-01', 2],
  ['2026-10-10', 0],
  ['2026-02-14', 0],
  ['2026-02-28', 0],
  ['2026-01-04', 0],
])('%s is a day of type %i', (date, dayType) => {
  expect(localTime(noonOf(date), hospital)).toMatchObject({ hour: 12, dayType, isCalendarKnown: true })
})

test('a year that nobody has published has plain weekdays and says so', () => {
  expect(localTime(noonOf('2027-10-01'), hospital)).toMatchObject({ dayType: 0, isCalendarKnown: false })
  expect(localTime(noonOf('2026-10-01'), { ...hospital, calendar: 'plain' })).toMatchObject({
    dayType: 0,
    isCalendarKnown: false,
  })
})

test('the date is the hospital’s, not that of UTC', () => {
  const justAfterMidnight = Date.parse('2026-10-11T00:10:00+08:00')
  expect(localTime(justAfterMidnight, hospital)).toMatchObject({ hour: 0, dayType: 2 })
})

test('an hour ends where it ends, and of several hospitals each has its own: zones of half hours, and nights when clocks are changed', () => {
  // Each differs from the one before in one thing.
  const hospitals = ['Asia/Shanghai', 'Asia/Kolkata', 'Europe/Berlin'].flatMap((timezone, i) =>
    (i % 2 === 0 ? ['cn', 'plain'] : ['plain', 'cn']).map((calendar) => ({ name: '', timezone, calendar })),
  )
  const instants = ['2026-03-29', '2026-10-25'].flatMap((date) =>
    Array.from({ length: 600 }, (_, minute) => Date.parse(`${date}T00:00:00Z`) + (minute - 300) * 60_000),
  )
  const shown = new Map<string, Intl.DateTimeFormat>()
  for (const { timezone: timeZone } of hospitals)
    shown.set(timeZone, new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', hourCycle: 'h23' }))
  const check = (at: number, of: (typeof hospitals)[number]) => {
    const { hour, isCalendarKnown } = localTime(at, of)
    expect([at, hour, isCalendarKnown]).toEqual([at, Number(shown.get(of.timezone)?.format(at)), of.calendar === 'cn'])
  }
  for (const of of hospitals) for (const at of instants) check(at, of)
  for (const at of instants) for (const of of hospitals) check(at, of)
})

describe('working days after', () => {
  const szph = { name: '', timezone: 'Asia/Shanghai', calendar: 'cn' }
  const due = (from: string, count: number, hospital = szph) => {
    const { dueAt, isCalendarKnown } = workdaysAfter(Date.parse(from), count, hospital)
    return [isoInZone(dueAt, hospital.timezone), isCalendarKnown]
  }
  test.each([
    // 14 is a make-up Saturday, 15 to 23 the Spring Festival.
    ['2026-02-13T16:20:00+08:00', 3, '2026-02-25T23:59:59.999+08:00'],
    // The Saturday after the National Day holidays is worked.
    ['2026-09-30T08:00:00+08:00', 3, '2026-10-10T23:59:59.999+08:00'],
    // Before midnight in Shenzhen is still that day, though UTC says the same date for both.
    ['2026-02-13T23:59:59+08:00', 3, '2026-02-25T23:59:59.999+08:00'],
    ['2026-02-14T00:00:00+08:00', 3, '2026-02-26T23:59:59.999+08:00'],
    ['2026-11-25T10:00:00+08:00', 0, '2026-11-25T23:59:59.999+08:00'],
  ])('%s + %i is due %s', (from, count, expected) => {
    expect(due(from, count)).toEqual([expected, true])
  })
  test('a year that nobody has published yet is said to be unknown', () => {
    expect(due('2026-12-30T10:00:00+08:00', 3)).toEqual(['2027-01-04T23:59:59.999+08:00', false])
    expect(due('2026-11-25T10:00:00+08:00', 3, { ...szph, calendar: 'none' })).toEqual(['2026-11-30T23:59:59.999+08:00', false])
  })
})
