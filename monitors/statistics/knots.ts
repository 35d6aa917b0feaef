import { quantileOfSorted } from './quantile.ts'

/**
 * What amounts are usual, by some quantiles of their logarithms: whatever their shape, of two kinds of message one may take ten times as long every day. An amount is scored by how many are
 * larger, as deviations of a normal distribution that has as many above it, so that usual ones are 0 on average.
 */
const shares = [0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975] as const
/** Where a normal distribution has them, in deviations from its middle. */
const scores = [-1.96, -1.282, -0.674, 0, 0.674, 1.282, 1.96] as const
/** How much of all lies nearer to each of them than to any other. */
const weights = shares.map((_, i) => (i === shares.length - 1 ? 1 : between(i)) - (i === 0 ? 0 : between(i - 1)))
/** From the one before to the one after. */
const widths = shares.map((share, i) => (shares[i + 1] ?? share) - (shares[i - 1] ?? share))
const middle = 3
const last = shares.length - 1
/** One odd amount is no shift. */
const clip = 3
/** Deviations: amounts that hardly vary must not make a difference of some percent look like a fault. */
const spreadMin = 0.2

/** From the quantiles of amounts, which `of` tells. */
export function knotsOf(of: (share: number) => number): number[] {
  const knots = shares.map((share) => logOf(of(share)))
  spread(knots)
  return knots
}

export function knotsAmong(ascending: readonly number[]): number[] {
  const knots = shares.map((share) => quantileOfSorted(ascending, share))
  spread(knots)
  return knots
}

export function logOf(value: number): number {
  return Math.log(Math.max(value, 0.001))
}

export function scoreAmong(knots: readonly number[], ln: number): number {
  let i = 1
  while (i < last && ln > at(knots, i)) i += 1
  const share = (ln - at(knots, i - 1)) / (at(knots, i) - at(knots, i - 1))
  const z = at(scores, i - 1) + share * (at(scores, i) - at(scores, i - 1))
  return Math.min(Math.max(z, -clip), clip)
}

export function middleOf(knots: readonly number[]): number {
  return at(knots, middle)
}

export function meanOf(knots: readonly number[]): number {
  let sum = 0
  for (let i = 0; i < knots.length; i += 1) sum += at(weights, i) * at(knots, i)
  return sum
}

/** Moves each a little towards where it has its share below it (Robbins and Monro), by as much as the distance of its neighbours tells that it may be off. */
export function moveKnots(knots: number[], ln: number, weight: number): void {
  let before = at(knots, 0)
  for (let i = 0; i <= last; i += 1) {
    const knot = at(knots, i)
    const perShare = (at(knots, i < last ? i + 1 : i) - before) / at(widths, i)
    before = knot
    knots[i] = knot + weight * perShare * (at(shares, i) - (ln > knot ? 0 : 1))
  }
  spread(knots)
}

/** In ascending order, from the middle outwards by no less than the least deviation makes of them. */
function spread(knots: number[]): void {
  for (let i = middle + 1; i < knots.length; i += 1) knots[i] = Math.max(at(knots, i), at(knots, i - 1) + leastStep(i))
  for (let i = middle; i > 0; i -= 1) knots[i - 1] = Math.min(at(knots, i - 1), at(knots, i) - leastStep(i))
}

function leastStep(i: number): number {
  return spreadMin * (at(scores, i) - at(scores, i - 1))
}

function between(i: number): number {
  return (at(shares, i) + at(shares, i + 1)) / 2
}

function at(values: readonly number[], i: number): number {
  return values[i] ?? 0
}
