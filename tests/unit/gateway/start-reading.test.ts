import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startEngine } from '../../../gateway/analysis/engine.ts'
import { engineParts, systemClock } from '../../../gateway/app.ts'
import { openLogReader } from '../../../gateway/log/reader.ts'
import { openLogWriter } from '../../../gateway/log/writer.ts'
import type { LoggedEntry, LogReader } from '../../../gateway/model/entry.ts'
import type { Catalogue } from '../../../gateway/model/interface.ts'
import { createBodyReaders } from '../../../gateway/start-reading.ts'
import { silent } from '../../support/log.ts'
import { demoFolder, simulatedCatalogue } from '../../support/simulated.ts'
import { troubledStream } from '../../support/troubled.ts'

const key = new Uint8Array(32).fill(7)
let log: { readonly folder: string; readonly key: Uint8Array }
let catalogue: Catalogue
let reader: LogReader
let entries: readonly LoggedEntry[]

beforeAll(async () => {
  log = { folder: join(mkdtempSync(join(tmpdir(), 'auscult-reading-')), 'log'), key }
  catalogue = await simulatedCatalogue('demo')
  const retention = { bytes: 1e9, ageMs: 1e13 }
  const writer = await openLogWriter({ ...log, retention, sync: 'none', clock: systemClock })
  for (const { entry } of troubledStream(catalogue)) await writer.append([entry])
  await writer.close()
  reader = await openLogReader({ ...log, clock: systemClock })
  entries = (await reader.read(null, { entries: 1e6, bytes: 1e9 })).entries
}, 120_000)

afterAll(() => reader.close())

const started = (folder = demoFolder) =>
  createBodyReaders({ catalogue, configFolder: folder, log, threads: 2 }, { clock: systemClock, logger: silent })

it('reads in threads what the engine reads by itself: same changes, same state', { timeout: 120_000 }, async () => {
  const readers = started()
  const parts = await engineParts(catalogue, demoFolder)
  const alone = startEngine(parts, null)
  const helped = startEngine(parts, null)
  const half = Math.floor(entries.length / 2)
  const parted = [entries.slice(0, half), entries.slice(half)]
  const read = await Promise.all([
    readers.read(null, parted[0] ?? []),
    readers.read(entries[half - 1]?.position ?? null, parted[1] ?? []),
  ])
  const contents = read.map((one) => one?.())
  expect(contents.map((one) => one?.length)).toEqual(parted.map(({ length }) => length))
  for (const [i, part] of parted.entries())
    expect(JSON.stringify(helped.take(part, contents[i]))).toEqual(JSON.stringify(alone.take(part)))
  expect(helped.save()).toEqual(alone.save())
  await readers.close()
  expect(await readers.read(null, entries)).toBeUndefined()
})

it('says of entries that the log does not hold that nobody read them', { timeout: 120_000 }, async () => {
  const readers = started()
  const [first] = entries
  const beyond = entries.at(-1)?.position ?? null
  expect(await readers.read(beyond, first === undefined ? [] : [first])).toBeUndefined()
  await readers.close()
})

it('goes on without threads that fail, and tells no more of their fault than its kind', { timeout: 120_000 }, async () => {
  const told: string[] = []
  const error = (...words: readonly unknown[]) => told.push(JSON.stringify(words))
  const nowhere = { catalogue, configFolder: '/nowhere', log: { folder: '/dev/null', key }, threads: 2 }
  const readers = createBodyReaders(nowhere, { clock: systemClock, logger: { ...silent, error } })
  expect(await readers.read(null, entries)).toBeUndefined()
  expect(await readers.read(null, entries)).toBeUndefined()
  expect(told.length).toBeGreaterThan(0)
  expect(told.join()).not.toContain('/dev/null')
  await readers.close()
})
