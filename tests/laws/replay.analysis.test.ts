import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createChance } from '../../fixtures/hospital/chance.ts'
import { madeChange, madeSilence } from '../../fixtures/observed/changes.ts'
import { runAnalysis } from '../../gateway/analysis/analysis.ts'
import { type EngineParts, startEngine } from '../../gateway/analysis/engine.ts'
import { engineParts } from '../../gateway/app.ts'
import { systemClock } from '../../gateway/clock.ts'
import { customerRules } from '../../gateway/desk/rules/read-rules.ts'
import { sweepTickets } from '../../gateway/desk/tickets.ts'
import { comparePositions } from '../../gateway/log/position.ts'
import { openLogReader } from '../../gateway/log/reader.ts'
import { openLogWriter } from '../../gateway/log/writer.ts'
import type { Declaration } from '../../gateway/model/change.ts'
import type { Entry, Position } from '../../gateway/model/entry.ts'
import type { Alert, Incident } from '../../gateway/model/incident.ts'
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

describe('replay law: analysis over a real log and a real store', { timeout: 240_000 }, () => {
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

describe('replay law: what people declare between batches', { timeout: 240_000 }, () => {
  test.each([
    1, 2,
  ])('broken off at random moments, every declaration counts where it was written to count (%i)', async (seed) => {
    const chance = createChance(seed)
    const store = openStore(`declared ${seed}`)
    const waiting = [...declarations]
    const taken: Taken[] = []
    let lives = 0
    // The first batch of a life makes a checkpoint: what is declared later in it has to be declared again.
    const declareOne = async () => {
      const next = chance.happens(0.3) ? waiting.shift() : undefined
      if (next?.kind === 'change') expect(await store.savePlannedChange(next.change, [])).toBe(true)
      if (next?.kind === 'silence') expect(await store.saveSilence(next.silence)).toBe(true)
    }
    while ((await store.resume()).committed !== end) {
      lives += 1
      const batchesMax = 2 + Math.floor(chance.next() * 4)
      const life = { batchEntries: 1 + Math.floor(chance.next() * 60), batchesMax, writesLast: chance.happens(0.5) }
      await live(store, life, taken, declareOne)
    }
    expect(lives).toBeGreaterThan(10)
    expect(taken.map(({ declaration }) => declaration)).toEqual(declarations)
    const { incidents, alerts } = await toldByOneEngine(taken)
    for (const incident of incidents) expect(await store.incident(incident.id)).toEqual(JSON.parse(JSON.stringify(incident)))
    for (const alert of alerts) expect(await store.alert(alert.id)).toEqual(JSON.parse(JSON.stringify(alert)))
    // Windows and silences did hold something back, and what overran its window did make a ticket.
    expect(incidents.filter((i) => i.withheldBy !== undefined).length).toBeGreaterThanOrEqual(2)
    expect(incidents.some((i) => i.ticketed && i.withheldBy !== undefined)).toBe(true)
    expect(await store.takenDeclarations()).toEqual([])
    await store.close()
  })
})

interface Taken {
  readonly declaration: Declaration
  readonly after: Position | null
}

const minute = (count: number) => mondayAtTen + count * 60_000

/** Announced long before, and at the last moment; one is ended early. */
const lisSilent = madeChange({
  id: 'c2',
  interfaceIds: ['lis-tijian-result'],
  fromAt: minute(5),
  toAt: minute(9),
  graceMs: 30_000,
})
const declarations: readonly Declaration[] = [
  {
    kind: 'change',
    change: madeChange({ interfaceIds: ['ris-pacs-procedure'], fromAt: minute(2), toAt: minute(6), graceMs: 60_000 }),
  },
  {
    kind: 'silence',
    silence: madeSilence({ interfaceIds: ['his-ris-exam-order'], fromAt: minute(0), untilAt: minute(4.5) }),
  },
  { kind: 'change', change: lisSilent },
  { kind: 'change', change: { ...lisSilent, revision: 2, state: 'ended-early', endedAt: minute(7), endedBy: 'wang' } },
]

/** The whole log through one engine that is never stopped, with everything declared where it was taken. */
async function toldByOneEngine(taken: readonly Taken[]) {
  const reader = await openLogReader({ folder: join(folder, 'log'), key: null, clock })
  const engine = startEngine(parts, null)
  const incidents = new Map<string, Incident>()
  const alerts = new Map<string, Alert>()
  for (let position: Position | null = null; position !== end; ) {
    const batch: Awaited<ReturnType<typeof reader.read>> = await reader.read(position, { entries: 1, bytes: 8e6 })
    engine.declare(taken.filter(({ after }) => after === position).map(({ declaration }) => declaration))
    const changes = engine.take(batch.entries)
    for (const incident of changes.incidents) incidents.set(incident.id, incident)
    for (const alert of changes.alerts) alerts.set(alert.id, alert)
    position = batch.entries.at(-1)?.position ?? end
  }
  await reader.close()
  return { incidents: [...incidents.values()], alerts: [...alerts.values()] }
}

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

/**
 * Runs the product's loop until the end of the log, or until it is broken off as its life has it. Declarations that were written as taken
 * are added to `taken`; `between` runs before each batch is written.
 */
async function live(store: Store, life: Life, taken: Taken[] = [], between = async () => {}): Promise<void> {
  const known = new Map<number, Declaration>()
  const log = await openLogReader({ folder: join(folder, 'log'), key: null, clock })
  const ending = new AbortController()
  let batches = 0
  await runAnalysis({
    log,
    store: {
      resume: () => store.resume(),
      async untakenDeclarations(limit) {
        const untaken = await store.untakenDeclarations(limit)
        for (const { num, declaration } of untaken) known.set(num, declaration)
        return untaken
      },
      takenDeclarations: () => store.takenDeclarations(),
      async commit(results) {
        await between()
        batches += 1
        const isLast = batches >= life.batchesMax
        if (isLast) ending.abort()
        // What was thought and not written is lost, as a kill before the transaction loses it.
        if (isLast && !life.writesLast) return 'committed'
        if (results.position === end) ending.abort()
        for (const { num, after } of results.declarations ?? []) {
          const declaration = known.get(num)
          if (declaration !== undefined) taken.push({ declaration, after })
        }
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
