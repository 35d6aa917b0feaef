import type { Chance } from '../../fixtures/hospital/chance.ts'

export interface Range {
  readonly low: number
  readonly high: number
}

/** Evenly in the logarithm: as many small ones as large ones. */
export function scaled(chance: Chance, { low, high }: Range): number {
  return low * (high / low) ** chance.next()
}

/** Log-normal about that median. */
export function varied(chance: Chance, median: number, sigma: number): number {
  return median * Math.exp(chance.normal(0, sigma))
}

/** Numbers from 0 to `count` - 1 of which the nth comes 1/n^`power` as often as the first: few are frequent, most are rare (Zipf). */
export function ranked(chance: Chance, count: number, power: number): () => number {
  let total = 0
  const sums = Array.from({ length: count }, (_, n) => {
    total += (n + 1) ** -power
    return total
  })
  return () => {
    const at = chance.next() * total
    let [low, high] = [0, count - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((sums[middle] ?? 0) < at) low = middle + 1
      else high = middle
    }
    return low
  }
}
