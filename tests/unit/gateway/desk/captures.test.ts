import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, expect, test } from 'vitest'
import { comparePositions } from '../../../../fixtures/observed/made.ts'
import { type CapturesOptions, createCaptures } from '../../../../gateway/desk/captures.ts'
import type { CaptureFound, WorkSaid } from '../../../../gateway/model/work.ts'
import { secretsFrom } from '../../../../gateway/store/secrets.ts'
import { openSqliteStore } from '../../../../gateway/store/sqlite-store.ts'
import type { Store } from '../../../../gateway/store/store.ts'
import { manualClock } from '../../../support/clock.ts'

const closings: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close()
})

const found: CaptureFound = {
  kind: 'capture',
  from: null,
  to: null,
  packets: 1,
  bytesLost: 0,
  unmatchedCount: 0,
  unmatched: [],
  warnings: [],
  interfaces: [],
  clocks: [],
  findings: [],
  tickets: [],
}
const header = Buffer.from('d4c3b2a1020004000000000000000000ffff000001000000', 'hex')

/** A shelf whose analyses end when they are told to, and whose stores are counted. */
async function shelf(changes: Partial<CapturesOptions> = {}) {
  const folder = join(mkdtempSync(join(tmpdir(), 'auscult-captures-')), 'captures')
  closings.push(async () => rmSync(join(folder, '..'), { recursive: true, force: true }))
  const begun: ((said: WorkSaid) => void)[] = []
  const stores = { opened: 0, closed: 0 }
  const tokenKeys = [secretsFrom(new Uint8Array(32).fill(3)).key('tokens')]
  const captures = await createCaptures({
    folder,
    bytesMax: 1_000,
    clock: manualClock(),
    sample: { file: join(folder, 'nothing'), configFile: 'nothing' },
    works: {
      start: (_order, told) => {
        begun.push(told)
        return { stop: async () => {} }
      },
    },
    openStore: async (path): Promise<Store> => {
      stores.opened += 1
      await new Promise((resolve) => setImmediate(resolve))
      const store = openSqliteStore({ folder: path, tokenKeys, bodyKey: null, comparePositions })
      return {
        ...store,
        close: async () => {
          stores.closed += 1
          await store.close()
        },
      }
    },
    ...changes,
  })
  closings.push(() => captures.close())
  return { captures, folder, begun, stores }
}

test('two who read a capture at once share one store, which is closed with it', async () => {
  const { captures, begun, stores } = await shelf()
  const { id } = await captures.receive(Readable.from([header]), 'a.pcap', 'li')
  begun[0]?.({ kind: 'finished', result: found })
  const [one, other] = await Promise.all([captures.store(id), captures.store(id)])
  expect(one).toBe(other)
  const third = captures.store(id)
  await captures.remove(id)
  await third
  expect(stores).toEqual({ opened: 1, closed: 1 })
})

test('of two who begin the analysis again one does', async () => {
  const { captures, begun } = await shelf()
  const { id } = await captures.receive(Readable.from([header]), 'a.pcap', 'li')
  begun[0]?.({ kind: 'finished', result: found })
  const both = await Promise.allSettled([captures.analyze(id, []), captures.analyze(id, [])])
  expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
  expect(begun).toHaveLength(2)
})

test('what is deleted while it still comes in is not analysed, and leaves nothing', async () => {
  const { captures, folder, begun } = await shelf()
  const file = new Readable({ read() {} })
  const received = captures.receive(file, 'a.pcap', 'li')
  file.push(header)
  while (!existsSync(folder) || readdirSync(folder).length === 0) await new Promise((resolve) => setImmediate(resolve))
  const [capture] = captures.list()
  await captures.remove(capture?.id ?? '')
  file.push(null)
  await expect(received).rejects.toMatchObject({ code: 'NOT_FOUND' })
  expect(begun).toHaveLength(0)
  expect(readdirSync(folder)).toEqual([])
})

test('a sample that can not be copied is in nobody’s way', async () => {
  const { captures, begun } = await shelf()
  await expect(captures.sample('li')).rejects.toThrow()
  expect(captures.list()).toEqual([])
  await captures.receive(Readable.from([header]), 'a.pcap', 'li')
  expect(begun).toHaveLength(1)
})

test('the first bytes may come one by one', async () => {
  const { captures } = await shelf()
  const bytes = [...header].map((byte) => Uint8Array.of(byte))
  expect((await captures.receive(Readable.from(bytes), 'a.pcap', 'li')).bytes).toBe(header.length)
})
