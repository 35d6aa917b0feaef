/**
 * How long the analysis takes to read a week of the whole hospital again: all interfaces that have a source, at the catalogue's volume. Stretches of all kinds of hours are made,
 * each as long as its share of the day, through the real decoders, and kept in a log; what an exchange of them costs (log, bodies, contracts, monitors, alert book, incidents; no
 * store) times the exchanges of a week is the answer: in one thread, and with the threads that read bodies while the analysis is behind.
 *
 *   node bench/week.ts [--minutes 60] [--rounds 3]
 */
import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { isDimseId } from '../fixtures/hospital/lines/dimse.ts'
import { isHttpId } from '../fixtures/hospital/lines/http.ts'
import { isKafkaId } from '../fixtures/hospital/lines/kafka.ts'
import { isMllpId } from '../fixtures/hospital/messages/dialect.ts'
import { catalogueFor, contractsFolder, loadHospital } from '../fixtures/scenarios/catalogue.ts'
import { noise } from '../fixtures/scenarios/noise.ts'
import type { Scenario } from '../fixtures/scenarios/scenario.ts'
import { entriesOf } from '../fixtures/scenarios/stage.ts'
import { startEngine } from '../gateway/analysis/engine.ts'
import { unread } from '../gateway/analysis/inspect.ts'
import { type BodyReaders, createReadAhead } from '../gateway/analysis/read-ahead.ts'
import { createLogger, engineParts, protocols, systemClock } from '../gateway/app.ts'
import { openLogReader } from '../gateway/log/reader.ts'
import { openLogWriter } from '../gateway/log/writer.ts'
import type { Entry, Position } from '../gateway/model/entry.ts'
import type { ExpectedVolume } from '../gateway/model/interface.ts'
import { createBodyReaders, readingThreads } from '../gateway/start-reading.ts'
import { asAnalysis } from './as-analysis.ts'

asAnalysis(import.meta.url)

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '60' }, rounds: { type: 'string', default: '3' } },
})
const hourMs = 3_600_000
/** Monday, midnight in Shanghai. */
const monday = Date.UTC(2026, 10, 22, 16)
/** The catalogue counts images; a study's turn brings so many entries of them. */
const imagesATurn = 4.5
/** The catalogue's hours come in these: from, to. */
const spans = [
  [0, 6],
  [6, 8],
  [8, 12],
  [12, 14],
  [14, 18],
  [18, 24],
] as const

const hospital = await loadHospital()
const sourced = [...hospital.volumes].filter(([id]) => isMllpId(id) || isHttpId(id) || isDimseId(id) || isKafkaId(id))
const feeds = sourced.map(([interfaceId, { perHour }]) => ({
  interfaceId,
  perHour: Math.max(...perHour) / (interfaceId === 'modality-pacs-store' ? imagesATurn : 1),
  shape: 'daily' as const,
  ...(Math.max(...perHour) > 20_000 ? { connectionsMax: 12 } : {}),
}))
const folder = await mkdtemp(join(tmpdir(), 'auscult-week-'))
const log = { folder: join(folder, 'log'), key: null }
const count = await makeLog()
const week = sourced.reduce((sum, [, volume]) => sum + inWeek(volume), 0)
console.log(`${count} exchanges in ${values.minutes} minutes of a day; a week has ${(week / 1e6).toFixed(1)} million`)

const parts = await engineParts(hospital.catalogue, contractsFolder)
const setup = { catalogue: hospital.catalogue, configFolder: contractsFolder, threads: readingThreads() }
const readers = createBodyReaders(setup, { clock: systemClock, logger: await createLogger('bench') })
for (let round = 1; round <= Number(values.rounds); round += 1) {
  for (const help of [null, readers]) {
    const us = await replay(help)
    const how = help === null ? 'one thread' : `with ${help.count} for bodies beside it`
    const minutes = ((us * week) / 60e6).toFixed(1)
    console.log(
      `round ${round}, ${how}: ${us.toFixed(1)} µs an exchange, ${Math.round(1e6 / us)} a second: a week in ${minutes} minutes`,
    )
  }
}
await readers.close()
rmSync(folder, { recursive: true, force: true })

/** How many exchanges it holds. */
async function makeLog(): Promise<number> {
  const known = await protocols()
  const writer = await openLogWriter({
    ...log,
    retention: { bytes: 80e9, ageMs: 1e13 },
    sync: 'none',
    clock: systemClock,
  })
  let exchanges = 0
  for (const [from, to] of spans) {
    const scenario: Scenario = {
      ...{ id: 'bench/week', kind: 'healthy', split: 'development', seed: 1, feeds, strikes: [noise], labels: [] },
      ...{ startAt: monday + from * hourMs, lastsMs: (Number(values.minutes) * 60_000 * (to - from)) / 24 },
    }
    let batch: Entry[] = []
    for (const { entry } of entriesOf(scenario, catalogueFor(scenario, hospital), { hospital, protocols: known })) {
      if (entry.kind === 'exchange') exchanges += 1
      batch.push(entry)
      if (batch.length < 500) continue
      await writer.append(batch)
      batch = []
    }
    await writer.append(batch)
  }
  await writer.close()
  return exchanges
}

/** Microseconds of the clock an exchange. */
async function replay(help: BodyReaders | null): Promise<number> {
  const engine = startEngine(parts, null)
  const reader = await openLogReader({ ...log, clock: systemClock })
  const ahead = createReadAhead({ log: reader, limit: { entries: 2000, bytes: 8e6 }, readers: help, read: engine.read })
  const startedAt = systemClock.monotonic()
  for (let position: Position | null = null; ; ) {
    const { batch, contents } = await ahead.after(position)
    const last = batch.entries.at(-1)
    if (last === undefined) break
    const { exchanges } = engine.take(batch.entries, contents)
    if (exchanges.some(({ violations }) => violations.some(({ rule }) => rule === unread.rule)))
      throw new Error('a format or a contract fell over a message')
    position = last.position
  }
  const tookMs = systemClock.monotonic() - startedAt
  await reader.close()
  return (tookMs * 1000) / count
}

/** Messages of an interface on five workdays and a weekend. */
function inWeek({ perHour, weekendFactor }: ExpectedVolume): number {
  return perHour.reduce((sum, n) => sum + n, 0) * (5 + 2 * weekendFactor)
}
