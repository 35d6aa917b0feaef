/** A share with its 95 % interval (Wilson, 1927). */
export interface Share {
  readonly hits: number
  readonly n: number
  readonly share: number
  readonly low: number
  readonly high: number
}

const z = 1.96

export function shareOf(hits: number, n: number): Share {
  if (n === 0) return { hits, n, share: Number.NaN, low: 0, high: 1 }
  const p = hits / n
  const centre = (p + (z * z) / (2 * n)) / (1 + (z * z) / n)
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))
  return { hits, n, share: p, low: Math.max(0, centre - half), high: Math.min(1, centre + half) }
}

export function shareWhere<T>(items: readonly T[], isHit: (item: T) => boolean): Share {
  return shareOf(items.filter(isHit).length, items.length)
}

export function shareText({ share, low, high, n }: Share): string {
  if (n === 0) return '- (n 0)'
  return `${share.toFixed(3)} [${low.toFixed(2)}, ${high.toFixed(2)}] n ${n}`
}

/** The value below which that part of them lies; NaN of none. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN
}

export interface Named {
  readonly truth: string
  readonly said: string
}

/** Mean over the true causes of the harmonic mean of precision and recall. */
export function macroF1(named: readonly Named[]): number {
  const causes = [...new Set(named.map(({ truth }) => truth))]
  const scores = causes.map((cause) => {
    const hits = named.filter(({ truth, said }) => truth === cause && said === cause).length
    const of = named.filter(({ truth }) => truth === cause).length
    const claims = named.filter(({ said }) => said === cause).length
    return hits === 0 ? 0 : (2 * hits) / (of + claims)
  })
  return scores.reduce((a, b) => a + b, 0) / Math.max(1, scores.length)
}

export interface Claim {
  readonly confidence: number
  readonly isRight: boolean
}

/** Expected calibration error over ten bins of equal width, and the Brier score. */
export function calibrationOf(claims: readonly Claim[]): {
  readonly ece: number
  readonly brier: number
  readonly bins: readonly { readonly from: number; readonly n: number; readonly confidence: number; readonly right: number }[]
} {
  const bins = Array.from({ length: 10 }, (_, bin) => {
    const own = claims.filter(({ confidence }) => Math.min(9, Math.floor(confidence * 10)) === bin)
    const mean = (of: (claim: Claim) => number) => own.reduce((sum, claim) => sum + of(claim), 0) / Math.max(1, own.length)
    return {
      from: bin / 10,
      n: own.length,
      confidence: mean(({ confidence }) => confidence),
      right: mean(({ isRight }) => (isRight ? 1 : 0)),
    }
  })
  const ece = bins.reduce((sum, bin) => sum + (bin.n / Math.max(1, claims.length)) * Math.abs(bin.confidence - bin.right), 0)
  const brier =
    claims.reduce((sum, { confidence, isRight }) => sum + (confidence - (isRight ? 1 : 0)) ** 2, 0) / Math.max(1, claims.length)
  return { ece, brier, bins }
}
