import { expect, it } from 'vitest'
import { type BodyReaders, createReadAhead } from '../../../../gateway/analysis/read-ahead.ts'
import { type LoggedEntry, madePosition, type Position, quietHealth } from '../../../../gateway/model/entry.ts'

const farBehind = 1_000_000_000

/** A log of that many ticks, and what was asked of it. `bytesEach`: what each weighs for who asks how much is left. */
function logOf(count: number, bytesEach: number) {
  const entries = Array.from({ length: count }, (_, i): LoggedEntry => {
    const health = { ...quietHealth, edgeId: 'e' }
    return { position: madePosition(i + 1), entry: { kind: 'tick', at: i, health } }
  })
  const reads: (Position | null)[] = []
  return {
    entries,
    reads,
    async read(position: Position | null, limit: { readonly entries: number }) {
      reads.push(position)
      const from = position === null ? 0 : Number(position)
      const some = entries.slice(from, from + limit.entries)
      const next = some.at(-1)?.position ?? position
      return { entries: some, next, lost: [], behindBytes: (count - from - some.length) * bytesEach }
    },
  }
}

/** Readers that say nothing of each entry, when they are let go. */
function readersOf(count: number) {
  const asked: (Position | null)[] = []
  const readers: BodyReaders = {
    count,
    async read(position, entries) {
      asked.push(position)
      return () => entries.map(() => null)
    },
  }
  return { readers, asked }
}

it('reads as the log does, a batch at a time, where nobody helps', async () => {
  const log = logOf(5, farBehind)
  const ahead = createReadAhead(log, { entries: 2, bytes: 8e6 }, null)
  const first = await ahead.after(null)
  expect(first.batch.entries).toEqual(log.entries.slice(0, 2))
  expect(first.contents).toBeUndefined()
  expect(log.reads).toEqual([null])
})

it('gives out as many batches as there are readers, ahead of who thinks, while the log is far ahead', async () => {
  const log = logOf(20, farBehind)
  const { readers, asked } = readersOf(2)
  const ahead = createReadAhead(log, { entries: 4, bytes: 8e6 }, readers)
  const first = await ahead.after(null)
  expect(asked).toEqual([null, madePosition(4), madePosition(8)])
  expect(first.contents).toEqual([null, null, null, null])
  const seen = [...first.batch.entries]
  for (let position = first.batch.next; ; ) {
    const { batch } = await ahead.after(position)
    if (batch.entries.length === 0) break
    seen.push(...batch.entries)
    position = batch.next
  }
  expect(seen).toEqual(log.entries)
  // Each entry was read once, whoever read it first.
  expect(new Set(log.reads.slice(0, 5)).size).toBe(5)
})

it('asks nobody while little is left to read, and not for the few of live traffic', async () => {
  const little = readersOf(2)
  await createReadAhead(logOf(20, 100), { entries: 4, bytes: 8e6 }, little.readers).after(null)
  expect(little.asked).toEqual([])
  const few = readersOf(2)
  await createReadAhead(logOf(1, farBehind), { entries: 4, bytes: 8e6 }, few.readers).after(null)
  expect(few.asked).toEqual([])
})

it('begins anew where it is asked for another place than the next', async () => {
  const log = logOf(20, farBehind)
  const { readers } = readersOf(2)
  const ahead = createReadAhead(log, { entries: 4, bytes: 8e6 }, readers)
  await ahead.after(null)
  const { batch } = await ahead.after(madePosition(2))
  expect(batch.entries).toEqual(log.entries.slice(2, 6))
})

it('goes on with what is not read yet where a reader fails', async () => {
  const readers: BodyReaders = { count: 1, read: async () => undefined }
  const ahead = createReadAhead(logOf(20, farBehind), { entries: 4, bytes: 8e6 }, readers)
  const { batch, contents } = await ahead.after(null)
  expect([batch.entries.length, contents]).toEqual([4, undefined])
})
