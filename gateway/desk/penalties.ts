import type { Interface } from '../model/interface.ts'

/**
 * How many points of 100 one thing takes off an interface, on the board and in the reports alike: failures beyond the objective 3 for
 * each percent, up to 60; latency 20 at twice the objective, up to 20; violations 15 where every second exchange has one; coverage a
 * tenth of the percentage that is missing. To a tenth of a point.
 */
export function successPenalty(rate: number | null, { successRate }: Interface['objectives']): number {
  const missing = rate === null ? 0 : Math.max(successRate - rate, 0)
  return tenths(Math.min(60, missing * 300))
}

/** Fewer latencies than this say nothing about a 95th percentile. */
const latenciesMin = 10

export function latencyPenalty(
  latencyMs: { readonly p95: number | null; readonly n: number } | null,
  { latencyP95Ms }: Interface['objectives'],
): number {
  const p95 = knownP95(latencyMs)
  return tenths(Math.min(20, Math.max(p95 === null ? 0 : p95 / latencyP95Ms - 1, 0) * 20))
}

/** Null where too few latencies stand behind it. */
export function knownP95(latencyMs: { readonly p95: number | null; readonly n: number } | null): number | null {
  return latencyMs === null || latencyMs.n < latenciesMin ? null : latencyMs.p95
}

/** `share`: violations that count per exchange. */
export function violationPenalty(share: number): number {
  return tenths(Math.min(15, share * 30))
}

export function coveragePenalty(coverage: number): number {
  return tenths((1 - coverage) * 10)
}

/** Of what was owed an answer, what got one; null where nothing was owed. */
export function successRateOf(counted: {
  readonly exchanges: number
  readonly orphans: number
  readonly answered: number
  readonly oneWay: number
}): number | null {
  const owed = counted.exchanges - counted.orphans
  return owed === 0 ? null : (counted.answered + counted.oneWay) / owed
}

export function tenths(points: number): number {
  return Math.round(points * 10) / 10
}
