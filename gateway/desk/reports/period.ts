import { localTime } from '../../model/calendar.ts'
import type { Hospital } from '../../model/interface.ts'
import type { ReportKind } from '../../model/report.ts'
import type { Text } from '../../model/text.ts'
import { type Instant, zoneOffsetMin } from '../../model/time.ts'

const dayMs = 86_400_000
const hourMs = 3_600_000

/** A span that a report is about, by the hospital's wall clock, and the one that it is compared with. */
export interface Period {
  readonly kind: ReportKind
  /** `2026-11-22`, `2026-W47` (ISO 8601), `2026-11`. */
  readonly name: string
  readonly from: Instant
  /** Exclusive. */
  readonly to: Instant
  /** The week or month before; of a day the same weekday a week before, since a Sunday isn't compared with a Saturday. */
  readonly before: { readonly from: Instant; readonly to: Instant }
  /** Beginnings of its hours (of a day) or days. */
  readonly steps: readonly Instant[]
}

/** The period that a name means; null when it means none. */
export function periodOf(kind: ReportKind, name: string, hospital: Hospital): Period | null {
  const days = daysOf(kind, name)
  return days === null ? null : made(kind, name, days, hospital)
}

/** The last period of that kind that is over at `at`. */
export function lastPeriod(kind: ReportKind, at: Instant, hospital: Hospital): Period {
  return periodAround(kind, dayBefore(kind, localTime(at, hospital).day), hospital)
}

/** The period of that kind in which the day of `at` lies. */
export function currentPeriod(kind: ReportKind, at: Instant, hospital: Hospital): Period {
  return periodAround(kind, localTime(at, hospital).day, hospital)
}

/** The period after that one. */
export function nextPeriod(period: Period, hospital: Hospital): Period {
  return periodAround(period.kind, localTime(period.to, hospital).day, hospital)
}

/**
 * When the report of a period is due: at `time` (`07:30`) on the day after it, or, where `onWorkday`, on the first working day after
 * it by the hospital's calendar: a Monday that is a holiday has no meeting.
 */
export function dueOf(period: Period, time: string, onWorkday: boolean, hospital: Hospital): Instant {
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  let day = localTime(period.to, hospital).day
  for (let tries = 0; onWorkday && tries < 20; tries += 1) {
    if (localTime(startOfDay(day, hospital.timezone) + 12 * hourMs, hospital).dayType === 0) break
    day += 1
  }
  return startOfDay(day, hospital.timezone) + hour * hourMs + minute * 60_000
}

/** `2026-11-22` of the hospital's calendar. */
export function dateText(at: Instant, hospital: Hospital): string {
  return isoDay(localTime(at, hospital).day)
}

export function periodTitle({ kind, name, from, to }: Period, hospital: Hospital): Text {
  const span = `${dateText(from, hospital)} – ${dateText(to - 1, hospital)}`
  switch (kind) {
    case 'daily':
      return { zh: `接口运行日报 ${name}`, en: `Interface health report, day ${name}` }
    case 'weekly':
      return { zh: `接口健康周报 ${name}（${span}）`, en: `Interface health report, week ${name} (${span})` }
    case 'monthly':
      return { zh: `接口健康月报 ${name}`, en: `Interface health report, month ${name}` }
    default:
      return kind satisfies never
  }
}

interface Days {
  readonly first: number
  readonly count: number
}

function daysOf(kind: ReportKind, name: string): Days | null {
  if (kind === 'daily') {
    const day = dayNumber(name)
    return day === null ? null : { first: day, count: 1 }
  }
  if (kind === 'monthly') {
    const first = dayNumber(`${name}-01`)
    return first === null ? null : { first, count: lengthOfMonth(first) }
  }
  const match = /^(\d{4})-W(\d{2})$/.exec(name)
  if (match === null) return null
  const first = firstMonday(Number(match[1])) + 7 * (Number(match[2]) - 1)
  return weekName(first) === name ? { first, count: 7 } : null
}

function periodAround(kind: ReportKind, day: number, hospital: Hospital): Period {
  if (kind === 'daily') return made(kind, isoDay(day), { first: day, count: 1 }, hospital)
  if (kind === 'weekly') return made(kind, weekName(day), { first: mondayOf(day), count: 7 }, hospital)
  const name = isoDay(day).slice(0, 7)
  const first = Date.parse(`${name}-01T00:00:00Z`) / dayMs
  return made(kind, name, { first, count: lengthOfMonth(first) }, hospital)
}

/** A day of the period before the one in which `day` lies. */
function dayBefore(kind: ReportKind, day: number): number {
  if (kind === 'daily') return day - 1
  if (kind === 'weekly') return mondayOf(day) - 1
  return Date.parse(`${isoDay(day).slice(0, 7)}-01T00:00:00Z`) / dayMs - 1
}

function made(kind: ReportKind, name: string, { first, count }: Days, { timezone }: Hospital): Period {
  const start = (day: number) => startOfDay(day, timezone)
  const [from, to] = [start(first), start(first + count)]
  const lastMonth = isoDay(first - 1)
  const before =
    kind === 'daily'
      ? { from: start(first - 7), to: start(first - 6) }
      : kind === 'weekly'
        ? { from: start(first - 7), to: from }
        : { from: start(Date.parse(`${lastMonth.slice(0, 7)}-01T00:00:00Z`) / dayMs), to: from }
  const steps =
    kind === 'daily'
      ? Array.from({ length: Math.round((to - from) / hourMs) }, (_, i) => from + i * hourMs)
      : Array.from({ length: count }, (_, i) => start(first + i))
  return { kind, name, from, to, before, steps }
}

/** The zone's offset is looked up at the instant itself: a zone may step on that day. */
function startOfDay(day: number, timezone: string): Instant {
  const local = day * dayMs
  const near = local - zoneOffsetMin(local, timezone) * 60_000
  return local - zoneOffsetMin(near, timezone) * 60_000
}

function dayNumber(date: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return null
  const at = Date.parse(`${date}T00:00:00Z`)
  return Number.isNaN(at) || isoDay(at / dayMs) !== date ? null : at / dayMs
}

function isoDay(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10)
}

function lengthOfMonth(first: number): number {
  const next = new Date(first * dayMs)
  next.setUTCMonth(next.getUTCMonth() + 1)
  return next.getTime() / dayMs - first
}

/** 1970-01-01 was a Thursday. */
function mondayOf(day: number): number {
  return day - ((((day + 3) % 7) + 7) % 7)
}

/** ISO 8601: week 1 is the one with the year's first Thursday, so with January 4th. */
function firstMonday(year: number): number {
  return mondayOf(Date.UTC(year, 0, 4) / dayMs)
}

function weekName(day: number): string {
  const monday = mondayOf(day)
  const year = new Date((monday + 3) * dayMs).getUTCFullYear()
  const week = Math.round((monday - firstMonday(year)) / 7) + 1
  return `${year}-W${String(week).padStart(2, '0')}`
}
