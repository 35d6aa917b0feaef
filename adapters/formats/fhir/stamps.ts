import type { Instant } from '../../../gateway/model/time.ts'
import type { TimestampReading } from '../../../gateway/model/timestamp.ts'
import { fromWallClock } from '../../../gateway/model/wall-clock.ts'

const unreadable: TimestampReading = { at: null, resolutionMs: 1, hasZone: false }
const dayMs = 86_400_000

/** Each part has its place: month at 5, day at 8, hour at 11, minute at 14, second at 17, what follows from 19 on. */
const form = /^\d{4}(?:-\d{2}(?:-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})?)?)?)?$/

/**
 * FHIR's date, dateTime and instant (R4 2.24.0.1). A dateTime without a zone, which FHIR forbids and senders write, and a date are taken in `timeZone`. A month
 * counts as 30 days and a year as 365: nobody measures clocks by them.
 */
export function readStamp(text: string, timeZone: string): TimestampReading {
  if (!form.test(text)) return unreadable
  const month = partAt(text, 5) ?? 1
  const day = partAt(text, 8) ?? 1
  const hour = partAt(text, 11) ?? 0
  const minute = partAt(text, 14) ?? 0
  const second = partAt(text, 17) ?? 0
  const whole = Date.UTC(Number(text.slice(0, 4)), month - 1, day, hour, minute, second)
  if (hour > 23 || minute > 59 || second > 60 || !isDay(whole, month, second)) return unreadable
  const zoneAt = zoneStart(text)
  const local = zoneAt > 19 ? whole + Number(`0${text.slice(19, zoneAt)}`) * 1000 : whole
  const resolutionMs = resolutionOf(zoneAt)
  if (zoneAt === text.length) return { at: fromWallClock(local, timeZone), resolutionMs, hasZone: false }
  return { at: local - offsetMin(text.slice(zoneAt)) * 60_000, resolutionMs, hasZone: true }
}

/** Two digits; null: the text ends before them. */
function partAt(text: string, at: number): number | null {
  return at >= text.length ? null : (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48
}

/** Where the zone begins; the end of the text where none is written. Hyphens of the date stand before it. */
function zoneStart(text: string): number {
  if (text.endsWith('Z')) return text.length - 1
  const sign = text.length > 19 ? text[text.length - 6] : undefined
  return sign === '+' || sign === '-' ? text.length - 6 : text.length
}

/** IMF-fixdate, `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 5.6.7): always in UTC, to the second. */
export function readHttpDate(text: string): TimestampReading {
  const match = /^[A-Z][a-z]{2}, (\d{2}) ([A-Z][a-z]{2}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) GMT$/.exec(text)
  const month = months.indexOf(match?.[2] ?? '')
  if (match === null || month < 0) return unreadable
  const [, day, , year, hour, minute, second] = match
  const at = Date.UTC(Number(year), month, Number(day), Number(hour), Number(minute), Number(second))
  return { at, resolutionMs: 1000, hasZone: true }
}

const months: readonly string[] = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** Date.UTC carries a day that a month doesn't have into the next one. A leap second does so too, and may. */
function isDay(at: Instant, month: number, second: number): boolean {
  return new Date(second === 60 ? at - 1000 : at).getUTCMonth() + 1 === month
}

/** By how much is written. */
function resolutionOf(end: number): number {
  if (end > 10) return end > 19 ? 1 : 1000
  return end > 7 ? dayMs : end > 4 ? 30 * dayMs : 365 * dayMs
}

function offsetMin(zone: string): number {
  if (zone === 'Z') return 0
  const size = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6))
  return zone.startsWith('-') ? -size : size
}
