import type { DatabaseSync } from 'node:sqlite'
import { numberOf } from './rows.ts'

/** A bucket takes this many tokens before the next is begun: some 6 MB, which stay in the cache while they fill. */
export const bucketRowsMax = 200_000

/** The index of tokens, gathered in buckets: see migrations.ts. */
export interface KeyBatch {
  add(token: Uint8Array, seq: number): void
  /** Inside a transaction. */
  write(): void
}

export function createKeyIndex(database: DatabaseSync): { begin(): KeyBatch } {
  const newest = database.prepare('SELECT bucket, rows FROM buckets ORDER BY bucket DESC LIMIT 1')
  const insert = database.prepare('INSERT INTO keys (bucket, token, seq) VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
  const count = database.prepare(`
    INSERT INTO buckets (bucket, rows, seq_min, seq_max) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET rows = rows + excluded.rows, seq_min = min(seq_min, excluded.seq_min), seq_max = max(seq_max, excluded.seq_max)`)
  return {
    begin: () => {
      const rows: { readonly token: Uint8Array; readonly seq: number }[] = []
      return {
        add: (token, seq) => {
          rows.push({ token, seq })
        },
        write: () => {
          if (rows.length === 0) return
          const row = newest.get()
          const isFull = row !== undefined && numberOf(row, 'rows') >= bucketRowsMax
          const bucket = row === undefined ? 1 : numberOf(row, 'bucket') + (isFull ? 1 : 0)
          let seqMin = Number.MAX_SAFE_INTEGER
          let seqMax = 0
          for (const { token, seq } of rows) {
            insert.run(bucket, token, seq)
            seqMin = Math.min(seqMin, seq)
            seqMax = Math.max(seqMax, seq)
          }
          count.run(bucket, rows.length, seqMin, seqMax)
        },
      }
    },
  }
}
