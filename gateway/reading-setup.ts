import type { Packed } from './log/packed.ts'
import type { Catalogue } from './model/interface.ts'

/** What a thread that reads bodies is made of: plain data, for it is handed to a thread. */
export interface ReadingSetup {
  readonly catalogue: Catalogue
  readonly configFolder: string
}

/** Entries whose bodies are to be read. */
export interface ReadingOrder {
  readonly id: number
  /** One portion after the other. */
  readonly entries: Packed
  /** Behind which of them each portion ends. */
  readonly portionEnds: readonly number[]
  /** Of `Claims`: which portions are free still. */
  readonly claims: SharedArrayBuffer
}

export interface ReadingResult {
  readonly id: number
  /** So many portions were read, from the first on. */
  readonly portionCount: number
  /** Of their entries, in the order of the order. */
  readonly contents: Packed
}

/** Handed over by this same program: its outline is enough to know it by. */
export function isReadingSetup(value: unknown): value is ReadingSetup {
  return typeof value === 'object' && value !== null && 'catalogue' in value && 'configFolder' in value
}

export function isReadingOrder(value: unknown): value is ReadingOrder {
  return typeof value === 'object' && value !== null && 'id' in value && 'entries' in value && 'claims' in value
}

export function isReadingResult(value: unknown): value is ReadingResult {
  return typeof value === 'object' && value !== null && 'id' in value && 'portionCount' in value && 'contents' in value
}
