/**
 * The colons and the nesting outside of strings of a text that may be JSON. Far cheaper than reading it: to ask before JSON.parse, which takes seconds for
 * millions of levels, and to learn whether a name stands twice.
 */
export function outlineOf(text: string): { readonly nameCount: number; readonly depth: number } {
  let nameCount = 0
  let open = 0
  let depth = 0
  let at = 0
  for (;;) {
    const quote = text.indexOf('"', at)
    const end = quote < 0 ? text.length : quote
    for (let i = at; i < end; i++) {
      const char = text.charCodeAt(i)
      if (char === 58) nameCount++
      else if (char === 91 || char === 123) depth = Math.max(depth, ++open)
      else if (char === 93 || char === 125) open--
    }
    if (quote < 0) return { nameCount, depth }
    at = stringEnd(text, quote) + 1
  }
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
