import type { DatabaseSync } from 'node:sqlite'
import { tokenNumber } from '../tokens.ts'
import { numberOf } from './rows.ts'

/** So many tokens are appended before they are sorted into a bucket of their own: some 1.5 MB. A search reads them all. */
const freshRowsMax = 50_000

/** The index of tokens, in buckets: see migrations.ts. Call inside a transaction. */
export interface KeyIndex {
  add(token: Uint8Array, seq: number): void
  /** After a batch: makes a bucket when there is enough for one. */
  settle(): void
}

export function createKeyIndex(database: DatabaseSync): KeyIndex {
  const insert = database.prepare('INSERT INTO fresh_keys (token, seq) VALUES (?, ?)')
  const count = database.prepare('SELECT coalesce(max(num) - min(num) + 1, 0) AS rows FROM fresh_keys')
  const bucket = database.prepare(`
    INSERT INTO buckets (bucket, seq_min, seq_max)
    SELECT (SELECT coalesce(max(bucket), 0) + 1 FROM buckets), min(seq), max(seq) FROM fresh_keys RETURNING bucket`)
  const sort = database.prepare(
    'INSERT OR IGNORE INTO keys (bucket, token, seq) SELECT ?, token, seq FROM fresh_keys ORDER BY token, seq',
  )
  const clear = database.prepare('DELETE FROM fresh_keys')
  return {
    add: (token, seq) => {
      insert.run(tokenNumber(token), seq)
    },
    settle: () => {
      if (numberOf(count.get(), 'rows') < freshRowsMax) return
      sort.run(numberOf(bucket.get(), 'bucket'))
      clear.run()
    },
  }
}
