import type { Instant } from './time.ts'
import { fromWallClock, type WrittenClock, writtenClockMs } from './wall-clock.ts'

/** A time that a body or a header writes, read. `at` null: it isn't one. */
export interface TimestampReading {
  readonly at: Instant | null
  /** 1, 1000, 60000, 86400000. */
  readonly resolutionMs: number
  readonly hasZone: boolean
}

/**
 * Reads the ways in which JSON, XML and HTTP write a time: RFC 3339 (`T` or a blank, the zone may be missing), `yyyy/MM/dd HH:mm:ss`, `yyyyMMdd[HHmm[ss[SSS]]]`
 * with or without `+0800` (HL7 V3 TS), an IMF-fixdate (RFC 9110 5.6.7), and the epoch in seconds (10 digits) or milliseconds (13 digits), as text or number.
 * Without a zone it is wall-clock time in `timeZone`.
 */
export function readTimestamp(value: string | number, timeZone: string): TimestampReading {
  if (typeof value === 'number') return readEpochNumber(value) ?? unreadable
  const text = value.trim()
  if (text.length > charsMax) return unreadable
  if (text.charCodeAt(0) > 57) return readHttpDate(text) ?? unreadable
  return readParted(text, timeZone) ?? readEpoch(text) ?? readCompact(text, timeZone) ?? unreadable
}

const unreadable: TimestampReading = { at: null, resolutionMs: 1, hasZone: false }
const charsMax = 40
const minuteMs = 60_000
const dayMs = 86_400_000

const parted =
  /^(\d{4})([-/])(\d{1,2})\2(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?[ ]?(Z|z|[+-]\d{2}:?\d{2})?$/
const compact = /^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(?:(\d{2})(?:[.]?(\d{1,6}))?)?)?(Z|[+-]\d{4})?$/
const httpDate =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{2}:\d{2}:\d{2} GMT$/

function readParted(text: string, timeZone: string): TimestampReading | null {
  const match = parted.exec(text)
  if (match === null) return null
  const [, year, , month, day, hour, minute, second, fraction, zone] = match
  return made({ year, month, day, hour, minute, second, fraction, zone }, timeZone)
}

function readCompact(text: string, timeZone: string): TimestampReading | null {
  const match = compact.exec(text)
  if (match === null) return null
  const [, year, month, day, hour, minute, second, fraction, zone] = match
  return made({ year, month, day, hour, minute, second, fraction, zone }, timeZone)
}

function readHttpDate(text: string): TimestampReading | null {
  if (!httpDate.test(text)) return null
  const at = Date.parse(text)
  return Number.isNaN(at) ? null : { at, resolutionMs: 1000, hasZone: true }
}

/** Between 2001 and 2096, so that a count or a date as digits is never taken for one. */
function readEpoch(text: string): TimestampReading | null {
  return /^[1-3]\d{9}(?:\d{3}(?:\.\d{1,6})?)?$/.test(text) ? readEpochNumber(Number(text)) : null
}

function readEpochNumber(value: number): TimestampReading | null {
  if (value >= 1e12 && value < 4e12) return { at: value, resolutionMs: 1, hasZone: true }
  if (value >= 1e9 && value < 4e9 && Number.isInteger(value)) return { at: value * 1000, resolutionMs: 1000, hasZone: true }
  return null
}

interface Parts extends WrittenClock {
  readonly zone: string | undefined
}

function made(parts: Parts, timeZone: string): TimestampReading | null {
  const local = writtenClockMs(parts)
  if (local === null) return null
  const resolutionMs =
    parts.hour === undefined ? dayMs : parts.second === undefined ? minuteMs : parts.fraction === undefined ? 1000 : 1
  const offsetMin = parts.zone === undefined ? null : zoneMin(parts.zone)
  if (offsetMin === null) return { at: fromWallClock(local, timeZone), resolutionMs, hasZone: false }
  return offsetMin > 14 * 60 || offsetMin < -14 * 60 ? null : { at: local - offsetMin * minuteMs, resolutionMs, hasZone: true }
}

function zoneMin(zone: string): number {
  if (zone === 'Z' || zone === 'z') return 0
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))
  return zone.startsWith('-') ? -minutes : minutes
}
