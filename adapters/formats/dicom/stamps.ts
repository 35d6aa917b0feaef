import type { TimestampReading } from '../../../gateway/model/timestamp.ts'
import { daysIn, fromWallClock } from '../../../gateway/model/wall-clock.ts'

const minuteMs = 60_000
const hourMs = 3_600_000
const dayMs = 86_400_000
const unreadable: TimestampReading = { at: null, resolutionMs: 1, hasZone: false }

/** Where wall-clock time is: the offset that the data set states (0008,0201) in minutes, or the zone of its sender. */
export interface Zone {
  readonly offsetMin: number | null
  readonly timeZone: string
}

/** DA and TM: `YYYYMMDD`, `HH[MM[SS[.F{1,6}]]]`; without a time its day. ACR-NEMA's `YYYY.MM.DD` and `HH:MM:SS` are read too (PS3.5 6.2 notes). */
export function readDateTime(date: string, time: string | null, zone: Zone): TimestampReading {
  const day = /^(\d{4})\.?(\d\d)\.?(\d\d)$/.exec(date.trim())
  if (day === null) return unreadable
  const clock =
    time === null || time.trim() === '' ? null : /^(\d\d)(?::?(\d\d)(?::?(\d\d)(?:\.(\d{1,6}))?)?)?$/.exec(time.trim())
  if (clock === null && time !== null && time.trim() !== '') return unreadable
  return stampOf([...day.slice(1, 4), ...(clock?.slice(1) ?? [])], zone)
}

/** `+0800` in minutes (PS3.3 C.12.1.1.8: -1200 to +1400); null: it is none. */
export function readOffset(text: string): number | null {
  const match = /^([+-])(\d\d)(\d\d)$/.exec(text.trim())
  if (match === null) return null
  const minutes = Number(match[2]) * 60 + Number(match[3])
  if (Number(match[3]) > 59 || minutes > 14 * 60) return null
  return match[1] === '-' ? -minutes : minutes
}

/** Year, month, day, hour, minute, second, fraction, as far as they are given. */
function stampOf(texts: readonly (string | undefined)[], zone: Zone): TimestampReading {
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = texts
    .slice(0, 6)
    .map((part) => (part === undefined ? undefined : Number(part)))
  const fraction = texts[6]
  if (year < 1800 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return unreadable
  // 60 is a leap second.
  if (hour > 23 || minute > 59 || second > 60) return unreadable
  const given = texts.indexOf(undefined)
  const count = given < 0 ? texts.length : given
  const resolutionMs = fraction === undefined ? (steps[count] ?? 1000) : 1
  const local =
    Date.UTC(year, month - 1, day, hour, minute, second) + (fraction === undefined ? 0 : Number(`0.${fraction}`) * 1000)
  if (zone.offsetMin !== null) return { at: local - zone.offsetMin * minuteMs, resolutionMs, hasZone: true }
  return { at: fromWallClock(local, zone.timeZone), resolutionMs, hasZone: false }
}

/** The step of a stamp by how many parts it has: none is coarser than a day. */
const steps = [1, dayMs, dayMs, dayMs, hourMs, minuteMs, 1000, 1]
