import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { startEngine } from '../../../gateway/analysis/engine.ts'
import { engineParts, systemClock } from '../../../gateway/app.ts'
import { openLogReader } from '../../../gateway/log/reader.ts'
import { openLogWriter } from '../../../gateway/log/writer.ts'
import type { LoggedEntry, LogOutline, LogReader } from '../../../gateway/model/entry.ts'
import type { Catalogue } from '../../../gateway/model/interface.ts'
import { createBodyReaders } from '../../../gateway/start-reading.ts'
import { silent } from '../../support/log.ts'
import { demoFolder, simulatedCatalogue } from '../../support/simulated.ts'
import { troubledStream } from '../../support/troubled.ts'

const key = new Uint8Array(32).fill(7)
let log: { readonly folder: string; readonly key: Uint8Array }
let catalogue: Catalogue
let reader: LogReader
let outline: LogOutline
let entries: readonly LoggedEntry[]

beforeAll(async () => {
  log = { folder: join(mkdtempSync(join(tmpdir(), 'auscult-reading-')), 'log'), key }
  catalogue = await simulatedCatalogue('demo')
  const retention = { bytes: 1e9, ageMs: 1e13 }
  const writer = await openLogWriter({ ...log, retention, sync: 'none', clock: systemClock })
  for (const { entry } of troubledStream(catalogue)) await writer.append([entry])
  await writer.close()
  reader = await openLogReader({ ...log, clock: systemClock })
  outline = await reader.outline(null, { entries: 1e6, bytes: 1e9 })
  entries = outline.batch().entries
}, 120_000)

afterAll(() => reader.close())

const started = () =>
  createBodyReaders({ catalogue, configFolder: demoFolder, threads: 1 }, { clock: systemClock, logger: silent })

/** How many exchanges these are. */
const bodied = (some: readonly LoggedEntry[]) => some.filter(({ entry }) => entry.kind === 'exchange').length

it('reads in threads, and meanwhile here, what the engine reads by itself: same changes, same state', {
  timeout: 120_000,
}, async () => {
  const readers = started()
  const parts = await engineParts(catalogue, demoFolder)
  const alone = startEngine(parts, null)
  const said = alone.take(entries)
  const seen = new Set<string>()
  // Who comes first reads it: nobody waits for a thread that starts, and later it has time enough to be first.
  for (let waitMs = 0; seen.size < 2; waitMs += 100) {
    const helped = startEngine(parts, null)
    const shared = readers.begin(outline)
    await setTimeout(waitMs)
    let readHere = 0
    const contents = await shared.finish(entries, (entry) => {
      readHere += 1
      return helped.read(entry)
    })
    expect(entries.map((_, i) => contents(i))).toEqual(entries.map(({ entry }) => alone.read(entry)))
    expect(JSON.stringify(helped.take(entries, contents))).toEqual(JSON.stringify(said))
    expect(helped.save()).toEqual(alone.save())
    expect(readHere).toBeLessThanOrEqual(bodied(entries))
    seen.add(readHere === bodied(entries) ? 'all here' : 'some there')
  }
  await readers.close()
})

it('reads here what is left when the threads are ended', { timeout: 120_000 }, async () => {
  const readers = started()
  const shared = readers.begin(outline)
  await readers.close()
  const read = vi.fn(() => null)
  const contents = await shared.finish(entries, read)
  expect(entries.every((_, i) => contents(i) === null)).toBe(true)
  expect(read).toHaveBeenCalledTimes(bodied(entries))
})

it('reads all here where not all that was outlined could be made: each has another place then', {
  timeout: 120_000,
}, async () => {
  const readers = started()
  const shared = readers.begin(outline)
  const read = vi.fn(() => null)
  await shared.finish(entries.slice(1), read)
  expect(read).toHaveBeenCalledTimes(bodied(entries.slice(1)))
  await readers.close()
})

it('goes on without threads that fail, and tells no more of their fault than its kind', { timeout: 120_000 }, async () => {
  const told: string[] = []
  const error = (...words: readonly unknown[]) => told.push(JSON.stringify(words))
  const interfaces = catalogue.interfaces.map((iface) => ({ ...iface, contract: 'nowhere.yaml' }))
  const failing = { catalogue: { ...catalogue, interfaces }, configFolder: demoFolder, threads: 2 }
  const readers = createBodyReaders(failing, { clock: systemClock, logger: { ...silent, error } })
  for (const _ of [1, 2]) {
    const shared = readers.begin(outline)
    await vi.waitFor(() => expect(told.length).toBeGreaterThan(0), 20_000)
    const read = vi.fn(() => null)
    await shared.finish(entries, read)
    expect(read).toHaveBeenCalledTimes(bodied(entries))
  }
  expect(told.join()).not.toContain('nowhere')
  await readers.close()
})
