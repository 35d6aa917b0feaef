import workdays from './cn-workdays.json' with { type: 'json' }
import type { Hospital } from './interface.ts'
import { type Instant, zoneOffsetMin } from './time.ts'

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
const hourMs = 3_600_000

/** Holidays and make-up workdays as the State Council published them (domain.md 4.3), by day number. */
const calendar = readCalendar(workdays.years)

/** A year that the calendar lacks, or a hospital with another calendar, has plain weekdays; the caller is told. */
export function localTime(at: Instant, hospital: Hospital): LocalTime {
  if (lastHour === null || !isWithin(lastHour, at, hospital)) lastHour = hourOf(at, hospital)
  return lastHour.local
}

/** One hour of a hospital's clock, as long as its zone keeps its offset: all of it has one local time. */
interface LocalHour extends Pick<Hospital, 'timezone' | 'calendar'> {
  readonly fromAt: Instant
  readonly untilAt: Instant
  readonly local: LocalTime
}

function isWithin(hour: LocalHour, at: Instant, { timezone, calendar: kind }: Hospital): boolean {
  return at >= hour.fromAt && at < hour.untilAt && hour.timezone === timezone && hour.calendar === kind
}

function hourOf(at: Instant, { timezone, calendar: kind }: Hospital): LocalHour {
  const offsetMs = zoneOffsetMin(at, timezone) * 60_000
  const local = at + offsetMs
  const day = Math.floor(local / dayMs)
  const hour = Math.floor((local - day * dayMs) / hourMs)
  const isCalendarKnown = kind === 'cn' && calendar.knownDays.has(day)
  const localFromAt = day * dayMs + hour * hourMs - offsetMs
  const zoneFromAt = Math.floor(at / hourMs) * hourMs
  return {
    timezone,
    calendar: kind,
    fromAt: Math.max(localFromAt, zoneFromAt),
    untilAt: Math.min(localFromAt, zoneFromAt) + hourMs,
    local: { hour, day, dayType: isCalendarKnown ? chineseDay(day) : plainDay(day), isCalendarKnown },
  }
}

/** A pure cache of the last answer: thousands are asked for in one hour. */
let lastHour: LocalHour | null = null

export interface WorkdayDue {
  /** The last millisecond of that working day, in the hospital's zone. */
  readonly dueAt: Instant
  /** False: the calendar lacks a day on the way, and plain weekdays were used for it. */
  readonly isCalendarKnown: boolean
}

/**
 * The end of the `count`th working day after the day of `from`, that day itself not counted: make-up weekends work, public holidays
 * don't (domain.md: SLA-04). `count` 0 is the end of the day itself.
 */
export function workdaysAfter(from: Instant, count: number, hospital: Hospital): WorkdayDue {
  const startDay = localTime(from, hospital).day
  const walk = { day: startDay, left: count, isCalendarKnown: true }
  while (walk.left > 0) {
    walk.day += 1
    const isKnown = hospital.calendar === 'cn' && calendar.knownDays.has(walk.day)
    walk.isCalendarKnown &&= isKnown
    if ((isKnown ? chineseDay(walk.day) : plainDay(walk.day)) === 0) walk.left -= 1
  }
  return { dueAt: endOfDay(walk.day, hospital.timezone), isCalendarKnown: walk.isCalendarKnown }
}

/** The zone's offset is looked up at the instant itself: a zone may step between now and then. */
function endOfDay(day: number, timezone: string): Instant {
  const local = (day + 1) * dayMs - 1
  const near = local - zoneOffsetMin(local, timezone) * 60_000
  return local - zoneOffsetMin(near, timezone) * 60_000
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
