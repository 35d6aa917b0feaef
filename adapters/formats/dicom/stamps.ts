import { remembered } from '../../../gateway/model/remembered.ts'
import type { Instant } from '../../../gateway/model/time.ts'
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
export function readDateTime(date: string, time: string | null, { offsetMin, timeZone }: Zone): TimestampReading {
  const written = readWritten(`${date.trim()}T${time?.trim() ?? ''}`)
  if (written === null) return unreadable
  const { local, resolutionMs } = written
  if (offsetMin !== null) return { at: local - offsetMin * minuteMs, resolutionMs, hasZone: true }
  return { at: fromWallClock(local, timeZone), resolutionMs, hasZone: false }
}

/** `+0800` in minutes (PS3.3 C.12.1.1.8: -1200 to +1400); null: it is none. */
export const readOffset = remembered((text): number | null => {
  const match = /^([+-])(\d\d)(\d\d)$/.exec(text.trim())
  if (match === null) return null
  const minutes = Number(match[2]) * 60 + Number(match[3])
  if (Number(match[3]) > 59 || minutes > 14 * 60) return null
  return match[1] === '-' ? -minutes : minutes
})

interface Written {
  /** As if in UTC. */
  readonly local: Instant
  readonly resolutionMs: number
}

/** A date, `T` and a time or nothing: those of a study stand in each of its images. */
const readWritten = remembered((text): Written | null => {
  const match = /^(\d{4})\.?(\d\d)\.?(\d\d)T(?:(\d\d)(?::?(\d\d)(?::?(\d\d)(?:\.(\d{1,6}))?)?)?)?$/.exec(text)
  if (match === null) return null
  const [, year, month, day, hour, minute, second, fraction] = match
  const parts = { year, month, day, hour, minute, second, fraction }
  const local = writtenClockMs(parts)
  return local === null ? null : { local, resolutionMs: stepOf(parts) }
})

/** None is coarser than a day. */
function stepOf({ hour, minute, second, fraction }: WrittenClock): number {
  if (fraction !== undefined) return 1
  if (second !== undefined) return 1000
  return minute !== undefined ? minuteMs : hour !== undefined ? hourMs : dayMs
}
