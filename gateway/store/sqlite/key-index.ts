import type { DatabaseSync } from 'node:sqlite'
import { blobOrNull, numberOf, type Row } from './rows.ts'

/**
 * Which exchanges carry a token. Tokens are random, and a row for each in one great index would touch a cold page for each and cost
 * more than all the rest of an exchange. So a batch's tokens are appended as one sorted blob of pairs (token, seq); when enough are
 * together they are merged into a bucket of pages, each found by its first token. A search halves its way into every fresh blob
 * and into one page of each bucket that its span touches.
 */
export interface KeyIndex {
  begin(): KeyBatch
  /** The `seq`s in `[from, to)` of exchanges that carry any of the tokens, newest first, at most `max`. */
  find(tokens: readonly number[], from: number, to: number, max: number): readonly number[]
  /** Drops one bucket that lies wholly before; false when there is none. */
  prune(before: number): boolean
}

export interface KeyBatch {
  add(token: number, seq: number): void
  /** Inside a transaction. */
  write(): void
}

/** So many pairs stand in blobs of their batches: 1.6 MB, which every search reads. */
const freshPairsMax = 100_000
const pairsPerPage = 480

export function createKeyIndex(database: DatabaseSync, limit = freshPairsMax): KeyIndex {
  const append = database.prepare('INSERT INTO fresh_keys (count, pairs) VALUES (?, ?)')
  const count = database.prepare('SELECT coalesce(sum(count), 0) AS count FROM fresh_keys')
  const fresh = database.prepare('SELECT pairs FROM fresh_keys')
  const clear = database.prepare('DELETE FROM fresh_keys')
  const addBucket = database.prepare('INSERT INTO buckets (seq_min, seq_max) VALUES (?, ?) RETURNING bucket')
  const addPage = database.prepare('INSERT INTO key_pages (bucket, page, first, pairs) VALUES (?, ?, ?, ?)')
  const buckets = database.prepare('SELECT bucket FROM buckets WHERE seq_max >= ? AND seq_min < ?')
  // The page before the first that begins with the token may end with it.
  const pages = database.prepare(`
    SELECT pairs FROM key_pages WHERE bucket = ?1 AND first <= ?2
      AND page >= coalesce((SELECT max(page) FROM key_pages WHERE bucket = ?1 AND first < ?2), 0)`)
  const oldBucket = database.prepare('SELECT bucket FROM buckets WHERE seq_max < ? ORDER BY bucket LIMIT 1')
  const dropPages = database.prepare('DELETE FROM key_pages WHERE bucket = ?')
  const dropBucket = database.prepare('DELETE FROM buckets WHERE bucket = ?')

  const settle = () => {
    const { pairs, seqMin, seqMax } = sorted(fresh.all().map(pairsOf))
    const bucket = numberOf(addBucket.get(seqMin, seqMax), 'bucket')
    for (let at = 0, page = 0; at < pairs.length; at += pairsPerPage * 2, page += 1) {
      addPage.run(bucket, page, pairs[at] ?? 0, bytesOf(pairs.subarray(at, at + pairsPerPage * 2)))
    }
    clear.run()
  }
  return {
    begin: () => {
      const pairs: number[] = []
      return {
        add: (token, seq) => {
          pairs.push(token, seq)
        },
        write: () => {
          if (pairs.length === 0) return
          append.run(pairs.length / 2, bytesOf(sorted([Float64Array.from(pairs)]).pairs))
          if (numberOf(count.get(), 'count') >= limit) settle()
        },
      }
    },
    find: (tokens, from, to, max) => {
      const wanted = new Set(tokens)
      const found = new Set<number>()
      const take = (pairs: Float64Array, token: number) => {
        for (let i = lowerBound(pairs, token); pairs[i] === token; i += 2) {
          const seq = pairs[i + 1] ?? 0
          if (seq >= from && seq < to) found.add(seq)
        }
      }
      for (const row of fresh.iterate()) {
        const pairs = pairsOf(row)
        for (const token of wanted) take(pairs, token)
      }
      for (const row of buckets.all(from, to)) {
        for (const token of wanted) for (const page of pages.iterate(numberOf(row, 'bucket'), token)) take(pairsOf(page), token)
      }
      return [...found].sort((a, b) => b - a).slice(0, max)
    },
    prune: (before) => {
      const row = oldBucket.get(before)
      if (row === undefined) return false
      dropPages.run(numberOf(row, 'bucket'))
      dropBucket.run(numberOf(row, 'bucket'))
      return true
    },
  }
}

/** Index of the first pair whose token isn't less. */
function lowerBound(pairs: Float64Array, token: number): number {
  let low = 0
  let high = pairs.length / 2
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if ((pairs[middle * 2] ?? 0) < token) low = middle + 1
    else high = middle
  }
  return low * 2
}

/** All pairs by token, then by `seq`. */
function sorted(lists: readonly Float64Array[]): {
  readonly pairs: Float64Array
  readonly seqMin: number
  readonly seqMax: number
} {
  const all = new Float64Array(lists.reduce((sum, list) => sum + list.length, 0))
  let filled = 0
  for (const list of lists) {
    all.set(list, filled)
    filled += list.length
  }
  const order = Uint32Array.from({ length: all.length / 2 }, (_, i) => i * 2)
  order.sort((a, b) => (all[a] ?? 0) - (all[b] ?? 0) || (all[a + 1] ?? 0) - (all[b + 1] ?? 0))
  const pairs = new Float64Array(all.length)
  let seqMin = Number.MAX_SAFE_INTEGER
  let seqMax = 0
  for (const [i, from] of order.entries()) {
    const seq = all[from + 1] ?? 0
    pairs[i * 2] = all[from] ?? 0
    pairs[i * 2 + 1] = seq
    seqMin = Math.min(seqMin, seq)
    seqMax = Math.max(seqMax, seq)
  }
  return { pairs, seqMin, seqMax }
}

function bytesOf(pairs: Float64Array): Uint8Array {
  return new Uint8Array(pairs.buffer, pairs.byteOffset, pairs.byteLength)
}

/** A copy, so that the numbers lie where numbers may lie. */
function pairsOf(row: Row): Float64Array {
  const bytes = Uint8Array.from(blobOrNull(row, 'pairs') ?? [])
  return new Float64Array(bytes.buffer, 0, Math.floor(bytes.length / 8))
}
