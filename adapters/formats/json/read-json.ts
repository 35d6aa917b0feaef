import type { Defect } from '../../../gateway/model/document.ts'
import { limits } from './limits.ts'
import { mend } from './mend.ts'

export interface JsonReading {
  /** Undefined: nothing could be read. */
  readonly value: unknown
  readonly defects: readonly Defect[]
  /** The number of names before a colon in the text; an object read has fewer where names stand twice. Null: not counted. */
  readonly nameCount: number | null
}

/**
 * Reads a JSON text. What is not JSON, or is nested deeper than is read, is read as far as it goes, and what is wrong with it is told: nobody who walks the value,
 * contracts among them, exhausts the stack. `isCut`: a limit shortened it, which is no defect.
 */
export function readJson(text: string, isCut: boolean): JsonReading {
  const { nameCount, depth } = outline(text)
  // Millions of levels cost the engine seconds.
  if (depth > limits.depthMax) return { ...mend(text, isCut), nameCount: null }
  try {
    const value: unknown = JSON.parse(text)
    return { value, defects: [], nameCount }
  } catch {
    // The engine's own words repeat the text.
    return { ...mend(text, isCut), nameCount: null }
  }
}

/** Counts the colons and the nesting outside of strings of a text that may be JSON: by far cheaper than reading it a second time to find a name that stands twice. */
function outline(text: string): { readonly nameCount: number; readonly depth: number } {
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
