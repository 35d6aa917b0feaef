import { workdaysAfter } from '../../model/calendar.ts'
import type { Hospital } from '../../model/interface.ts'
import type { Instant, Millis } from '../../model/time.ts'
import type { Span } from './desk-rules.ts'

const unitMs = { min: 60_000, h: 3_600_000 } as const

/** When a span that begins at `from` ends. `isCalendarKnown` is false where working days were counted in a year that nobody has published. */
export function spanEnd(
  span: Span,
  from: Instant,
  hospital: Hospital,
): { readonly dueAt: Instant; readonly isCalendarKnown: boolean } {
  const { count, unit } = read(span)
  if (unit === 'workdays') return workdaysAfter(from, count, hospital)
  return { dueAt: from + count * unitMs[unit], isCalendarKnown: true }
}

/** The length of a span of minutes or hours. Working days have none: throws. */
export function spanMs(span: Span): Millis {
  const { count, unit } = read(span)
  if (unit === 'workdays') throw new Error('working days have no length of their own')
  return count * unitMs[unit]
}

function read(span: Span): { readonly count: number; readonly unit: 'min' | 'h' | 'workdays' } {
  const [count = '', unit] = span.split(' ')
  if (unit !== 'min' && unit !== 'h' && unit !== 'workdays') throw new Error(`not a span: ${span}`)
  return { count: Number(count), unit }
}
