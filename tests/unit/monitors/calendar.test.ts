import { expect, test } from 'vitest'
import { localTime } from '../../../monitors/calendar.ts'

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
