import type { Instant } from '../model/time.ts'

/** A search of one person under a name of their own. */
export interface SavedSearch {
  readonly name: string
  /** What narrows the list of exchanges, by the names of its page's address. Never an identifier: those are stored as tokens only. */
  readonly query: { readonly [field: string]: string }
  readonly savedAt: Instant
}

export interface SearchStore {
  /** By name. */
  savedSearches(owner: string): Promise<readonly SavedSearch[]>
  /** One of the same name is replaced. False, and nothing is kept, where the owner has `max` others already. */
  saveSearch(owner: string, search: SavedSearch, max: number): Promise<boolean>
  /** False when there is none. */
  dropSearch(owner: string, name: string): Promise<boolean>
}
