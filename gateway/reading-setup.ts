import type { EncodedContents } from './contents-codec.ts'
import type { Position } from './model/entry.ts'
import type { Catalogue } from './model/interface.ts'

/** What a thread that reads bodies is made of: plain data, for it is handed to a thread. */
export interface ReadingSetup {
  readonly catalogue: Catalogue
  readonly configFolder: string
  readonly log: { readonly folder: string; readonly key: Uint8Array | null }
}

/** Some entries of the log: `count` of them after `from`; the log goes on at `next`. */
export interface ReadingOrder {
  readonly id: number
  readonly from: Position | null
  readonly count: number
  readonly next: Position | null
  /** Of `Claims`: which portions of them (`portionsOf`) are free still. */
  readonly claims: SharedArrayBuffer
}

export interface ReadingResult {
  readonly id: number
  /** So many portions were read, from the first on. */
  readonly portionCount: number
  /** Of their entries, one portion after the other. */
  readonly contents: EncodedContents
}

/** Handed over by this same program: its outline is enough to know it by. */
export function isReadingSetup(value: unknown): value is ReadingSetup {
  return typeof value === 'object' && value !== null && 'catalogue' in value && 'configFolder' in value && 'log' in value
}

export function isReadingOrder(value: unknown): value is ReadingOrder {
  return typeof value === 'object' && value !== null && 'id' in value && 'from' in value && 'claims' in value
}

export function isReadingResult(value: unknown): value is ReadingResult {
  return typeof value === 'object' && value !== null && 'id' in value && 'portionCount' in value && 'contents' in value
}
