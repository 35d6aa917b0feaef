import type { TimestampReading } from '../../../gateway/model/timestamp.ts'
import { fromWallClock, type WrittenClock, writtenClockMs } from '../../../gateway/model/wall-clock.ts'

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
  return stampOf(
    {
      year: day[1],
      month: day[2],
      day: day[3],
      hour: clock?.[1],
      minute: clock?.[2],
      second: clock?.[3],
      fraction: clock?.[4],
    },
    zone,
  )
}

/** `+0800` in minutes (PS3.3 C.12.1.1.8: -1200 to +1400); null: it is none. */
export function readOffset(text: string): number | null {
  const match = /^([+-])(\d\d)(\d\d)$/.exec(text.trim())
  if (match === null) return null
  const minutes = Number(match[2]) * 60 + Number(match[3])
  if (Number(match[3]) > 59 || minutes > 14 * 60) return null
  return match[1] === '-' ? -minutes : minutes
}

function stampOf(parts: WrittenClock, zone: Zone): TimestampReading {
  const local = writtenClockMs(parts)
  if (local === null) return unreadable
  const resolutionMs = stepOf(parts)
  if (zone.offsetMin !== null) return { at: local - zone.offsetMin * minuteMs, resolutionMs, hasZone: true }
  return { at: fromWallClock(local, zone.timeZone), resolutionMs, hasZone: false }
}

/** None is coarser than a day. */
function stepOf({ hour, minute, second, fraction }: WrittenClock): number {
  if (fraction !== undefined) return 1
  if (second !== undefined) return 1000
  return minute !== undefined ? minuteMs : hour !== undefined ? hourMs : dayMs
}
