import type { Instant, Millis } from '../../model/time.ts'
import { Refusal } from './problems.ts'

const hourMs = 3_600_000

/** The span of a query: an hour up to now where it says nothing, or as long as `lengthMs`. */
export function spanOf(
  query: { readonly from?: string; readonly to?: string },
  now: Instant,
  lengthMs: Millis = hourMs,
): { readonly from: Instant; readonly to: Instant } {
  const to = query.to === undefined ? now : Date.parse(query.to)
  const from = query.from === undefined ? to - lengthMs : Date.parse(query.from)
  if (from > to) throw new Refusal('INVALID_REQUEST', 'query.from lies after query.to')
  return { from, to }
}

/** Only what the query names, for lists that have no default span. */
export function openSpanOf(query: { readonly from?: string; readonly to?: string }): { from?: Instant; to?: Instant } {
  return {
    ...(query.from === undefined ? {} : { from: Date.parse(query.from) }),
    ...(query.to === undefined ? {} : { to: Date.parse(query.to) }),
  }
}
