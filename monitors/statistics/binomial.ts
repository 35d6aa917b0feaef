/** P(X >= hits) of a binomial with `trials` and `share`: exact to about nine digits, by summing terms from `hits` on. */
export function binomialTail(trials: number, hits: number, share: number): number {
  if (hits <= 0) return 1
  if (hits > trials || share <= 0) return 0
  if (share >= 1) return 1
  // Below the mean the other tail is the shorter sum.
  if (hits <= trials * share) return Math.max(1 - sumUp(trials, trials - hits + 1, 1 - share), 0)
  return sumUp(trials, hits, share)
}

/** The terms fall from `hits` on where it lies above the mean; what is too small to count ends the sum. */
function sumUp(trials: number, hits: number, share: number): number {
  const odds = share / (1 - share)
  let term = Math.exp(logChoose(trials, hits) + hits * Math.log(share) + (trials - hits) * Math.log1p(-share))
  let sum = 0
  for (let k = hits; k <= trials; k += 1) {
    sum += term
    if (k > trials * share && term < sum * 1e-12) break
    term *= ((trials - k) / (k + 1)) * odds
  }
  return Math.min(sum, 1)
}

function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k)
}

/** Stirling's series from 16 on, where it is exact to twelve digits; a product below. */
function logFactorial(n: number): number {
  if (n < 16) {
    let product = 1
    for (let i = 2; i <= n; i += 1) product *= i
    return Math.log(product)
  }
  const inverse = 1 / n
  return n * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI * n) + inverse / 12 - inverse ** 3 / 360 + inverse ** 5 / 1260
}
