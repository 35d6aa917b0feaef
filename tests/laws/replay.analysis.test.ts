import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createChance } from '../../fixtures/hospital/chance.ts'
import { runAnalysis } from '../../gateway/analysis/analysis.ts'
import { type EngineParts, startEngine } from '../../gateway/analysis/engine.ts'
import { engineParts } from '../../gateway/app.ts'
import { systemClock } from '../../gateway/clock.ts'
import { customerRules } from '../../gateway/desk/rules/read-rules.ts'
import { sweepTickets } from '../../gateway/desk/tickets.ts'
import { comparePositions } from '../../gateway/log/position.ts'
import { openLogReader } from '../../gateway/log/reader.ts'
import { openLogWriter } from '../../gateway/log/writer.ts'
import type { Entry, Position } from '../../gateway/model/entry.ts'
import type { Catalogue } from '../../gateway/model/interface.ts'
import { secretsFrom } from '../../gateway/store/secrets.ts'
import { openSqliteStore } from '../../gateway/store/sqlite-store.ts'
import type { Store } from '../../gateway/store/store.ts'
import { silent } from '../support/log.ts'
import { demoFolder, mondayAtTen, simulatedCatalogue } from '../support/simulated.ts'
import { troubledStream } from '../support/troubled.ts'

/** A life of analysis: how large its batches are, and after how many of them it is broken off, before or after the last one is written. */
interface Life {
  readonly batchEntries: number
  readonly batchesMax: number
  readonly writesLast: boolean
}

const clock = systemClock()
const folder = mkdtempSync(join(tmpdir(), 'auscult-replay-'))
let catalogue: Catalogue
let parts: EngineParts
let end: Position
let uninterrupted: Awaited<ReturnType<typeof rowsOf>>

describe('replay law: analysis over a real log and a real store', { timeout: 240_000 }, () => {
  beforeAll(async () => {
    catalogue = await simulatedCatalogue('demo')
    parts = await engineParts(catalogue, demoFolder)
    end = await writeLog(troubledStream(catalogue).map(({ entry }) => entry))
    const store = openStore('one run')
    await live(store, { batchEntries: 500, batchesMax: Number.POSITIVE_INFINITY, writesLast: true })
    uninterrupted = await rowsOf(store)
    await store.close()
  }, 240_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('one run sees what there is to see', () => {
    expect(uninterrupted.exchanges.length).toBeGreaterThan(1_000)
    expect(uninterrupted.tickets.length).toBeGreaterThanOrEqual(3)
    expect(uninterrupted.tickets.some((t) => t.state === 'resolved')).toBe(true)
  })

  test.each([
    1, 2, 3,
  ])('broken off at random moments, before or after a batch was written, it ends with the same rows (%i)', async (seed) => {
    const chance = createChance(seed)
    const store = openStore(`broken off ${seed}`)
    let lives = 0
    while ((await store.resume()).committed !== end) {
      lives += 1
      await live(store, {
        batchEntries: 1 + Math.floor(chance.next() * 400),
        batchesMax: 1 + Math.floor(chance.next() * 4),
        writesLast: chance.happens(0.5),
      })
    }
    expect(lives).toBeGreaterThan(3)
    expect(await rowsOf(store)).toEqual(uninterrupted)
    await store.close()
  })

  test('with the desk at work meanwhile, every ticket is there once, with the same cause and state', async () => {
    const chance = createChance(9)
    const store = openStore('with the desk')
    while ((await store.resume()).committed !== end) {
      await live(store, { batchEntries: 1 + Math.floor(chance.next() * 200), batchesMax: 2, writesLast: chance.happens(0.7) })
      await sweepTickets(store, { catalogue, rules: customerRules, channels: [] }, clock.now())
    }
    const word = (tickets: Awaited<ReturnType<typeof rowsOf>>['tickets']) =>
      tickets.map((t) => `${t.id} ${t.state} ${t.causes[0]?.id} ${t.interfaceIds.join('+')} ${t.openedAt} ${t.resolvedAt}`)
    expect(word((await rowsOf(store)).tickets)).toEqual(word(uninterrupted.tickets))
    await store.close()
  })
})

async function writeLog(entries: readonly Entry[]): Promise<Position> {
  const retention = { bytes: 1e12, ageMs: 1e15 }
  const options = { folder: join(folder, 'log'), retention, sync: 'none', key: null, clock } as const
  const writer = await openLogWriter({ ...options, segmentBytesMax: 1_000_000 })
  for (let at = 0; at < entries.length; at += 300) await writer.append(entries.slice(at, at + 300))
  await writer.close()
  const reader = await openLogReader({ folder: options.folder, key: null, clock })
  let last: Position | null = null
  let count = 0
  for (;;) {
    const batch = await reader.read(last, { entries: 2_000, bytes: 8e6 })
    const newest = batch.entries.at(-1)
    if (!newest) break
    last = newest.position
    count += batch.entries.length
  }
  await reader.close()
  expect(count).toBe(entries.length)
  return last ?? ''
}

function openStore(name: string): Store {
  const { key } = secretsFrom(new Uint8Array(32).fill(7))
  return openSqliteStore({ folder: join(folder, name), tokenKeys: [key('tokens')], bodyKey: null, comparePositions })
}

/** Runs the product's loop until the end of the log, or until it is broken off as its life has it. */
async function live(store: Store, life: Life): Promise<void> {
  const log = await openLogReader({ folder: join(folder, 'log'), key: null, clock })
  const ending = new AbortController()
  let batches = 0
  await runAnalysis({
    log,
    store: {
      resume: () => store.resume(),
      async commit(results) {
        batches += 1
        const isLast = batches >= life.batchesMax
        if (isLast) ending.abort()
        // What was thought and not written is lost, as a kill before the transaction loses it.
        if (isLast && !life.writesLast) return 'committed'
        if (results.position === end) ending.abort()
        return store.commit(results)
      },
    },
    startEngine: (saved) => startEngine(parts, saved),
    isAfter: (a, b) => comparePositions(a, b) > 0,
    clock,
    logger: silent,
    signal: ending.signal,
    limits: { batchEntries: life.batchEntries, checkpointMs: 45_000 },
  })
  await log.close()
}

/** Everything that the store keeps, read through its port. Tickets as one sweep makes them. */
async function rowsOf(store: Store) {
  const incidents = (await store.unsweptIncidents(10_000)).map(({ incident }) => incident)
  while ((await sweepTickets(store, { catalogue, rules: customerRules, channels: [] }, clock.now())).length > 0);
  const exchanges: unknown[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: Awaited<ReturnType<Store['exchanges']>> = await store.exchanges({
      limit: 5_000,
      ...(cursor === '' ? {} : { cursor }),
    })
    exchanges.push(...page.items)
    cursor = page.nextCursor
  }
  const hour = { from: mondayAtTen, to: mondayAtTen + 3_600_000, stepMs: 60_000 }
  const totals = await store.totals()
  const series = await Promise.all(totals.map(({ interfaceId }) => store.series({ interfaceId, ...hour })))
  const breaches = await Promise.all(totals.map(({ interfaceId }) => store.violationCounts(interfaceId, hour.from, hour.to)))
  return {
    exchanges,
    incidents,
    totals,
    series,
    breaches,
    alerts: await store.alerts({}),
    clocks: await store.clocks(),
    edges: await store.edges(),
    dropped: await store.dropped(),
    lostBytes: await store.lostBytes(),
    tickets: (await store.tickets({ limit: 500 })).items,
  }
}
