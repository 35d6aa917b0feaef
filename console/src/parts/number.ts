/** `12 345`: thousands apart by a thin space, the same in both languages. */
export function countText(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, '\u2009')
}

/** A ratio as percent; never rounds a miss up to 100 %. */
export function percentText(ratio: number, digits = 1): string {
  const scaled = 10 ** digits
  // A little is added before cutting off: 0.57 * 100 is a hair below 57 in floating point.
  const percent = ratio >= 1 ? 100 : Math.floor(ratio * 100 * scaled + 1e-7) / scaled
  return `${Number.isInteger(percent) ? percent : percent.toFixed(digits)} %`
}

/** Bytes for people. */
export function bytesText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} kB`
  if (bytes < 1_000_000_000) return `${(bytes / 1_000_000).toFixed(1)} MB`
  return `${(bytes / 1_000_000_000).toFixed(1)} GB`
}

/** Figures after a rate: one below ten, none above. */
export function rateText(perMin: number): string {
  return perMin > 0 && perMin < 10 && !Number.isInteger(perMin) ? perMin.toFixed(1) : countText(perMin)
}
