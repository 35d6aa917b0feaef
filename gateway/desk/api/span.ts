import type { Instant, Millis } from '../../model/time.ts'
import { Refusal } from './problems.ts'

const hourMs = 3_600_000

/** The span of a query: an hour up to now where it says nothing, or as long as `lengthMs`. */
export function spanOf(
  query: { readonly from?: string; readonly to?: string },
  now: Instant,
  lengthMs: Millis = hourMs,
): { readonly from: Instant; readonly to: Instant } {
  const to = query.to === undefined ? now : instantIn('query.to', query.to)
  const from = query.from === undefined ? to - lengthMs : instantIn('query.from', query.from)
  if (from > to) throw new Refusal('INVALID_REQUEST', 'query.from lies after query.to')
  return { from, to }
}

/** Only what the query names, for lists that have no default span. */
export function openSpanOf(query: { readonly from?: string; readonly to?: string }): { from?: Instant; to?: Instant } {
  return {
    ...(query.from === undefined ? {} : { from: instantIn('query.from', query.from) }),
    ...(query.to === undefined ? {} : { to: instantIn('query.to', query.to) }),
  }
}

/** A time as a caller writes it. The schemas let pass what no clock here shows: a leap second, an offset without its minutes. */
export function instantIn(key: string, written: string): Instant {
  const at = Date.parse(written)
  if (Number.isNaN(at)) throw new Refusal('INVALID_REQUEST', `${key} is no time as 2026-11-23T08:00:00+08:00`)
  return at
}
