import { spawn } from 'node:child_process'
import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { createInterface } from 'node:readline'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { packEntries, readEntries } from '../../gateway/log/entries-codec.ts'
import { interfaceIdOf, type LogBatch, type LogReader, type LogWriter, type Position } from '../../gateway/model/entry.ts'
import { arbitraryEntry, numberedEntry, numberOf } from './arbitrary-entries.ts'

/** A log to hold to the law. `files` and `writerProgram` are of logs that keep themselves in files; null leaves those laws out. */
export interface LogUnderTest {
  readonly name: string
  openWriter(folder: string): Promise<LogWriter>
  openReader(folder: string): Promise<LogReader>
  /** The files that hold entries, oldest first. */
  readonly files: ((folder: string) => Promise<readonly string[]>) | null
  /** Arguments for node: a program that appends numbered entries from a first number on and prints each number that is durable. */
  readonly writerProgram: ((folder: string, first: number) => readonly string[]) | null
}

/** The law of a Log: order per key, at least once, replay from any position, a torn tail is cut, nothing acknowledged is lost. */
export function logLaw(log: LogUnderTest): void {
  describe(`log: ${log.name}`, () => {
    let folder = ''
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'auscult-log-'))
    })
    afterEach(() => rm(folder, { recursive: true, force: true }))

    orderAndReplay(log, () => folder)
    concurrentReader(log, () => folder)
    if (log.files !== null) damage(log, log.files, () => folder)
    if (log.writerProgram !== null) kill(log, log.writerProgram, () => folder)
  })
}

function orderAndReplay(log: LogUnderTest, folder: () => string): void {
  test('what was appended is read, in order and exact', async () => {
    const batches = fc.array(fc.array(arbitraryEntry, { maxLength: 8 }), { maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(batches, async (appends) => {
        const inner = await mkdtemp(join(folder(), 'run-'))
        await using writer = disposable(await log.openWriter(inner))
        await Promise.all(appends.map((entries) => writer.it.append(entries)))
        await using reader = disposable(await log.openReader(inner))
        const read = await readAll(reader.it, null)
        expect(read.entries.map((item) => plain(item.entry))).toEqual(appends.flat().map(plain))
        expect(read.lost).toEqual([])
        const outline = await reader.it.outline(null, generous)
        const crossed = readEntries(packEntries(outline.entries.map(({ bytes }) => bytes)))
        const outlined = outline.entries.map(({ position, interfaceId }, nth) => [position, interfaceId, crossed.read(nth)])
        expect(plain(outlined)).toEqual(
          read.entries.map(({ position, entry }) => [position, interfaceIdOf(entry), plain(entry)]),
        )
        expect(outline.batch()).toEqual(await reader.it.read(null, generous))
      }),
      { numRuns: 40 },
    )
  })

  test('an empty log has no position; a position of it stays', async () => {
    await using reader = disposable(await log.openReader(folder()))
    expect(await reader.it.read(null, generous)).toEqual({ entries: [], next: null, lost: [], behindBytes: 0 })
  })

  test('reading goes on from every position, across restarts of the writer, with any limit', async () => {
    for (const first of [0, 40, 80]) {
      await using writer = disposable(await log.openWriter(folder()))
      for (let n = first; n < first + 40; n += 4) await writer.it.append([0, 1, 2, 3].map((i) => numberedEntry(n + i)))
    }
    await using reader = disposable(await log.openReader(folder()))
    const all = await readAll(reader.it, null)
    expect(all.entries.map((item) => numberOf(item.entry))).toEqual(range(0, 120))
    const positions = all.entries.map((item) => item.position)
    expect(positions).toEqual(positions.toSorted())
    expect(new Set(positions).size).toBe(120)
    expect(positions.every((position) => /^[\x20-\x7e]{1,64}$/.test(position))).toBe(true)
    for (const [index, { position, entry }] of all.entries.entries()) {
      const limit = { entries: 1 + (index % 7), bytes: 1 + index * 40 }
      const rest = await readAll(reader.it, position, limit)
      expect(rest.entries.map((item) => numberOf(item.entry))).toEqual(range(index + 1, 120))
      expect(rest.lost).toEqual([])
      expect(plain((await reader.it.at(position)) ?? entry)).toEqual(plain(entry))
    }
    expect(await reader.it.at(positions[0]?.replace(/^\d{5}/, '00999') ?? '')).toBeNull()
    expect(await reader.it.at('no position')).toBeNull()
    // Calls that overlap don't disturb each other.
    const atOnce = await Promise.all(
      positions.flatMap((position) => [reader.it.at(position), reader.it.read(position, { entries: 1, bytes: 1 })]),
    )
    const numbers = atOnce.map((found) => (found !== null && 'kind' in found ? numberOf(found) : null))
    expect(numbers.filter((number) => number !== null)).toEqual(range(0, 120))
    const half = await reader.it.read(null, { entries: 60, bytes: 1e9 })
    const end = await reader.it.read(half.next, generous)
    expect(half.behindBytes).toBeGreaterThan(end.behindBytes)
    expect(end.behindBytes).toBe(0)
  })
}

function concurrentReader(log: LogUnderTest, folder: () => string): void {
  test('a reader that waits beside the writer sees everything once, in order', async () => {
    await using reader = disposable(await log.openReader(folder()))
    await using writer = disposable(await log.openWriter(folder()))
    const total = 3000
    const writing = (async () => {
      for (let n = 0; n < total; n += 10) {
        const append = writer.it.append(range(n, n + 10).map((i) => numberedEntry(i)))
        if (n % 50 === 0) await append
      }
    })()
    const seen: number[] = []
    let position: Position | null = null
    while (seen.length < total) {
      const batch: LogBatch = await reader.it.read(position, { entries: 500, bytes: 100_000 })
      expect(batch.lost).toEqual([])
      seen.push(...batch.entries.map((item) => numberOf(item.entry)))
      position = batch.next
      if (batch.entries.length === 0) await reader.it.wait(position, 10_000, new AbortController().signal)
    }
    await writing
    expect(seen).toEqual(range(0, total))
  })

  test('wait ends on something new, on abort and after its time', async () => {
    await using writer = disposable(await log.openWriter(folder()))
    await writer.it.append([numberedEntry(0)])
    await using reader = disposable(await log.openReader(folder()))
    const { next } = await reader.it.read(null, generous)
    expect((await reader.it.read(next, generous)).entries).toEqual([])
    await reader.it.wait(next, 20, new AbortController().signal)
    const abort = new AbortController()
    const aborted = reader.it.wait(next, 1e9, abort.signal)
    abort.abort()
    await aborted
    const woken = reader.it.wait(next, 1e9, new AbortController().signal)
    await writer.it.append([numberedEntry(1)])
    await woken
    expect((await reader.it.read(next, generous)).entries.map((item) => numberOf(item.entry))).toEqual([1])
  })
}

function damage(log: LogUnderTest, files: (folder: string) => Promise<readonly string[]>, folder: () => string): void {
  test('a torn tail is cut at every byte, and appending goes on', { timeout: 300_000 }, async () => {
    const whole = join(folder(), 'whole')
    {
      await using writer = disposable(await log.openWriter(whole))
      for (let n = 0; n < 2; n += 1) await writer.it.append([numberedEntry(n, 8)])
    }
    const newest = basename((await files(whole)).at(-1) ?? '')
    const content = await readFile(join(whole, newest))
    const { length } = content
    // Every byte of the last entries, and some of what stands before them.
    const lastAt = Math.floor(length / 2)
    for (const bytes of [0, 1, 40, 63, 64, 65, 88, ...range(lastAt, length + 1)]) {
      const torn = join(folder(), `torn-${bytes}`)
      await mkdir(torn)
      await writeFile(join(torn, newest), content.subarray(0, bytes))
      const before = await readWhole(log, torn)
      expect(before.numbers).toEqual(range(0, before.numbers.length))
      {
        await using writer = disposable(await log.openWriter(torn))
        await writer.it.append([numberedEntry(100, 8)])
      }
      const after = await readWhole(log, torn)
      expect(after).toEqual({ numbers: [...before.numbers, 100], lostBytes: 0 })
      if (bytes === length) expect(before.numbers).toEqual([0, 1])
      await rm(torn, { recursive: true })
    }
  })

  test('one wrong byte anywhere gives the entry or a loss, never another entry', { timeout: 300_000 }, async () => {
    const whole = join(folder(), 'whole')
    for (const first of [0, 3]) {
      await using writer = disposable(await log.openWriter(whole))
      for (let n = first; n < first + 3; n += 1) await writer.it.append([numberedEntry(n, 8)])
    }
    const [path = ''] = await files(whole)
    const bytes = await readFile(path)
    for (let at = 0; at < bytes.length; at += 1) {
      const wrong = Buffer.from(bytes)
      wrong[at] = (bytes[at] ?? 0) ^ (1 << (at % 8))
      await writeFile(path, wrong)
      await using reader = disposable(await log.openReader(whole))
      const read = await readAll(reader.it, null).catch((error: unknown) => error)
      if (read instanceof Error) {
        // A refusal by its code is a report too: a flipped version or key id.
        expect(read).toHaveProperty('code', expect.stringMatching(/^LOG_/))
        continue
      }
      if (!isRead(read)) throw new Error('unreachable')
      const numbers = read.entries.map((item) => numberOf(item.entry))
      for (const { entry } of read.entries) expect(plain(entry)).toEqual(plain(numberedEntry(numberOf(entry), 8)))
      expect(numbers).toEqual(range(0, 6).filter((n) => numbers.includes(n)))
      if (numbers.length < 6) expect(read.lost.some((loss) => loss.reason === 'corrupt' && loss.bytes > 0)).toBe(true)
      expect(numbers).toEqual(expect.arrayContaining(range(3, 6)))
    }
  })

  test('foreign bytes behind the last entry are passed over and reported', async () => {
    {
      await using writer = disposable(await log.openWriter(folder()))
      await writer.it.append([numberedEntry(0)])
    }
    const [path = ''] = await files(folder())
    await appendFile(path, Buffer.alloc(3000, 0x5a))
    expect(await readWhole(log, folder())).toEqual({ numbers: [0], lostBytes: 0 })
    {
      await using writer = disposable(await log.openWriter(folder()))
      await writer.it.append([numberedEntry(1)])
    }
    expect((await readWhole(log, folder())).numbers).toEqual([0, 1])
  })
}

function kill(log: LogUnderTest, program: (folder: string, first: number) => readonly string[], folder: () => string): void {
  test('nothing acknowledged is lost when the writer is killed, 15 times', { timeout: 300_000 }, async () => {
    let acknowledged = 0
    let position: Position | null = null
    let last = -1
    for (let life = 0; life < 15; life += 1) {
      const durable = await killedWriter(program(folder(), last + 1), 1 + ((life * 37) % 61))
      acknowledged += durable.length
      await using reader = disposable(await log.openReader(folder()))
      const { entries, lost } = await readAll(reader.it, position)
      // A torn block may stand there until the next writer cuts it; nothing else is amiss.
      expect(lost).toEqual([])
      const numbers = entries.map((item) => numberOf(item.entry))
      expect(numbers).toEqual(range(last + 1, last + 1 + numbers.length))
      last = numbers.at(-1) ?? last
      expect(Math.max(-1, ...durable)).toBeLessThanOrEqual(last)
      position = entries.at(-1)?.position ?? position
    }
    expect(acknowledged).toBeGreaterThan(500)
    expect((await readWhole(log, folder())).numbers).toEqual(range(0, last + 1))
  })
}

/** Runs the writer until it has said something, then kills it `afterMs` later. The numbers that it called durable. */
async function killedWriter(args: readonly string[], afterMs: number): Promise<readonly number[]> {
  const child = spawn(process.execPath, [...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const durable: number[] = []
  const lines = createInterface({ input: child.stdout })
  lines.once('line', () => setTimeout(() => child.kill('SIGKILL'), afterMs))
  lines.on('line', (line) => {
    // A line that the kill cut short has no mark at its end.
    if (line.endsWith('.')) durable.push(Number(line.slice(0, -1)))
  })
  await new Promise((resolve) => child.once('close', resolve))
  return durable
}

const generous = { entries: 100_000, bytes: 1e9 }

async function readAll(reader: LogReader, from: Position | null, limit = generous) {
  const entries: LogBatch['entries'][number][] = []
  const lost: LogBatch['lost'][number][] = []
  let position = from
  for (;;) {
    const batch = await reader.read(position, limit)
    entries.push(...batch.entries)
    lost.push(...batch.lost)
    if (batch.next === position) return { entries, lost }
    position = batch.next
  }
}

type Read = Awaited<ReturnType<typeof readAll>>

function isRead(value: unknown): value is Read {
  return typeof value === 'object' && value !== null && 'entries' in value
}

async function readWhole(log: LogUnderTest, folder: string) {
  await using reader = disposable(await log.openReader(folder))
  const { entries, lost } = await readAll(reader.it, null)
  return {
    numbers: entries.map((item) => numberOf(item.entry)),
    lostBytes: lost.reduce((sum, loss) => sum + loss.bytes, 0),
  }
}

function disposable<T extends { close(): Promise<void> }>(it: T) {
  return { it, [Symbol.asyncDispose]: () => it.close() }
}

/** For comparison: bytes as plain arrays of numbers, whatever class holds them. */
function plain(value: unknown): unknown {
  return structuredClone(value)
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i)
}
