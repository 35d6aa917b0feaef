import type { Hospital } from '../../model/interface.ts'
import { isRecord, type Json } from '../../model/json.ts'
import { type ReportDuty, type ReportKind, reportKinds } from '../../model/report.ts'
import type { Text } from '../../model/text.ts'
import type { Instant } from '../../model/time.ts'
import { currentPeriod, dueOf, nextPeriod, type Period } from './period.ts'

/** When the reports of each kind are made. */
export interface ScheduleLine {
  readonly kind: ReportKind
  readonly isOn: boolean
  /** `07:30` by the hospital's wall clock. */
  readonly time: string
}

/** Under which the desk's setting stands. */
export const scheduleSetting = 'report-schedule'

const defaultSchedule: readonly ScheduleLine[] = [
  { kind: 'daily', isOn: true, time: '07:45' },
  { kind: 'weekly', isOn: true, time: '07:30' },
  { kind: 'monthly', isOn: true, time: '07:30' },
]

/** What each kind's time means. */
export const scheduleRules = {
  daily: { zh: '每天，关于前一天', en: 'every day, about the day before' },
  weekly: {
    zh: '每周一，逢节假日顺延至第一个工作日，关于上一周',
    en: 'on Monday, or the first working day after it when Monday is none, about the week before',
  },
  monthly: { zh: '每月第一个工作日，关于上个月', en: 'on the first working day of the month, about the month before' },
} as const satisfies { readonly [K in ReportKind]: Text }

/** The schedule as people set it; where nobody did, the default. */
export function scheduleOf(saved: Json | null): readonly ScheduleLine[] {
  return defaultSchedule.map((line) => {
    const own = isRecord(saved) ? saved[line.kind] : null
    if (!isRecord(own)) return line
    return {
      kind: line.kind,
      isOn: typeof own.isOn === 'boolean' ? own.isOn : line.isOn,
      time: typeof own.time === 'string' && isTimeOfDay(own.time) ? own.time : line.time,
    }
  })
}

export function savedSchedule(lines: readonly ScheduleLine[]): Json {
  return Object.fromEntries(lines.map(({ kind, isOn, time }) => [kind, { isOn, time }]))
}

function isTimeOfDay(text: string): boolean {
  return /^([01]\d|2[0-3]):[0-5]\d$/.test(text)
}

/** The next report of the kind that falls due after `now`: what was due before there was anybody to make it is not made up for. */
export function firstDuty(line: ScheduleLine, now: Instant, hospital: Hospital): ReportDuty {
  let duty = dutyOf(currentPeriod(line.kind, now - lookBackMs, hospital), line, hospital)
  for (let tries = 0; duty.dueAt <= now && tries < 100; tries += 1) duty = dutyAfter(duty.period, line, hospital)
  return dutyFrom(duty)
}

/** The duty that follows the report of that period. */
export function nextDuty(period: Period, line: ScheduleLine, hospital: Hospital): ReportDuty {
  return dutyFrom(dutyAfter(period, line, hospital))
}

/** Long enough to begin before any period whose report may be due yet: a month and a week of holidays. */
const lookBackMs = 45 * 86_400_000

function dutyAfter(period: Period, line: ScheduleLine, hospital: Hospital) {
  return dutyOf(nextPeriod(period, hospital), line, hospital)
}

function dutyOf(period: Period, { kind, time }: ScheduleLine, hospital: Hospital) {
  return { period, kind, dueAt: dueOf(period, time, kind !== 'daily', hospital) }
}

function dutyFrom({ kind, period, dueAt }: ReturnType<typeof dutyOf>): ReportDuty {
  return { kind, period: period.name, dueAt }
}

/** Of each kind the line, whatever order they were given in. */
export function lineOf(lines: readonly ScheduleLine[], kind: ReportKind): ScheduleLine {
  const found = lines.find((line) => line.kind === kind) ?? defaultSchedule.find((line) => line.kind === kind)
  if (found === undefined) throw new Error(`no schedule for ${kind}, of ${reportKinds.length} kinds`)
  return found
}
