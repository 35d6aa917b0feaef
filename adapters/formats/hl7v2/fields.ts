/** The `n`-th part of a text (from 1) as cut by a separator; null when there are fewer parts. */
export function partOf(text: string, separator: string, n: number): string | null {
  let from = 0
  for (let count = 1; count < n; count++) {
    const next = text.indexOf(separator, from)
    if (next < 0) return null
    from = next + 1
  }
  const to = text.indexOf(separator, from)
  if (from === 0 && to < 0) return text
  return text.slice(from, to < 0 ? text.length : to)
}

/** Where the part that begins at `from` ends: at the next separator, or at `end`. Short parts are the rule, so the first characters are looked at one by one. */
export function partEnd(text: string, from: number, end: number, separator: number): number {
  const near = Math.min(end, from + 48)
  let i = from
  while (i < near && text.charCodeAt(i) !== separator) i++
  if (i < near || i === end) return i
  const next = text.indexOf(String.fromCharCode(separator), i)
  return next < 0 || next > end ? end : next
}
