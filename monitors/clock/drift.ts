import type { Instant, Millis } from '../../gateway/model/time.ts'

/** One look at a clock: when, and how far it was from ours, both in milliseconds. */
export type DriftPoint = readonly [at: Instant, offsetMs: Millis]

export interface Drift {
  /** Parts per million that the clock gains on ours. */
  readonly ppm: number
  /** Standard deviation of that. */
  readonly ppmDeviation: number
  /** How long the points that tell it stretch: twice what lies between their quartiles, as one far from the others tells nothing of a slope. */
  readonly spanMs: Millis
}

const pointsMin = 12

/** Theil–Sen: the median of all slopes, which a third of wrong points doesn't move (reference/algorithms.md 3.2). Null: too few points. */
export function driftOf(points: readonly DriftPoint[]): Drift | null {
  const first = points[0]
  const last = points.at(-1)
  if (first === undefined || last === undefined || points.length < pointsMin || last[0] <= first[0]) return null
  const slopes: number[] = []
  for (const [i, [at, offset]] of points.entries()) {
    for (const [earlierAt, earlier] of points.slice(0, i)) {
      if (at > earlierAt) slopes.push((offset - earlier) / (at - earlierAt))
    }
  }
  const slope = medianOf(slopes)
  const spanMs = Math.min(last[0] - first[0], 2 * betweenQuartiles(points.map(([at]) => at)))
  if (spanMs === 0) return null
  const residuals = points.map(([at, offset]) => offset - slope * (at - first[0]))
  const centre = medianOf(residuals)
  const spread = 1.4826 * medianOf(residuals.map((residual) => Math.abs(residual - centre)))
  return { ppm: slope * 1e6, ppmDeviation: ((spread * Math.sqrt(12 / points.length)) / spanMs) * 1e6, spanMs }
}

/** Of ascending values. */
function betweenQuartiles(values: readonly number[]): number {
  const quarter = (values.length - 1) / 4
  return (values[Math.ceil(3 * quarter)] ?? 0) - (values[Math.floor(quarter)] ?? 0)
}

/** Of an even number of values the lower middle: exact, no mean to round. 0 of none. */
export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0
}
