import type { Instant } from '../../../gateway/model/time.ts'
import type { TimestampReading } from '../../../gateway/model/timestamp.ts'
import { fromWallClock, wallClockMs } from '../../../gateway/model/wall-clock.ts'

const unreadable: TimestampReading = { at: null, resolutionMs: 1, hasZone: false }
const secondMs = 1000
const minuteMs = 60_000
const hourMs = 3_600_000
const dayMs = 86_400_000

/**
 * `YYYY[MM[DD[HH[MM[SS[.S[S[S[S]]]]]]]]][+/-ZZZZ]`. Without a zone it is wall-clock time in `timeZone`. The resolution of
 * a month counts as 30 days and of a year as 365: nobody measures clocks by them.
 */
export function readStamp(text: string, timeZone: string): TimestampReading {
  const zoneAt = zoneStart(text)
  const dot = text.indexOf('.')
  const wholeEnd = dot < 0 || dot > zoneAt ? zoneAt : dot
  const digits = digitsOf(text, wholeEnd)
  if (digits === null) return unreadable
  const fraction = dot < 0 || dot > zoneAt ? 0 : fractionMs(text.slice(dot + 1, zoneAt))
  const resolutionMs = dot >= 0 && dot < zoneAt ? (wholeEnd === 14 ? 1 : -1) : (resolutions.get(wholeEnd) ?? -1)
  if (fraction === null || resolutionMs < 0) return unreadable
  const local = digits + fraction
  if (zoneAt === text.length) return { at: fromWallClock(local, timeZone), resolutionMs, hasZone: false }
  const offsetMin = zoneMin(text, zoneAt)
  return offsetMin === null ? unreadable : { at: local - offsetMin * minuteMs, resolutionMs, hasZone: true }
}

const resolutions: ReadonlyMap<number, number> = new Map([
  [4, 365 * dayMs],
  [6, 30 * dayMs],
  [8, dayMs],
  [10, hourMs],
  [12, minuteMs],
  [14, secondMs],
])

function zoneStart(text: string): number {
  for (let i = text.length - 1; i >= 4; i--) {
    const char = text.charCodeAt(i)
    if (char === 43 || char === 45) return i
  }
  return text.length
}

/** Date and time of day as if in UTC; null when a character is no digit or a part is out of range. */
function digitsOf(text: string, end: number): Instant | null {
  if (end < 4 || end > 14) return null
  for (let i = 0; i < end; i++) {
    const char = text.charCodeAt(i)
    if (char < 48 || char > 57) return null
  }
  return wallClockMs({
    year: part(text, 0) * 100 + part(text, 2),
    month: end > 4 ? part(text, 4) : 1,
    day: end > 6 ? part(text, 6) : 1,
    hour: end > 8 ? part(text, 8) : 0,
    minute: end > 10 ? part(text, 10) : 0,
    second: end > 12 ? part(text, 12) : 0,
  })
}

function part(text: string, i: number): number {
  return (text.charCodeAt(i) - 48) * 10 + text.charCodeAt(i + 1) - 48
}

function fractionMs(digits: string): number | null {
  return /^\d{1,6}$/.test(digits) ? Number(`0.${digits}`) * secondMs : null
}

/** `+0800`, and `+08:00` never: that is another standard's. */
function zoneMin(text: string, at: number): number | null {
  if (text.length !== at + 5 || !/^\d{4}$/.test(text.slice(at + 1))) return null
  const minutes = part(text, at + 1) * 60 + part(text, at + 3)
  if (part(text, at + 3) > 59 || minutes > 14 * 60) return null
  return text.charCodeAt(at) === 45 ? -minutes : minutes
}
