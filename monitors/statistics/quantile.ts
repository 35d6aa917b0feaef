/** The value at `q` (0..1) of a few dozen; 0 of none. The upper one where it lies between two. */
export function quantile(values: readonly number[], q: number): number {
  return quantileOfSorted(
    values.toSorted((a, b) => a - b),
    q,
  )
}

/** The same of ascending values. */
export function quantileOfSorted(ascending: ArrayLike<number>, q: number): number {
  return ascending[Math.min(Math.floor(q * ascending.length), ascending.length - 1)] ?? 0
}
