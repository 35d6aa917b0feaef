import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../gateway/clock.ts'
import { ByteWriter } from '../gateway/log/bytes.ts'
import { decodeEntry, encodeEntry } from '../gateway/log/entry-codec.ts'
import { openLogReader } from '../gateway/log/reader.ts'
import { openLogWriter } from '../gateway/log/writer.ts'
import type { Position } from '../gateway/model/entry.ts'
import { numberedEntry } from '../tests/laws/arbitrary-entries.ts'

/** Appends and reads per second of exchanges of 1 kB, plain and sealed. `node bench/log.ts [count]`; pin to one core with taskset. */
const count = Number(process.argv[2] ?? 200_000)
const sample = Array.from({ length: 1000 }, (_, n) => numberedEntry(n, 1000))

codec()
for (const key of [null, Buffer.alloc(32, 7)]) {
  for (const sync of ['none', 'batch'] as const) await measure(key, sync)
}

function codec(): void {
  for (const pass of ['warm', 'measured']) {
    const writer = new ByteWriter(1 << 20)
    const bounds: number[] = []
    const encodeMs = timed(() => {
      for (let round = 0; round < 100; round += 1) {
        writer.cutTo(0)
        bounds.length = 0
        for (const entry of sample) {
          bounds.push(writer.length)
          encodeEntry(writer, entry)
        }
      }
    })
    bounds.push(writer.length)
    const bytes = writer.finish()
    const decodeMs = timed(() => {
      for (let round = 0; round < 100; round += 1) {
        for (let i = 0; i < sample.length; i += 1) decodeEntry(bytes, bounds[i] ?? 0, bounds[i + 1] ?? 0)
      }
    })
    if (pass === 'measured') console.log(`codec: encode ${us(encodeMs, 100_000)}, decode ${us(decodeMs, 100_000)} an exchange`)
  }
}

async function measure(key: Buffer | null, sync: 'none' | 'batch'): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'auscult-bench-'))
  const retention = { bytes: 1e12, ageMs: 1e12 }
  const writer = await openLogWriter({ folder, retention, sync, key, clock: systemClock() })
  const cpu = process.cpuUsage()
  const beganAt = performance.now()
  let waiting: Promise<void>[] = []
  for (let n = 0; n < count; n += 10) {
    waiting.push(writer.append(sample.slice(n % 1000, (n % 1000) + 10)))
    if (waiting.length === 100) {
      await Promise.all(waiting)
      waiting = []
    }
  }
  await Promise.all(waiting)
  const appendMs = performance.now() - beganAt
  const appendCpu = process.cpuUsage(cpu)
  await writer.close()
  const { readMs, cpuMs } = await readAll(folder, key)
  const label = `${key === null ? 'plain' : 'sealed'}, sync ${sync}`
  const appendCpuMs = (appendCpu.user + appendCpu.system) / 1000
  console.log(
    `${label}: ${perS(appendMs)} appends/s (${us(appendCpuMs, count)} CPU each), ${perS(readMs)} reads/s (${us(cpuMs, count)} CPU each)`,
  )
  await rm(folder, { recursive: true })
}

async function readAll(folder: string, key: Buffer | null) {
  const reader = await openLogReader({ folder, key, clock: systemClock() })
  const cpu = process.cpuUsage()
  const beganAt = performance.now()
  let position: Position | null = null
  let seen = 0
  while (seen < count) {
    const batch = await reader.read(position, { entries: 1000, bytes: 4e6 })
    seen += batch.entries.length
    position = batch.next
  }
  const readMs = performance.now() - beganAt
  const used = process.cpuUsage(cpu)
  await reader.close()
  return { readMs, cpuMs: (used.user + used.system) / 1000 }
}

function timed(run: () => void): number {
  const beganAt = performance.now()
  run()
  return performance.now() - beganAt
}

function perS(ms: number): string {
  return Math.round(count / (ms / 1000)).toLocaleString('en')
}

function us(ms: number, items: number): string {
  return `${((ms * 1000) / items).toFixed(2)} µs`
}
