/** How often something may stand. `max` null: without limit. */
export interface Range {
  readonly min: number
  readonly max: number | null
}

/** Reads `3`, `1..*`, `0..5`, `..250`, `2..`; null when the text is none of these or runs backwards. */
export function readRange(text: string): Range | null {
  const match = /^(?:(\d{1,6})|(\d{1,6})?\.\.(\d{1,6}|\*)?)$/u.exec(text.trim())
  if (match === null || text.trim() === '..') return null
  const [, exact, from = '0', to = '*'] = match
  if (exact !== undefined) return { min: Number(exact), max: Number(exact) }
  const range = { min: Number(from), max: to === '*' ? null : Number(to) }
  return range.max !== null && range.min > range.max ? null : range
}

/** A range as a contract writes it. */
export function writeRange(range: Range): string {
  if (range.min === range.max) return String(range.min)
  return `${range.min === 0 ? '' : range.min}..${range.max ?? '*'}`
}
