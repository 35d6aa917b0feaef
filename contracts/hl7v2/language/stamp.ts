/**
 * `YYYY[MM[DD[HH[MM[SS[.S[S[S[S]]]]]]]]][+/-ZZZZ]`, HL7 2.5.1 section 2.A.22. By hand, because every message has dozens and a
 * pattern costs three times as much.
 */
export function isStamp(text: string): boolean {
  // The lines of one result mostly carry the same time, and one field may be asked twice: a pure cache of one answer.
  if (text === lastText) return lastAnswer
  lastAnswer = readsAsStamp(text)
  lastText = text
  return lastAnswer
}

let lastText = ''
let lastAnswer = false

function readsAsStamp(text: string): boolean {
  const end = digitsEnd(text, 0)
  if (end < 4 || end > 14 || end % 2 === 1) return false
  if (end > 4 && !inRange(text, 4, 1, 12)) return false
  if (end > 6 && !inRange(text, 6, 1, 31)) return false
  return (end <= 8 || isClock(text, 8, end)) && isTail(text, end, end === 14)
}

/** `YYYY[MM[DD]]`. */
export function isDate(text: string): boolean {
  return text.length <= 8 && isStamp(text) && digitsEnd(text, 0) === text.length
}

/** `HH[MM[SS[.S[S[S[S]]]]]][+/-ZZZZ]`. */
export function isTime(text: string): boolean {
  const end = digitsEnd(text, 0)
  return end >= 2 && end <= 6 && end % 2 === 0 && isClock(text, 0, end) && isTail(text, end, end === 6)
}

function isClock(text: string, from: number, end: number): boolean {
  if (!inRange(text, from, 0, 23)) return false
  if (end > from + 2 && !inRange(text, from + 2, 0, 59)) return false
  return end <= from + 4 || inRange(text, from + 4, 0, 59)
}

/** A fraction behind the second, and a zone. */
function isTail(text: string, from: number, mayHaveFraction: boolean): boolean {
  if (from === text.length) return true
  let at = from
  if (text.charCodeAt(at) === 46) {
    const end = digitsEnd(text, at + 1)
    if (!mayHaveFraction || end === at + 1 || end > at + 5) return false
    at = end
  }
  if (at === text.length) return true
  const sign = text.charCodeAt(at)
  if (sign !== 43 && sign !== 45) return false
  return (
    digitsEnd(text, at + 1) === at + 5 && text.length === at + 5 && inRange(text, at + 1, 0, 14) && inRange(text, at + 3, 0, 59)
  )
}

/** Where the digits that begin at `from` end. */
export function digitsEnd(text: string, from: number): number {
  let at = from
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code < 48 || code > 57) break
  }
  return at
}

function inRange(text: string, at: number, min: number, max: number): boolean {
  const value = (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48
  return value >= min && value <= max
}
