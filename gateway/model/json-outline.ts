/** What a text that may be JSON has outside of its strings. */
export interface JsonOutline {
  /** Colons: names of members, in JSON. */
  readonly nameCount: number
  readonly depth: number
  /** A number has more digits than every double keeps, or an exponent, or a fraction of zeros alone: who reads it may hear another number, or another kind of one. */
  readonly hasOddNumber: boolean
}

/**
 * Far cheaper than reading a text: to ask before JSON.parse, which takes seconds for millions of levels, and to learn whether there is anything in it that JSON.parse passes
 * over in silence.
 */
export function outlineOf(text: string): JsonOutline {
  let nameCount = 0
  let open = 0
  let depth = 0
  let hasOddNumber = false
  let at = 0
  for (;;) {
    const quote = text.indexOf('"', at)
    const end = quote < 0 ? text.length : quote
    for (let i = at; i < end; i++) {
      const char = text.charCodeAt(i)
      if (char === 58) nameCount++
      else if (char === 91 || char === 123) depth = Math.max(depth, ++open)
      else if (char === 93 || char === 125) open--
      else if (isDigit(char)) {
        const after = numberEnd(text, i)
        hasOddNumber ||= isOdd(text, i, after)
        i = after - 1
      }
    }
    if (quote < 0) return { nameCount, depth, hasOddNumber }
    at = stringEnd(text, quote) + 1
  }
}

function isDigit(char: number): boolean {
  return char >= 48 && char <= 57
}

/** Where what begins with a digit ends: digits, a point, an exponent with its sign. */
function numberEnd(text: string, from: number): number {
  let at = from + 1
  for (; at < text.length; at++) {
    const char = text.charCodeAt(at)
    const isOfNumber = isDigit(char) || char === 46 || char === 43 || char === 45 || char === 69 || char === 101
    if (!isOfNumber) break
  }
  return at
}

/** Significant decimal digits that every double keeps. */
const safeDigits = 15

function isOdd(text: string, from: number, end: number): boolean {
  if (end - from > safeDigits) return true
  let isWhole = false
  for (let i = from; i < end; i++) {
    const char = text.charCodeAt(i)
    if (char === 46) isWhole = true
    else if (!isDigit(char)) return true
    else if (char !== 48) isWhole = false
  }
  return isWhole
}

function stringEnd(text: string, quote: number): number {
  let end = text.indexOf('"', quote + 1)
  while (end > 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1)
  return end < 0 ? text.length : end
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0
  while (text.charCodeAt(at - 1 - slashes) === 92) slashes++
  return slashes % 2 === 1
}
