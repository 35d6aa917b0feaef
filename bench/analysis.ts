/**
 * Analysis on one core: exchanges a second through decode of the log, format, contract, monitors, alert book, incidents and store, and
 * where the time goes. Traffic: the ten interfaces of the simulated hospital, healthy.
 *
 *   node bench/analysis.ts [--minutes 60] [--rounds 3]
 */
import { readFileSync, rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { mllp } from '../adapters/protocols/mllp/protocol.ts'
import { plansOf } from '../fixtures/hospital/plans.ts'
import { simulate } from '../fixtures/hospital/wire.ts'
import { type EngineChanges, startEngine } from '../gateway/analysis/engine.ts'
import { engineParts, known, systemClock } from '../gateway/app.ts'
import { loadConfig } from '../gateway/config/config.ts'
import { openLogReader } from '../gateway/log/reader.ts'
import { openLogWriter } from '../gateway/log/writer.ts'
import type { LoggedEntry } from '../gateway/model/entry.ts'
import { createOfflineEdge } from '../gateway/offline.ts'
import { secretsFrom } from '../gateway/store/secrets.ts'
import { openSqliteStore } from '../gateway/store/sqlite-store.ts'
import { asAnalysis } from './as-analysis.ts'

asAnalysis(import.meta.url)

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '60' }, rounds: { type: 'string', default: '3' } },
})
const file = fileURLToPath(new URL('../deploy/demo/auscult.yaml', import.meta.url))
const { config } = await loadConfig(file, await known())
if (!config) throw new Error('the demo configuration is broken')
const { catalogue } = config
const folder = await mkdtemp(join(tmpdir(), 'auscult-bench-'))

const entries = [...traffic()]
const writer = await openLogWriter({
  folder: join(folder, 'log'),
  retention: { bytes: 8e9, ageMs: 1e12 },
  sync: 'none',
  key: null,
  clock: systemClock,
})
for (let i = 0; i < entries.length; i += 500) await writer.append(entries.slice(i, i + 500).map((e) => e.entry))
await writer.close()
const exchangeCount = entries.filter((e) => e.entry.kind === 'exchange').length
console.log(`${exchangeCount} exchanges, ${entries.length - exchangeCount} ticks, ${values.minutes} minutes of the hospital`)

const parts = await engineParts(catalogue, '.')
for (let round = 1; round <= Number(values.rounds); round += 1) {
  const engine = startEngine(parts, null)
  const store = openSqliteStore({
    folder: join(folder, `store-${round}`),
    tokenKeys: [secretsFrom(new Uint8Array(32)).key('tokens')],
    bodyKey: null,
    comparePositions: (a, b) => (a < b ? -1 : a > b ? 1 : 0),
  })
  const reader = await openLogReader({ folder: join(folder, 'log'), key: null, clock: systemClock })
  const spent = { read: 0, think: 0, save: 0, store: 0 }
  let checkpointBytes = 0
  const startedCpu = process.cpuUsage()
  const startedAt = systemClock.monotonic()
  let position: string | null = null
  for (let batches = 1; ; batches += 1) {
    let mark = systemClock.monotonic()
    const lap = (name: keyof typeof spent) => {
      const now = systemClock.monotonic()
      spent[name] += now - mark
      mark = now
    }
    const batch = await reader.read(position, { entries: 2000, bytes: 8e6 })
    lap('read')
    const last = batch.entries.at(-1)
    if (!last) break
    const changes: EngineChanges = engine.take(batch.entries)
    lap('think')
    const checkpoint = batches % 25 === 0 ? engine.save() : null
    if (checkpoint !== null) checkpointBytes = JSON.stringify(checkpoint).length
    lap('save')
    await store.commit({ position: last.position, ...changes, ticks: [], dropped: [], lostBytes: 0, checkpoint })
    lap('store')
    position = last.position
  }
  const wallMs = systemClock.monotonic() - startedAt
  const cpu = process.cpuUsage(startedCpu)
  const us = (ms: number) => ((ms * 1000) / exchangeCount).toFixed(1)
  console.log(
    `round ${round}: ${Math.round((exchangeCount / wallMs) * 1000)} exchanges/s wall, ${Math.round((exchangeCount / (cpu.user + cpu.system)) * 1e6)}/s of CPU;`,
    `µs an exchange: read ${us(spent.read)}, think ${us(spent.think)}, checkpoint ${us(spent.save)}, store ${us(spent.store)}; checkpoint ${Math.round(checkpointBytes / 1024)} kB`,
  )
  await store.close()
  await reader.close()
}
rmSync(folder, { recursive: true, force: true })

function* traffic(): Generator<LoggedEntry> {
  const edge = createOfflineEdge({ catalogue, protocols: [mllp], name: 'bench' })
  const plans = plansOf(readFileSync(file, 'utf8'), file)
  for (const event of simulate({
    seed: 1,
    startAt: Date.UTC(2026, 10, 23, 1),
    lastsMs: Number(values.minutes) * 60_000,
    plans,
  }))
    yield* edge.see(event)
  yield* edge.finish()
}
