/** Longest text that a contract's pattern is tried on; a longer value doesn't match. Together with the shape rules below this bounds the time. */
export const patternTextMax = 256

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

/** Unbounded repetitions that one pattern may have: each multiplies the worst time by the length of the text. */
const unboundedMax = 3

interface Group {
  repeats: boolean
  chooses: boolean
}

/** Walks the pattern once, atom by atom, with one entry an open group. */
function riskOf(pattern: string): string | null {
  const groups: Group[] = [{ repeats: false, chooses: false }]
  let unbounded = 0
  for (let at = 0; at < pattern.length; at += 1) {
    const char = pattern[at] ?? ''
    const group = groups.at(-1) ?? { repeats: false, chooses: false }
    if (char === '(') {
      if (/^\(\?(?!:)/u.test(pattern.slice(at, at + 3))) return 'look-around and named groups are not allowed in a pattern'
      groups.push({ repeats: false, chooses: false })
      if (pattern[at + 1] === '?') at += 2
      continue
    }
    if (char === '|') group.chooses = true
    if (char === '\\' && /[1-9k]/u.test(pattern[at + 1] ?? '')) return 'back references are not allowed in a pattern'
    at = atomEnd(pattern, at)
    const repeats = isUnbounded(pattern, at + 1)
    if (repeats) unbounded += 1
    if (char === ')') {
      groups.pop()
      if (repeats && (group.repeats || group.chooses)) return 'a repeated group may not repeat or choose inside'
    }
    const around = groups.at(-1)
    if (around && (repeats || (char === ')' && group.repeats))) around.repeats = true
  }
  return unbounded > unboundedMax ? `a pattern may have ${unboundedMax} repetitions without limit at most` : null
}

/** Where the character, the escape or the class that begins here ends. */
function atomEnd(pattern: string, at: number): number {
  if (pattern[at] === '\\') return pattern.slice(at, at + 3).match(/^\\[pP]\{/u) ? pattern.indexOf('}', at) : at + 1
  return pattern[at] === '[' ? classEnd(pattern, at) : at
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
