import { expect, it, vi } from 'vitest'
import type { Contents } from '../../../../gateway/analysis/inspect.ts'
import { type BodyReaders, createReadAhead } from '../../../../gateway/analysis/read-ahead.ts'
import { type LoggedEntry, madePosition, type Position, quietHealth } from '../../../../gateway/model/entry.ts'
import { outlined } from '../../../support/outlined.ts'

const farBehind = 1_000_000_000
const read = () => null

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
    async outline(position: Position | null, limit: { readonly entries: number }) {
      reads.push(position)
      const from = position === null ? 0 : Number(position)
      const some = entries.slice(from, from + limit.entries)
      const next = some.at(-1)?.position ?? position
      return outlined({ entries: some, next, lost: [], behindBytes: (count - from - some.length) * bytesEach })
    },
  }
}

/** Readers that leave each entry to who asks. */
function readersOf(count: number) {
  const asked: (Position | null)[] = []
  const readers: BodyReaders = {
    count,
    begin({ next }) {
      asked.push(next)
      return {
        async finish(entries, read) {
          const all = entries.map(({ entry }) => read(entry))
          return (place) => all[place] ?? null
        },
      }
    },
  }
  return { readers, asked }
}

it('reads as the log does, a batch at a time, where nobody helps', async () => {
  const log = logOf(5, farBehind)
  const ahead = createReadAhead({ log, limit: { entries: 2, bytes: 8e6 }, readers: null, read })
  const first = await ahead.after(null)
  expect(first.batch.entries).toEqual(log.entries.slice(0, 2))
  expect(first.contents).toBeUndefined()
  expect(log.reads).toEqual([null])
})

it('gives out as many batches as there are readers, ahead of who thinks, while the log is far ahead', async () => {
  const log = logOf(20, farBehind)
  const { readers, asked } = readersOf(2)
  const ahead = createReadAhead({ log, limit: { entries: 4, bytes: 8e6 }, readers, read })
  const first = await ahead.after(null)
  expect(asked).toEqual([madePosition(4), madePosition(8), madePosition(12)])
  expect(first.contents?.(0)).toBeNull()
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
  await createReadAhead({ log: logOf(20, 100), limit: { entries: 4, bytes: 8e6 }, readers: little.readers, read }).after(null)
  expect(little.asked).toEqual([])
  const few = readersOf(2)
  await createReadAhead({ log: logOf(1, farBehind), limit: { entries: 4, bytes: 8e6 }, readers: few.readers, read }).after(null)
  expect(few.asked).toEqual([])
})

it('begins anew where it is asked for another place than the next', async () => {
  const log = logOf(20, farBehind)
  const { readers } = readersOf(2)
  const ahead = createReadAhead({ log, limit: { entries: 4, bytes: 8e6 }, readers, read })
  await ahead.after(null)
  const { batch } = await ahead.after(madePosition(2))
  expect(batch.entries).toEqual(log.entries.slice(2, 6))
})

it('hands each batch out with what its readers end with', async () => {
  const { readers } = readersOf(1)
  const said: Contents = { requestFacts: null, answerFacts: null, violations: [], refusal: { code: 'E1' }, answersOther: false }
  const read = vi.fn(() => said)
  const ahead = createReadAhead({ log: logOf(20, farBehind), limit: { entries: 4, bytes: 8e6 }, readers, read })
  const { batch, contents } = await ahead.after(null)
  expect(batch.entries.map((_, i) => contents?.(i))).toEqual([said, said, said, said])
  expect(read.mock.calls).toEqual(batch.entries.map(({ entry }) => [entry]))
})
