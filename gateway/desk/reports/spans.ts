import type { Alert } from '../../model/incident.ts'
import type { Instant } from '../../model/time.ts'

export interface Span {
  readonly from: Instant
  readonly to: Instant
}

/** Minutes of the span that lie in any of these. */
export function minutesIn(span: Span, parts: readonly Span[]): number {
  let covered = 0
  let reached = span.from
  for (const { from, to } of parts.toSorted((a, b) => a.from - b.from)) {
    const begin = Math.max(from, reached)
    const end = Math.min(to, span.to)
    if (end <= begin) continue
    covered += end - begin
    reached = end
  }
  return Math.round(covered / 60_000)
}

/** How long the alert was bad, as far as `asOf` knows; null where it never fired. */
export function badSpan(alert: Alert, asOf: Instant): Span | null {
  if (alert.firingAt === null) return null
  return { from: alert.onsetAt, to: alert.state === 'resolved' ? Math.max(alert.lastBadAt, alert.onsetAt) : asOf }
}

export function overlaps(a: Span, b: Span): boolean {
  return a.from < b.to && b.from < a.to
}
