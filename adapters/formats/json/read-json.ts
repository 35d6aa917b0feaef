import type { Defect } from '../../../gateway/model/document.ts'
import { outlineOf } from '../../../gateway/model/json-outline.ts'
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
  const { nameCount, depth } = outlineOf(text)
  if (depth > limits.depthMax) return { ...mend(text, isCut), nameCount: null }
  try {
    const value: unknown = JSON.parse(text)
    return { value, defects: [], nameCount }
  } catch {
    // The engine's own words repeat the text.
    return { ...mend(text, isCut), nameCount: null }
  }
}
