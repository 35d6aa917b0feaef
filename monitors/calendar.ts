import type { Hospital } from '../gateway/model/interface.ts'
import { type Instant, zoneOffsetMin } from '../gateway/model/time.ts'
import workdays from './cn-workdays.json' with { type: 'json' }

/** 0 a workday, 1 a Saturday, 2 a Sunday or a public holiday: traffic differs between these and hardly within them. */
export type DayType = 0 | 1 | 2

/** Where an instant stands in the hospital's week. */
export interface LocalTime {
  /** 0..23 */
  readonly hour: number
  /** Days since 1970-01-01 of the hospital's own date. */
  readonly day: number
  readonly dayType: DayType
  /** False: the calendar has no such year, and plain weekdays were used. */
  readonly isCalendarKnown: boolean
}

const dayMs = 86_400_000

/** Holidays and make-up workdays as the State Council published them (domain.md 4.3), by day number. */
const calendar = readCalendar(workdays.years)

/** A year that the calendar lacks, or a hospital with another calendar, has plain weekdays; the caller is told. */
export function localTime(at: Instant, hospital: Hospital): LocalTime {
  const local = at + zoneOffsetMin(at, hospital.timezone) * 60_000
  const day = Math.floor(local / dayMs)
  const hour = Math.floor((local - day * dayMs) / 3_600_000)
  const isCalendarKnown = hospital.calendar === 'cn' && calendar.knownDays.has(day)
  return { hour, day, dayType: isCalendarKnown ? chineseDay(day) : plainDay(day), isCalendarKnown }
}

function chineseDay(day: number): DayType {
  if (calendar.holidays.has(day)) return 2
  return calendar.makeupWorkdays.has(day) ? 0 : plainDay(day)
}

/** 1970-01-01 was a Thursday. */
function plainDay(day: number): DayType {
  const weekday = (((day + 4) % 7) + 7) % 7
  return weekday === 6 ? 1 : weekday === 0 ? 2 : 0
}

function readCalendar(years: Readonly<Record<string, { holidays: string[]; makeupWorkdays: string[] }>>) {
  const dayNumber = (date: string) => Date.parse(`${date}T00:00:00Z`) / dayMs
  const all = Object.values(years)
  return {
    knownDays: new Set(
      Object.keys(years).flatMap((year) => {
        const first = dayNumber(`${year}-01-01`)
        const count = dayNumber(`${Number(year) + 1}-01-01`) - first
        return Array.from({ length: count }, (_, i) => first + i)
      }),
    ),
    holidays: new Set(all.flatMap((year) => year.holidays.map(dayNumber))),
    makeupWorkdays: new Set(all.flatMap((year) => year.makeupWorkdays.map(dayNumber))),
  }
}
