import type { Instant } from '../../../gateway/model/time.ts'
import type { TimestampReading } from '../../../gateway/model/timestamp.ts'
import { fromWallClock } from '../../../gateway/model/wall-clock.ts'

const unreadable: TimestampReading = { at: null, resolutionMs: 1, hasZone: false }
const dayMs = 86_400_000

const form = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2}):(\d{2})(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})?)?)?)?$/

/**
 * FHIR's date, dateTime and instant (R4 2.24.0.1). A dateTime without a zone, which FHIR forbids and senders write, and a date are taken in `timeZone`. A month
 * counts as 30 days and a year as 365: nobody measures clocks by them.
 */
export function readStamp(text: string, timeZone: string): TimestampReading {
  const match = form.exec(text)
  if (match === null) return unreadable
  const [, year = '', month = '01', day = '01', hour = '00', minute = '00', second = '00', fraction, zone] = match
  const whole = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second))
  const isInRange =
    Number(hour) < 24 && Number(minute) < 60 && Number(second) <= 60 && isDay(whole, Number(month), Number(second))
  if (!isInRange) return unreadable
  const local = whole + (fraction === undefined ? 0 : Number(`0${fraction}`) * 1000)
  const resolutionMs = resolutionOf(match)
  if (zone === undefined) return { at: fromWallClock(local, timeZone), resolutionMs, hasZone: false }
  return { at: local - offsetMin(zone) * 60_000, resolutionMs, hasZone: true }
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

function resolutionOf(match: RegExpExecArray): number {
  if (match[7] !== undefined) return 1
  if (match[4] !== undefined) return 1000
  return match[3] !== undefined ? dayMs : match[2] !== undefined ? 30 * dayMs : 365 * dayMs
}

function offsetMin(zone: string): number {
  if (zone === 'Z') return 0
  const size = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6))
  return zone.startsWith('-') ? -size : size
}
