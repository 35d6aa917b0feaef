import type { DatabaseSync } from 'node:sqlite'
import type { SavedSearch } from '../search-store.ts'
import { numberOf, ownJson, textOf } from './rows.ts'

/** The questions about saved searches, synchronous. */
export interface SearchQueries {
  savedSearches(owner: string): readonly SavedSearch[]
  saveSearch(owner: string, search: SavedSearch, max: number): boolean
  dropSearch(owner: string, name: string): boolean
}

export function createSearchQueries(database: DatabaseSync): SearchQueries {
  const all = database.prepare('SELECT name, query, saved_at FROM saved_searches WHERE owner = ? ORDER BY name')
  // One statement counts and writes, so that two pages at once don't exceed the number.
  const save = database.prepare(
    `INSERT OR REPLACE INTO saved_searches (owner, name, query, saved_at)
     SELECT ?1, ?2, ?3, ?4 WHERE (SELECT count(*) FROM saved_searches WHERE owner = ?1 AND name <> ?2) < ?5`,
  )
  const drop = database.prepare('DELETE FROM saved_searches WHERE owner = ? AND name = ?')
  return {
    savedSearches: (owner) =>
      all.all(owner).map((row) => ({
        name: textOf(row, 'name'),
        query: ownJson<SavedSearch['query']>(row, 'query'),
        savedAt: numberOf(row, 'saved_at'),
      })),
    saveSearch: (owner, { name, query, savedAt }, max) =>
      save.run(owner, name, JSON.stringify(query), savedAt, max).changes === 1,
    dropSearch: (owner, name) => drop.run(owner, name).changes === 1,
  }
}
