import { type Instant, zoneOffsetMin } from './time.ts'

const minuteMs = 60_000
const hourMs = 3_600_000
const dayMs = 86_400_000

/** The latest instant at or before `now` at which clocks in that zone showed `HH:MM`. */
export function lastAt(timeOfDay: string, now: Instant, timeZone: string): Instant {
  const [hours = 0, minutes = 0] = timeOfDay.split(':').map(Number)
  const localDay = Math.floor((now + zoneOffsetMin(now, timeZone) * 60_000) / dayMs)
  for (let day = localDay; ; day -= 1) {
    const local = day * dayMs + (hours * 60 + minutes) * 60_000
    // The offset is that of the instant itself, which may lie beyond a change of summer time.
    const roughly = local - zoneOffsetMin(now, timeZone) * 60_000
    const at = local - zoneOffsetMin(roughly, timeZone) * 60_000
    if (at <= now) return at
  }
}

/** The first instant after `now` at which clocks in that zone show `HH:MM`. */
export function nextAt(timeOfDay: string, now: Instant, timeZone: string): Instant {
  // Two days ahead, the latest one is at most a day too late; summer time moves it by an hour.
  const ahead = lastAt(timeOfDay, now + dayMs + 2 * 3_600_000, timeZone)
  const before = lastAt(timeOfDay, ahead - 1, timeZone)
  return before > now ? before : ahead
}

/** Days of that month, 1 to 12, of the Gregorian calendar. */
function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** Of a wall-clock time; the month counts from 1. */
export interface WallClock {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
}

/** That time as if in UTC; null where no calendar or clock has it. 60 is a leap second, and a year before 1800 is nobody's. */
export function wallClockMs({ year, month, day, hour, minute, second }: WallClock): Instant | null {
  if (year < 1800 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return null
  if (hour > 23 || minute > 59 || second > 60) return null
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

/** The parts of a wall-clock time as digits, as far as they are written. */
export interface WrittenClock {
  readonly year: string | undefined
  readonly month: string | undefined
  readonly day: string | undefined
  readonly hour: string | undefined
  readonly minute: string | undefined
  readonly second: string | undefined
  /** Of a second: `25` is a quarter. */
  readonly fraction: string | undefined
}

/** `wallClockMs` of what is written. */
export function writtenClockMs({ year, month, day, hour, minute, second, fraction }: WrittenClock): Instant | null {
  const number = (text: string | undefined) => Number(text ?? 0)
  const whole = wallClockMs({
    year: number(year),
    month: number(month),
    day: number(day),
    hour: number(hour),
    minute: number(minute),
    second: number(second),
  })
  return whole === null || fraction === undefined ? whole : whole + Number(`0.${fraction}`) * 1000
}

/** Within one wall-clock hour of one zone the offset is the same, but for the hour in which the zone's clocks change. */
const offsets = new Map<string, Map<number, number>>()
const offsetsMax = 5000

/** The instant at which clocks in that zone show `local`, which is a wall-clock time written as if in UTC. */
export function fromWallClock(local: Instant, timeZone: string): Instant {
  const hour = Math.floor(local / hourMs)
  let known = offsets.get(timeZone)
  if (known === undefined || known.size >= offsetsMax) {
    known = new Map()
    offsets.set(timeZone, known)
  }
  let offsetMin = known.get(hour)
  if (offsetMin === undefined) {
    const guess = hour * hourMs - zoneOffsetMin(hour * hourMs, timeZone) * minuteMs
    offsetMin = zoneOffsetMin(guess, timeZone)
    known.set(hour, offsetMin)
  }
  return local - offsetMin * minuteMs
}
