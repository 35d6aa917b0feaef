import type { DatabaseSync } from 'node:sqlite'
import { blobOrNull, numberOf, type Row } from './rows.ts'

/**
 * Which exchanges carry a token. Tokens are random, and a row for each in one great index would touch a cold page for each and cost
 * more than all the rest of an exchange. So a batch's tokens are appended as one sorted blob of pairs (token, seq); when enough are
 * together they are merged into a small bucket of pages, each found by its first token, and when enough small ones are together, into a large one. A search
 * halves its way into every fresh blob and into one page of each bucket that its span touches; each pair is written three times in its life.
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
/** So many small buckets make a large one: 1.6 million pairs, merged in some tenths of a second, once in some 300,000 exchanges. */
const smallBucketsMax = 16

export function createKeyIndex(database: DatabaseSync, limit = freshPairsMax, smallMax = smallBucketsMax): KeyIndex {
  const append = database.prepare('INSERT INTO fresh_keys (count, pairs) VALUES (?, ?)')
  const count = database.prepare('SELECT coalesce(sum(count), 0) AS count FROM fresh_keys')
  const fresh = database.prepare('SELECT pairs FROM fresh_keys')
  const clear = database.prepare('DELETE FROM fresh_keys')
  const addBucket = database.prepare('INSERT INTO buckets (seq_min, seq_max, is_large) VALUES (?, ?, ?) RETURNING bucket')
  const small = database.prepare('SELECT bucket FROM buckets WHERE is_large = 0 ORDER BY bucket')
  const pagesOf = database.prepare('SELECT pairs FROM key_pages WHERE bucket = ? ORDER BY page')
  const addPage = database.prepare('INSERT INTO key_pages (bucket, page, first, pairs) VALUES (?, ?, ?, ?)')
  const buckets = database.prepare('SELECT bucket FROM buckets WHERE seq_max >= ? AND seq_min < ?')
  // The page before the first that begins with the token may end with it.
  const pages = database.prepare(`
    SELECT pairs FROM (SELECT pairs FROM key_pages WHERE bucket = ?1 AND first < ?2 ORDER BY first DESC, page DESC LIMIT 1)
    UNION ALL SELECT pairs FROM key_pages WHERE bucket = ?1 AND first = ?2`)
  const oldBucket = database.prepare('SELECT bucket FROM buckets WHERE seq_max < ? ORDER BY bucket LIMIT 1')
  const dropPages = database.prepare('DELETE FROM key_pages WHERE bucket = ?')
  const dropBucket = database.prepare('DELETE FROM buckets WHERE bucket = ?')

  const addAll = (lists: readonly Float64Array[], isLarge: boolean) => {
    const pairs = merged(lists)
    const { seqMin, seqMax } = spanOf(pairs)
    const bucket = numberOf(addBucket.get(seqMin, seqMax, isLarge ? 1 : 0), 'bucket')
    for (let at = 0, page = 0; at < pairs.length; at += pairsPerPage * 2, page += 1) {
      addPage.run(bucket, page, pairs[at] ?? 0, bytesOf(pairs.subarray(at, at + pairsPerPage * 2)))
    }
  }
  const settle = () => {
    addAll(fresh.all().map(pairsOf), false)
    clear.run()
    const numbers = small.all().map((row) => numberOf(row, 'bucket'))
    if (numbers.length < smallMax) return
    addAll(
      numbers.map((bucket) => joined(pagesOf.all(bucket).map(pairsOf))),
      true,
    )
    for (const bucket of numbers) {
      dropPages.run(bucket)
      dropBucket.run(bucket)
    }
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
          append.run(pairs.length / 2, bytesOf(sorted(pairs)))
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

/** Pairs by token, then by `seq`. */
function sorted(pairs: readonly number[]): Float64Array {
  const order = new Uint32Array(pairs.length / 2)
  for (let i = 0; i < order.length; i += 1) order[i] = i * 2
  order.sort((a, b) => (pairs[a] ?? 0) - (pairs[b] ?? 0) || (pairs[a + 1] ?? 0) - (pairs[b + 1] ?? 0))
  const out = new Float64Array(pairs.length)
  for (let i = 0; i < order.length; i += 1) {
    const from = order[i] ?? 0
    out[i * 2] = pairs[from] ?? 0
    out[i * 2 + 1] = pairs[from + 1] ?? 0
  }
  return out
}

/** Sorted lists as one, two at a time. */
function merged(lists: readonly Float64Array[]): Float64Array {
  if (lists.length <= 1) return lists[0] ?? new Float64Array(0)
  const half = lists.length >> 1
  return mergedTwo(merged(lists.slice(0, half)), merged(lists.slice(half)))
}

function mergedTwo(a: Float64Array, b: Float64Array): Float64Array {
  const out = new Float64Array(a.length + b.length)
  let i = 0
  let j = 0
  for (let at = 0; at < out.length; at += 2) {
    const takesA = j >= b.length || (i < a.length && isBefore(a, i, b, j))
    out[at] = (takesA ? a[i] : b[j]) ?? 0
    out[at + 1] = (takesA ? a[i + 1] : b[j + 1]) ?? 0
    if (takesA) i += 2
    else j += 2
  }
  return out
}

function isBefore(a: Float64Array, i: number, b: Float64Array, j: number): boolean {
  const left = a[i] ?? 0
  const right = b[j] ?? 0
  return left < right || (left === right && (a[i + 1] ?? 0) <= (b[j + 1] ?? 0))
}

/** Pages of one bucket, one after another. */
function joined(pages: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(pages.reduce((sum, page) => sum + page.length, 0))
  let filled = 0
  for (const page of pages) {
    all.set(page, filled)
    filled += page.length
  }
  return all
}

function spanOf(pairs: Float64Array): { readonly seqMin: number; readonly seqMax: number } {
  let seqMin = Number.MAX_SAFE_INTEGER
  let seqMax = 0
  for (let i = 1; i < pairs.length; i += 2) {
    const seq = pairs[i] ?? 0
    if (seq < seqMin) seqMin = seq
    if (seq > seqMax) seqMax = seq
  }
  return { seqMin, seqMax }
}

function bytesOf(pairs: Float64Array): Uint8Array {
  return new Uint8Array(pairs.buffer, pairs.byteOffset, pairs.byteLength)
}

/** A copy, so that the numbers lie where numbers may lie. */
function pairsOf(row: Row): Float64Array {
  const bytes = Uint8Array.from(blobOrNull(row, 'pairs') ?? [])
  return new Float64Array(bytes.buffer, 0, Math.floor(bytes.length / 8))
}
