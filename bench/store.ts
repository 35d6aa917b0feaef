/**
 * What the store costs analysis: microseconds an exchange for whole batches with five keys each (control id, order, specimen,
 * visit, patient) and a 1 kB body, then what searches, lists and pruning cost on what was written.
 *
 *   node bench/store.ts [exchanges] [batch] [sealed|open]
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { comparePositions, dawn, madeBatch, madeExchange, madeViolation } from '../fixtures/observed/made.ts'
import { secretsFrom } from '../gateway/store/secrets.ts'
import { openSqliteStore } from '../gateway/store/sqlite-store.ts'

const total = Number(process.argv[2] ?? 200_000)
const batchSize = Number(process.argv[3] ?? 500)
const isSealed = process.argv[4] !== 'open'
const messages = join(import.meta.dirname, '../fixtures/messages/zh-synthetic')
const bodies = readdirSync(messages)
  .filter((name) => name.endsWith('.hl7'))
  .map((name) => readFileSync(join(messages, name)))
const secrets = secretsFrom(new Uint8Array(32).fill(9))
const folder = mkdtempSync(join(tmpdir(), 'auscult-bench-'))
const store = openSqliteStore({
  folder,
  tokenKeys: [secrets.key('tokens')],
  bodyKey: isSealed ? secrets.key('bodies') : null,
  comparePositions,
})
try {
  // Six days of equal length, 20 exchanges a second: a busy hospital's batch lies within one or two minutes.
  const days = 6
  const perDay = Math.ceil(total / days)
  const spreadMs = days * 86_400_000
  const make = (number: number) => {
    const body = bodies[number % bodies.length] ?? new Uint8Array(0)
    return madeExchange({
      number,
      at: dawn + Math.floor(number / perDay) * 86_400_000 + (number % perDay) * 50,
      interfaceId: `interface-${number % 27}`,
      body,
      ...(number % 20 === 0 ? { violations: [madeViolation('PID-3')], outcome: 'failed' as const } : {}),
    })
  }
  const times: number[] = []
  let cpuUs = 0
  for (let from = 0; from < total; from += batchSize) {
    const batch = madeBatch(Array.from({ length: Math.min(batchSize, total - from) }, (_, i) => make(from + i + 1)))
    const cpu = process.cpuUsage()
    const begun = performance.now()
    await store.commit(batch)
    times.push(performance.now() - begun)
    const used = process.cpuUsage(cpu)
    cpuUs += used.user + used.system
  }
  const spent = times.reduce((a, b) => a + b, 0)
  const plainUs = plainInserts(join(folder, 'plain.db'), 50_000)
  times.sort((a, b) => a - b)
  const at = (q: number) => (times[Math.min(Math.floor(q * times.length), times.length - 1)] ?? 0).toFixed(1)
  console.log(
    `commit: ${((spent * 1000) / total).toFixed(1)} us/exchange (${(cpuUs / total).toFixed(1)} us of processor), ${Math.round((total / spent) * 1000)} exchanges/s, batch of ${batchSize} p50 ${at(0.5)} p99 ${at(0.99)} max ${at(1)} ms`,
  )
  console.log(
    `beside it, plain rows of 880 bytes with four indexes: ${plainUs.toFixed(1)} us of processor a row: the store takes ${(cpuUs / total / plainUs).toFixed(2)} of that`,
  )
  const size = await store.size()
  console.log(
    `size: rows ${(size.rowBytes / total).toFixed(0)} B/exchange, bodies ${(size.bodyBytes / total).toFixed(0)} B/exchange`,
  )
  await timed('search by order number', 200, (i) => store.exchanges({ key: `O20261123${((i * 7919) % total) + 1}`, limit: 50 }))
  await timed('search by patient', 200, (i) => store.exchanges({ key: `P${i}`, limit: 50 }))
  await timed('newest 50 of one interface', 200, (i) => store.exchanges({ interfaceId: `interface-${i % 27}`, limit: 50 }))
  await timed('newest 50 failed', 200, () => store.exchanges({ outcome: 'failed', limit: 50 }))
  await timed('a body', 200, (i) => store.message(`e1-1795392000000-${((i * 7919) % total) + 1}`, 'request'))
  await timed('a week of one interface by hours', 20, (i) =>
    store.series({ interfaceId: `interface-${i}`, from: dawn, to: dawn + 7 * 86_400_000, stepMs: 3_600_000 }),
  )
  await timed('an hour of one interface by minutes', 200, (i) =>
    store.series({ interfaceId: `interface-${i % 27}`, from: dawn, to: dawn + 3_600_000, stepMs: 60_000 }),
  )
  const before = dawn + spreadMs / 2
  const slices: number[] = []
  const begun = performance.now()
  for (let more = true; more; ) {
    const start = performance.now()
    more = (
      await store.prune({
        bodiesBefore: before,
        exchangesBefore: before,
        minutesBefore: before,
        hoursBefore: before,
        closedBefore: before,
      })
    ).more
    slices.push(performance.now() - start)
  }
  const after = await store.size()
  console.log(
    `pruning the older half: ${((performance.now() - begun) / 1000).toFixed(1)} s in ${slices.length} slices, longest ${Math.max(...slices).toFixed(0)} ms; ` +
      `rows ${(size.rowBytes / 1e6).toFixed(0)} -> ${(after.rowBytes / 1e6).toFixed(0)} MB, bodies ${(size.bodyBytes / 1e6).toFixed(1)} -> ${(after.bodyBytes / 1e6).toFixed(1)} MB`,
  )
} finally {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
}

async function timed(name: string, rounds: number, run: (round: number) => Promise<unknown>): Promise<void> {
  const times: number[] = []
  for (let i = 0; i < rounds; i += 1) {
    const begun = performance.now()
    await run(i)
    times.push(performance.now() - begun)
  }
  times.sort((a, b) => a - b)
  console.log(
    `${name}: p50 ${(times[Math.floor(rounds / 2)] ?? 0).toFixed(2)} ms, p95 ${(times[Math.floor(rounds * 0.95)] ?? 0).toFixed(2)} ms`,
  )
}

/** What reference/libraries.md section 7 measured at 15.3 us on a quiet machine: says how loaded this one is now. */
function plainInserts(file: string, rows: number): number {
  const database = new DatabaseSync(file)
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
  database.exec(
    'CREATE TABLE plain (id INTEGER PRIMARY KEY, a TEXT, b TEXT, c INTEGER, d INTEGER, e REAL, f TEXT, payload BLOB)',
  )
  for (const column of ['a', 'b', 'c', 'd']) database.exec(`CREATE INDEX plain_${column} ON plain (${column}, id)`)
  const insert = database.prepare('INSERT INTO plain (a, b, c, d, e, f, payload) VALUES (?, ?, ?, ?, ?, ?, ?)')
  const payload = new Uint8Array(880)
  const cpu = process.cpuUsage()
  for (let from = 0; from < rows; from += 500) {
    database.exec('BEGIN')
    for (let i = from; i < from + 500; i += 1)
      insert.run(`C${i}`, `interface-${i % 27}`, i % 5, dawn + i, i / 7, 'OML^O21', payload)
    database.exec('COMMIT')
  }
  const used = process.cpuUsage(cpu)
  database.close()
  return (used.user + used.system) / rows
}
