/** The second text with the lines of the first wherever they differ in nothing but blanks, so that a change shows as what it is. */
export function keepLines(before: string, after: string): string {
  const known = new Map<string, string[]>()
  for (const line of before.split('\n')) known.set(bare(line), [...(known.get(bare(line)) ?? []), line])
  return after
    .split('\n')
    .map((line) => known.get(bare(line))?.shift() ?? line)
    .join('\n')
}

/** Without the blanks inside brackets and before comments; those that indent count. */
function bare(line: string): string {
  const indent = /^ */.exec(line)?.[0] ?? ''
  return (
    indent +
    line
      .trim()
      .replace(/([[{,])\s+/g, '$1')
      .replace(/\s+([\]}])/g, '$1')
      .replace(/\s+#/g, ' #')
  )
}
