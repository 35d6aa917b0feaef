/** Longest text that a contract's pattern is tried on; a longer value doesn't match. Together with the shape rules below this bounds the time. */
export const patternTextMax = 512

/**
 * Says why a contract's regular expression is refused, or null. Refused are what can take exponential time in a backtracking
 * engine (a repeated group that itself repeats or chooses), back references and look-around: a contract must never be able to
 * stop the analysis.
 */
export function patternProblem(pattern: string): string | null {
  if (pattern.length > 500) return 'the pattern is longer than 500 characters'
  try {
    new RegExp(pattern, 'u')
  } catch {
    return 'the pattern is not a regular expression'
  }
  return riskOf(pattern)
}

/** Walks the pattern once, with one frame an open group. */
function riskOf(pattern: string): string | null {
  const groups: { repeats: boolean; chooses: boolean }[] = [{ repeats: false, chooses: false }]
  for (let at = 0; at < pattern.length; at += 1) {
    const char = pattern[at]
    if (char === '\\') {
      if (/[1-9k]/u.test(pattern[at + 1] ?? '')) return 'back references are not allowed in a pattern'
      at += 1
    } else if (char === '[') {
      at = classEnd(pattern, at)
    } else if (char === '(') {
      if (/^\(\?(?!:)/u.test(pattern.slice(at, at + 3))) return 'look-around and named groups are not allowed in a pattern'
      groups.push({ repeats: false, chooses: false })
    } else if (char === '|') {
      const group = groups.at(-1)
      if (group) group.chooses = true
    } else if (char === ')') {
      const group = groups.pop()
      const outer = groups.at(-1)
      const isRepeated = isUnbounded(pattern, at + 1)
      if (isRepeated && (group?.repeats || group?.chooses)) return 'a repeated group may not repeat or choose inside'
      if (outer && (isRepeated || group?.repeats)) outer.repeats = true
    } else if (isUnbounded(pattern, at + 1)) {
      const group = groups.at(-1)
      if (group) group.repeats = true
    }
  }
  return null
}

function classEnd(pattern: string, from: number): number {
  let at = from + 1
  while (at < pattern.length && pattern[at] !== ']') at += pattern[at] === '\\' ? 2 : 1
  return at
}

/** A repetition without limit, or with one above 64, stands here. */
function isUnbounded(pattern: string, at: number): boolean {
  const char = pattern[at]
  if (char === '*' || char === '+') return true
  const bounds = /^\{(\d+)(,(\d*))?\}/u.exec(pattern.slice(at, at + 12))
  if (bounds === null) return false
  const max = bounds[2] === undefined ? bounds[1] : bounds[3]
  return max === '' || Number(max) > 64
}
