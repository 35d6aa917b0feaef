/**
 * How unlikely a count is where `mean` is expected: both tails of a negative binomial whose variance is `dispersion` times its mean (1: a Poisson).
 * Summed outwards from the mode in relative weights, so that no size overflows; terms too small to count end the sums.
 */
export function countTails(count: number, mean: number, dispersion: number): { readonly low: number; readonly high: number } {
  if (mean <= 0) return { low: 1, high: count === 0 ? 1 : 0 }
  const grow = 1 - 1 / Math.max(dispersion, 1.0001)
  const size = mean / (Math.max(dispersion, 1.0001) - 1)
  /** P(k + 1) / P(k). */
  const step = (k: number) => ((k + size) / (k + 1)) * grow
  const mode = Math.max(0, Math.floor(mean))
  let all = 1
  let below = mode <= count ? 1 : 0
  let above = mode >= count ? 1 : 0
  for (let k = mode, weight = 1; weight > negligible && k < mode + stepsMax; k += 1) {
    weight *= step(k)
    all += weight
    if (k + 1 <= count) below += weight
    if (k + 1 >= count) above += weight
  }
  for (let k = mode, weight = 1; k > 0 && weight > negligible; k -= 1) {
    weight /= step(k - 1)
    all += weight
    if (k - 1 <= count) below += weight
    if (k - 1 >= count) above += weight
  }
  return { low: below / all, high: above / all }
}

const negligible = 1e-14
const stepsMax = 100_000
