import { type Instant, zoneOffsetMin } from './time.ts'

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
