import { withQuery } from '../api/client.ts'
import { zoneOf } from '../parts/time.ts'

/** The spans that a list can be held to; '' is no bound, `custom` takes `from` and `to`. */
export const spans = ['', '15m', '1h', '24h', '7d', 'custom'] as const
export type Span = (typeof spans)[number]
export const outcomes = ['answered', 'failed', 'unanswered', 'orphan', 'one-way'] as const

const spanMs: { readonly [span in Exclude<Span, '' | 'custom'>]: number } = {
  '15m': 15 * 60_000,
  '1h': 3_600_000,
  '24h': 86_400_000,
  '7d': 7 * 86_400_000,
}

/** What narrows the list of exchanges, as it stands in the address. */
export interface ExchangeFilter {
  readonly q: string
  readonly iface: string
  readonly outcome: string
  readonly type: string
  readonly span: Span
  /** As `datetime-local` inputs write it, in the hospital's zone. */
  readonly from: string
  readonly to: string
}

export function filterOf(query: URLSearchParams): ExchangeFilter {
  const text = (name: string) => query.get(name) ?? ''
  return {
    q: text('q'),
    iface: text('interface'),
    outcome: outcomes.find((o) => o === text('outcome')) ?? '',
    type: text('type'),
    span: spans.find((s) => s === text('span')) ?? '',
    from: text('from'),
    to: text('to'),
  }
}

/** The API's path for a filter. `now` is the server's clock as ISO in the hospital's zone. */
export function exchangesPath(
  filter: ExchangeFilter,
  now: string,
  page: { readonly limit: number; readonly cursor?: string },
): string {
  return withQuery('/exchanges', { ...narrowing(filter, now), limit: page.limit, cursor: page.cursor })
}

/** The same list as a file. */
export function exportPath(filter: ExchangeFilter, now: string): string {
  return withQuery('/exchanges/export', { ...narrowing(filter, now), format: 'csv' })
}

function narrowing(filter: ExchangeFilter, now: string) {
  const { iface, outcome, type, q } = filter
  return { interface: iface, outcome, type, q, ...boundsOf(filter, now) }
}

export function isFiltered(filter: ExchangeFilter): boolean {
  return [filter.q, filter.iface, filter.outcome, filter.type, filter.span].some((part) => part !== '')
}

function boundsOf({ span, from, to }: ExchangeFilter, now: string): { readonly from?: string; readonly to?: string } {
  if (span === '') return {}
  if (span !== 'custom') return { from: new Date(Date.parse(now) - spanMs[span]).toISOString() }
  const zone = zoneOf(now)
  const instant = (local: string) => (local.length === 16 ? `${local}:00${zone}` : `${local}${zone}`)
  return { ...(from === '' ? {} : { from: instant(from) }), ...(to === '' ? {} : { to: instant(to) }) }
}
