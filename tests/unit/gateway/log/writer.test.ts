import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemClock } from '../../../../gateway/clock.ts'
import { openLogReader } from '../../../../gateway/log/reader.ts'
import { type OpenSegmentFile, openSegmentFile } from '../../../../gateway/log/segment-file.ts'
import { type LogWriterOptions, openLogWriter } from '../../../../gateway/log/writer.ts'
import type { Clock } from '../../../../gateway/model/time.ts'
import { numberedEntry, numberOf } from '../../../laws/arbitrary-entries.ts'

let folder = ''
let nowAt = 0
const clock: Clock = { ...systemClock(), now: () => nowAt }

beforeEach(async () => {
  nowAt = 1_795_000_000_000
  folder = await mkdtemp(join(tmpdir(), 'auscult-log-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const hour = 3_600_000

function open(options: Partial<LogWriterOptions> = {}) {
  const retention = { bytes: 1e12, ageMs: 1e12 }
  return openLogWriter({ folder, segmentBytesMax: 5000, retention, sync: 'none', key: null, clock, ...options })
}

async function read(key: Uint8Array | null = null, oldKeys: readonly Uint8Array[] = []) {
  const reader = await openLogReader({ folder, key, oldKeys, clock })
  try {
    const batch = await reader.read(null, { entries: 1e6, bytes: 1e9 })
    return { numbers: batch.entries.map((item) => numberOf(item.entry)), lost: batch.lost, positions: batch.entries }
  } finally {
    await reader.close()
  }
}

async function segmentCount(): Promise<number> {
  return (await readdir(folder)).filter((name) => name.endsWith('.log')).length
}

/** A disk that takes `left.bytes` more bytes, then fails with `code`; writes what fits first, as a real one does. */
function smallDisk(left: { bytes: number; code: string }): OpenSegmentFile {
  return async (path) => {
    if (left.bytes <= 0) throw Object.assign(new Error('full'), { code: left.code })
    const file = await openSegmentFile(path)
    return {
      ...file,
      async write(buffers, at) {
        const all = Buffer.concat([...buffers])
        const fitting = all.subarray(0, Math.max(0, left.bytes))
        left.bytes -= fitting.length
        if (fitting.length > 0) await file.write([fitting], at)
        const error = fitting.length < all.length ? Object.assign(new Error('full'), { code: left.code }) : null
        return { written: fitting.length, error }
      },
    }
  }
}

test('a full disk rejects with DISK_FULL, harms nothing durable, and is used again when there is space', async () => {
  for (const spare of [0, 10, 64, 65, 200, 300, 320, 700, 1500]) {
    await rm(folder, { recursive: true })
    const left = { bytes: 5000 + spare, code: 'ENOSPC' }
    const writer = await open({ openFile: smallDisk(left) })
    const kept: number[] = []
    for (let n = 0; n < 40; n += 1) {
      const outcome = await writer.append([numberedEntry(n, 100)]).then(
        () => 'kept',
        (error: unknown) => error,
      )
      if (outcome === 'kept') kept.push(n)
      else expect(outcome).toMatchObject({ name: 'Failure', code: 'DISK_FULL' })
    }
    expect(writer.pendingBytes).toBe(0)
    expect(kept.length).toBeGreaterThan(5)
    expect(kept.length).toBeLessThan(40)
    const full = await read()
    expect(full).toMatchObject({ numbers: kept, lost: [] })
    left.bytes = 1e9
    await writer.append([numberedEntry(100)])
    await writer.close()
    expect(await read()).toMatchObject({ numbers: [...kept, 100], lost: [] })
  }
})

test('what fits of a large append is kept, the append is rejected, and a reader beside it never stumbles', async () => {
  const left = { bytes: 150_000, code: 'ENOSPC' }
  const writer = await open({ openFile: smallDisk(left), segmentBytesMax: 1e9 })
  const entries = Array.from({ length: 1000 }, (_, n) => numberedEntry(n, 200))
  await expect(writer.append(entries)).rejects.toMatchObject({ code: 'DISK_FULL' })
  const part = await read()
  expect(part.numbers.length).toBeGreaterThan(100)
  const reader = await openLogReader({ folder, key: null, clock })
  const before = await reader.read(null, { entries: 1e6, bytes: 1e9 })
  left.bytes = 1e9
  await writer.append([numberedEntry(5000)])
  const after = await reader.read(before.next, { entries: 1e6, bytes: 1e9 })
  expect(after.entries.map((item) => numberOf(item.entry))).toEqual([5000])
  expect(after.lost).toEqual([])
  await reader.close()
  await writer.close()
})

test('another failure of the disk is LOG_UNWRITABLE', async () => {
  const writer = await open({ openFile: smallDisk({ bytes: 0, code: 'EIO' }) })
  await expect(writer.append([numberedEntry(1)])).rejects.toMatchObject({ code: 'LOG_UNWRITABLE' })
  await writer.close()
  await writeFile(join(folder, 'file'), '')
  await expect(open({ folder: join(folder, 'file', 'inner') })).rejects.toMatchObject({ code: 'LOG_UNWRITABLE' })
})

test('a failed fsync promises nothing, and the next append is well', async () => {
  let isBroken = true
  const openFile: OpenSegmentFile = async (path) => {
    const file = await openSegmentFile(path)
    return { ...file, sync: () => (isBroken ? Promise.reject(Object.assign(new Error('io'), { code: 'EIO' })) : file.sync()) }
  }
  const writer = await open({ openFile, sync: 'batch' })
  await expect(writer.append([numberedEntry(0)])).rejects.toMatchObject({ code: 'LOG_UNWRITABLE' })
  isBroken = false
  await writer.append([numberedEntry(1)])
  await writer.close()
  const { numbers, lost } = await read()
  expect(numbers.slice(-1)).toEqual([1])
  expect(lost).toEqual([])
})

test('appends beyond the queue are refused at once, and counted until they are written', async () => {
  const writer = await open({ queueBytesMax: 10_000 })
  const appends = Array.from({ length: 10 }, (_, n) => writer.append([numberedEntry(n, 2000)]))
  expect(writer.pendingBytes).toBeGreaterThan(10_000)
  const outcomes = await Promise.allSettled(appends)
  const kept = outcomes.filter((outcome) => outcome.status === 'fulfilled').length
  expect(kept).toBeGreaterThan(2)
  for (const outcome of outcomes.slice(kept)) expect(outcome).toMatchObject({ reason: { code: 'LOG_QUEUE_FULL' } })
  expect(writer.pendingBytes).toBe(0)
  await writer.append([numberedEntry(99)])
  await writer.close()
  expect((await read()).numbers).toEqual([...Array.from({ length: kept }, (_, n) => n), 99])
})

test('retention by bytes drops whole old segments, and a reader left behind is told how much', async () => {
  const writer = await open({ retention: { bytes: 20_000, ageMs: 1e12 } })
  await writer.append([numberedEntry(0)])
  const first = (await read()).positions[0]?.position ?? ''
  for (let n = 1; n < 200; n += 1) await writer.append([numberedEntry(n, 500)])
  const sizes = await Promise.all(
    (await readdir(folder)).filter((name) => name.endsWith('.log')).map(async (name) => (await stat(join(folder, name))).size),
  )
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(25_000)
  const reader = await openLogReader({ folder, key: null, clock })
  const batch = await reader.read(first, { entries: 1e6, bytes: 1e9 })
  expect(batch.lost).toHaveLength(1)
  expect(batch.lost[0]?.reason).toBe('retention')
  const numbers = batch.entries.map((item) => numberOf(item.entry))
  expect(numbers.at(-1)).toBe(199)
  // Some 750 bytes an entry, and only entries that were never read are counted.
  const goneCount = (numbers[0] ?? 0) - 1
  expect(batch.lost[0]?.bytes).toBeGreaterThan(goneCount * 700)
  expect(batch.lost[0]?.bytes).toBeLessThan(goneCount * 900)
  expect(await reader.at(first)).toBeNull()
  await reader.close()
  await writer.close()
})

test('retention by age drops segments whose last entry is too old, in a quiet log too', async () => {
  const writer = await open({ segmentBytesMax: 1e9, retention: { bytes: 1e12, ageMs: 8 * hour } })
  for (let n = 0; n < 40; n += 1) {
    await writer.append([numberedEntry(n, 10)])
    nowAt += hour / 2
  }
  await writer.close()
  const { numbers, lost } = await read()
  expect(lost).toEqual([])
  // 20 hours were written; at least the last 8 are kept, and at most one segment (an eighth) with its neighbour more.
  expect(numbers[0]).toBeLessThanOrEqual(24)
  expect(numbers[0]).toBeGreaterThanOrEqual(18)
  expect(numbers.at(-1)).toBe(39)
})

test('one writer a folder; a lock whose process is gone is taken over', async () => {
  const writer = await open()
  await expect(open()).rejects.toMatchObject({ code: 'LOG_LOCKED' })
  const held = await readFile(join(folder, 'writer.lock'), 'utf8')
  await writer.close()
  await writer.close()
  await writeFile(join(folder, 'writer.lock'), held.replace(/"began":"[^"]*"/, '"began":"another-boot:1"'))
  const second = await open()
  await second.close()
  for (const text of ['', 'half', '{"pid":4194399,"began":""}']) {
    await writeFile(join(folder, 'writer.lock'), text)
    await (await open()).close()
  }
  expect(await readdir(folder)).toEqual([])
})

test('a sealed log shows nothing of its entries and opens only with its key', async () => {
  const key = Buffer.alloc(32, 1)
  const writer = await open({ key })
  await writer.append([numberedEntry(0), numberedEntry(1)])
  await writer.close()
  const [name = ''] = (await readdir(folder)).filter((file) => file.endsWith('.log'))
  const bytes = await readFile(join(folder, name))
  expect(bytes.includes('his-lis-lab-order')).toBe(false)
  expect((await stat(join(folder, name))).mode & 0o077).toBe(0)
  expect((await read(key)).numbers).toEqual([0, 1])
  await expect(read(null)).rejects.toMatchObject({ code: 'LOG_KEY_MISSING' })
  await expect(read(Buffer.alloc(32, 2))).rejects.toMatchObject({ code: 'LOG_KEY_MISSING' })
})

test('after a change of key, a reader with both reads all', async () => {
  const [older, newer] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]
  for (const [n, key] of [null, older, newer].entries()) {
    const writer = await open({ key })
    await writer.append([numberedEntry(n)])
    await writer.close()
  }
  expect((await read(newer, [older])).numbers).toEqual([0, 1, 2])
  await expect(read(newer)).rejects.toMatchObject({ code: 'LOG_KEY_MISSING' })
})

test('a log begun anew in the same folder is read from its start, and said to be another', async () => {
  const writer = await open()
  await writer.append([numberedEntry(0), numberedEntry(1)])
  const reader = await openLogReader({ folder, key: null, clock })
  const { next } = await reader.read(null, { entries: 10, bytes: 1e6 })
  await writer.close()
  for (const name of await readdir(folder)) await rm(join(folder, name))
  const again = await open()
  await again.append([numberedEntry(7)])
  await reader.read(next, { entries: 10, bytes: 1e6 })
  const batch = await reader.read(next, { entries: 10, bytes: 1e6 })
  expect(batch.entries.map((item) => numberOf(item.entry))).toEqual([7])
  expect(batch.lost).toEqual([{ reason: 'retention', bytes: 0 }])
  await reader.close()
  await again.close()
})

test('a segment of a newer version is refused by reader and writer', async () => {
  const writer = await open()
  await writer.append([numberedEntry(0)])
  await writer.close()
  const [name = ''] = await readdir(folder)
  const { crc32 } = await import('node:zlib')
  const bytes = await readFile(join(folder, name))
  bytes[8] = 99
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 60)), 60)
  await writeFile(join(folder, name), bytes)
  await expect(read()).rejects.toMatchObject({ code: 'LOG_VERSION_NEWER' })
  await expect(open()).rejects.toMatchObject({ code: 'LOG_VERSION_NEWER' })
  expect(await readdir(folder)).toEqual([name])
})

test('segments roll at their limit and every one of them is read', async () => {
  const writer = await open()
  for (let n = 0; n < 50; n += 1) await writer.append([numberedEntry(n, 600)])
  await writer.close()
  expect(await segmentCount()).toBeGreaterThan(8)
  expect(await read()).toMatchObject({ numbers: Array.from({ length: 50 }, (_, n) => n), lost: [] })
})
