/**
 * `GET /journeys` at a size: orders of five exchanges each, with patients and visits that come back, are stored; then journeys are asked for by an order's
 * placer, filler, accession, tube and study, of any age.
 *
 *   node bench/journeys.ts [--exchanges 5000000] [--asks 300]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createChance } from '../fixtures/hospital/chance.ts'
import { comparePositions, dawn, madeBatch, madeExchange, positionOf } from '../fixtures/observed/made.ts'
import plans from '../gateway/catalogue/journeys.json' with { type: 'json' }
import { systemClock } from '../gateway/clock.ts'
import { createJourneys } from '../gateway/desk/journeys/journeys.ts'
import { secretsFrom } from '../gateway/store/secrets.ts'
import { openSqliteStore } from '../gateway/store/sqlite-store.ts'
import { orderExchange, stepMs } from './orders.ts'

const { values } = parseArgs({
  options: { exchanges: { type: 'string', default: '5000000' }, asks: { type: 'string', default: '300' } },
})
const total = Number(values.exchanges)
const clock = systemClock()
const folder = mkdtempSync(join(tmpdir(), 'auscult-bench-'))
const store = openSqliteStore({
  folder,
  tokenKeys: [secretsFrom(new Uint8Array(32)).key('tokens')],
  bodyKey: null,
  comparePositions,
})
const interfaces = [
  'his-ris-exam-order',
  'ris-pacs-procedure',
  'modality-ris-worklist',
  'modality-pacs-store',
  'ris-emr-report-doc',
]

try {
  const startedAt = clock.monotonic()
  for (let first = 0; first < total; first += 5_000) {
    const batch = Array.from({ length: Math.min(5_000, total - first) }, (_, i) => exchangeOf(first + i))
    await store.commit({
      ...madeBatch(batch),
      position: positionOf(first + batch.length),
      now: dawn + (first + batch.length) * stepMs,
    })
  }
  const { rowBytes } = await store.size()
  console.log(
    `${total} exchanges stored in ${Math.round((clock.monotonic() - startedAt) / 1000)} s, ${Math.round(rowBytes / 1e6)} MB of rows`,
  )
  const catalogue = { hospital: { name: '', timezone: 'Asia/Shanghai', calendar: 'cn' }, systems: [], interfaces: [] }
  const journeys = createJourneys({ store, catalogue, plans })
  const chance = createChance(3)
  const took: number[] = []
  let wrong = 0
  for (let ask = 0; ask < Number(values.asks); ask += 1) {
    const order = chance.whole(0, Math.floor(total / 5) - 1)
    const key = chance.pick([`O${order}`, `A${order}`, `F${order}`, `1.2.840.${order}`])
    const at = clock.monotonic()
    const found = await journeys.of(key)
    took.push(clock.monotonic() - at)
    if (found.journeys.length !== 1 || found.journeys[0]?.exchanges.length !== 5) wrong += 1
  }
  took.sort((a, b) => a - b)
  const quantile = (q: number) => (took[Math.min(took.length - 1, Math.floor(q * took.length))] ?? 0).toFixed(1)
  console.log(
    `journey by any of its keys: p50 ${quantile(0.5)} ms, p95 ${quantile(0.95)} ms, worst ${quantile(1)} ms; ${wrong} of ${took.length} not whole`,
  )
} finally {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
}

function exchangeOf(number: number) {
  const made = orderExchange(number)
  return madeExchange({ ...made, interfaceId: interfaces[made.step] ?? '' })
}
