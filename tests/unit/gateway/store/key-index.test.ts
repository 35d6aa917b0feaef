import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createKeyIndex } from '../../../../gateway/store/sqlite/key-index.ts'
import { migrate } from '../../../../gateway/store/sqlite/migrations.ts'

it('finds what a plain list would, however batches fall into buckets and pages', () => {
  // Few tokens, so that some fill whole pages and more.
  const pair = fc.record({
    token: fc.constantFrom(0, 1, 2, 3, 2 ** 53 - 1, 77_777_777_777),
    seq: fc.integer({ min: 1, max: 2_000 }),
  })
  fc.assert(
    fc.property(
      fc.array(fc.array(pair, { minLength: 1, maxLength: 900 }), { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 1, max: 2500 }),
      fc.integer({ min: 1, max: 5 }),
      (batches, limit, smallMax) => {
        const database = new DatabaseSync(':memory:')
        migrate(database, ':memory:')
        const index = createKeyIndex(database, limit, smallMax)
        for (const batch of batches) {
          const writing = index.begin()
          for (const { token, seq } of batch) writing.add(token, seq)
          writing.write()
        }
        const all = batches.flat()
        for (const tokens of [[0], [1, 3], [2 ** 53 - 1], [77_777_777_777, 2], [5]]) {
          for (const [from, to] of [
            [0, 5_000],
            [500, 900],
          ] as const) {
            const expected = new Set(
              all.filter(({ token, seq }) => tokens.includes(token) && seq >= from && seq < to).map(({ seq }) => seq),
            )
            expect(index.find(tokens, from, to, 5_000)).toEqual([...expected].sort((a, b) => b - a))
          }
        }
        database.close()
      },
    ),
    { numRuns: 40 },
  )
})

it('drops buckets that lie before, and finds the rest', () => {
  const database = new DatabaseSync(':memory:')
  migrate(database, ':memory:')
  const index = createKeyIndex(database, 100)
  for (let seq = 1; seq <= 350; seq += 1) {
    const batch = index.begin()
    batch.add(seq % 10, seq)
    batch.write()
  }
  expect(index.prune(201)).toBe(true)
  expect(index.prune(201)).toBe(true)
  expect(index.prune(201)).toBe(false)
  expect(index.find([5], 0, 1000, 100)).toEqual(Array.from({ length: 15 }, (_, i) => 345 - i * 10))
})

it('makes one large bucket of so many small ones, and leaves nothing of them behind', () => {
  const database = new DatabaseSync(':memory:')
  migrate(database, ':memory:')
  const index = createKeyIndex(database, 10, 4)
  for (let seq = 1; seq <= 90; seq += 1) {
    const batch = index.begin()
    batch.add(seq % 7, seq)
    batch.write()
  }
  const buckets = database
    .prepare('SELECT is_large AS large, seq_min AS low, seq_max AS high FROM buckets ORDER BY bucket')
    .all()
  expect(buckets.map(({ large, low, high }) => [large, low, high])).toEqual([
    [1, 1, 40],
    [1, 41, 80],
    [0, 81, 90],
  ])
  expect(
    database.prepare('SELECT count(*) AS count FROM key_pages WHERE bucket NOT IN (SELECT bucket FROM buckets)').get(),
  ).toEqual({ count: 0 })
  expect(index.find([3], 0, 1000, 100)).toEqual(Array.from({ length: 13 }, (_, i) => 87 - i * 7))
})
