/** Counts of one interface over a whole input. */
export interface InterfaceSummary {
  readonly id: string
  readonly exchanges: number
  readonly answered: number
  readonly failed: number
  readonly unanswered: number
  readonly orphans: number
  readonly oneWay: number
  readonly violations: number
  readonly latencyMs: { readonly p50: number | null; readonly p95: number | null; readonly p99: number | null }
}
