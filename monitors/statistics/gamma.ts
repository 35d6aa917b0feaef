/** P(X > x) for a gamma variable with this shape and scale 1: the regularised upper incomplete gamma function. */
export function gammaTail(shape: number, x: number): number {
  return tailOf({ shape, lnGamma: lnGamma(shape) }, x)
}

/** The x that a gamma variable with this shape and mean 1 exceeds with the given chance (0 < chance < 1). */
export function gammaQuantile(shape: number, chance: number): number {
  const form = { shape, lnGamma: lnGamma(shape) }
  let low = 0
  let high = 1
  while (tailOf(form, high * shape) > chance && high < 1e6) high *= 2
  for (let i = 0; i < 60; i += 1) {
    const middle = (low + high) / 2
    if (tailOf(form, middle * shape) > chance) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** What depends on the shape alone. */
interface Form {
  readonly shape: number
  readonly lnGamma: number
}

function tailOf(form: Form, x: number): number {
  if (x <= 0) return 1
  return x < form.shape + 1 ? 1 - lowerBySeries(form, x) : upperByFraction(form, x)
}

/** Numerical Recipes 6.2: converges fast for x < shape + 1. */
function lowerBySeries({ shape, lnGamma: ln }: Form, x: number): number {
  let term = 1 / shape
  let sum = term
  for (let n = 1; n < 500; n += 1) {
    term *= x / (shape + n)
    sum += term
    if (term < sum * 1e-15) break
  }
  return sum * Math.exp(-x + shape * Math.log(x) - ln)
}

/** Lentz's continued fraction: converges fast for x > shape + 1. */
function upperByFraction({ shape, lnGamma: ln }: Form, x: number): number {
  const tiny = 1e-300
  let b = x + 1 - shape
  let c = 1 / tiny
  let d = 1 / b
  let h = d
  for (let i = 1; i < 500; i += 1) {
    const an = -i * (i - shape)
    b += 2
    d = an * d + b
    if (Math.abs(d) < tiny) d = tiny
    c = b + an / c
    if (Math.abs(c) < tiny) c = tiny
    d = 1 / d
    const step = d * c
    h *= step
    if (Math.abs(step - 1) < 1e-15) break
  }
  return Math.exp(-x + shape * Math.log(x) - ln) * h
}

/** Lanczos (g = 5, six terms): 2e-10 relative for every positive shape. */
function lnGamma(x: number): number {
  const terms = [
    76.18009172947146, -86.50532032941678, 24.01409824083091, -1.231739572450155, 0.1208650973866179e-2, -0.5395239384953e-5,
  ]
  const base = x + 5.5
  let series = 1.000000000190015
  for (const [i, term] of terms.entries()) series += term / (x + 1 + i)
  return (x + 0.5) * Math.log(base) - base + Math.log((2.5066282746310007 * series) / x)
}
