import { appendFileSync, copyFileSync, linkSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { FileGate } from '../../../../../adapters/sources/files/file-gate.ts'
import { lookInto } from '../../../../../adapters/sources/files/folder-look.ts'
import { readFiles } from '../../../../../adapters/sources/files/read-files.ts'
import { systemClock } from '../../../../../gateway/clock.ts'
import type { Entry } from '../../../../../gateway/model/entry.ts'
import type { FilesSource } from '../../../../../gateway/model/interface.ts'
import type { Json } from '../../../../../gateway/model/json.ts'
import { testInterface } from '../../../../support/catalogue.ts'
import { manualClock } from '../../../../support/clock.ts'

const everyMs = 10_000
const reports = join(import.meta.dirname, '../../../../../fixtures/files')
const startAt = Date.parse('2026-11-22T02:00:00+08:00')
let root = ''
let drop = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'auscult-files-'))
  drop = join(root, 'drop')
  mkdirSync(drop)
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function usual(): FilesSource {
  return {
    folder: drop,
    pattern: '*.csv',
    marker: '{name}.ok',
    everyMs,
    stableMs: 15_000,
    graceMs: 60_000,
    deadline: null,
    encoding: 'auto',
    results: null,
  }
}

/** A folder in which a file's permissions are wrong from some operation of a look on: the tests run as root, who may read everything. */
class RefusingGate extends FileGate {
  left = Number.POSITIVE_INFINITY

  override run<T>(operation: () => Promise<T>): Promise<T> {
    this.left -= 1
    return this.left < 0 ? Promise.reject(Object.assign(new Error('refused'), { code: 'EACCES' })) : super.run(operation)
  }
}

/** A source over a real folder, on a clock that goes when it is told to: one look at a time. */
function watch(more: Partial<FilesSource> = {}, remembered: Json | null = null, at = startAt) {
  const clock = manualClock(at)
  const ending = new AbortController()
  const entries: Entry[] = []
  /** `keeps`: whether the log keeps what comes next. */
  const state = { saved: remembered, keeps: (_some: readonly Entry[]): boolean => true }
  const source = { ...usual(), ...more }
  let waits = 0
  const counting = {
    ...clock,
    after(delayMs: number, run: () => void) {
      if (delayMs === everyMs) waits += 1
      return clock.after(delayMs, run)
    },
  }
  const gate = new RefusingGate(counting)
  const done = readFiles(
    source,
    {
      iface: testInterface('emr-sdms-report'),
      timezone: 'Asia/Shanghai',
      bodyBytesMax: 1_000,
      clock: counting,
      signal: ending.signal,
      async emit(some) {
        if (!state.keeps(some)) throw new Error('not kept')
        entries.push(...some)
      },
      memory: {
        load: async () => state.saved,
        async save(next) {
          state.saved = next
        },
      },
    },
    gate,
  )
  const settle = async (count: number) => {
    while (waits < count) await setImmediate()
  }
  return {
    clock,
    entries,
    state,
    gate,
    /** The end of the next look, after so many more. */
    async look(times = 1) {
      await settle(waits === 0 ? 1 : waits)
      for (let i = 0; i < times; i += 1) {
        const before = waits
        clock.advance(everyMs)
        await settle(before + 1)
      }
    },
    exchanges: () => entries.flatMap((e) => (e.kind === 'exchange' ? [e.exchange] : [])),
    told: (name: string) =>
      entries.flatMap((e) => (e.kind === 'measurement' && e.measurement.name === name ? [e.measurement] : [])),
    async stop() {
      ending.abort()
      clock.advance(0)
      await done
      return state.saved
    },
  }
}

/** A file as a sender leaves it, with a time of the test's own clock. */
function put(name: string, content: string | Uint8Array, at = startAt): void {
  writeFileSync(join(drop, name), content)
  utimesSync(join(drop, name), at / 1000, at / 1000)
}

it('reads a file when it stands still and its marker is there, once, and its body as it is', async () => {
  const tap = watch()
  await tap.look()
  copyFileSync(join(reports, 'filedrop-single-disease-20261122.gb18030.csv'), join(drop, 'SD.csv'))
  utimesSync(join(drop, 'SD.csv'), startAt / 1000, startAt / 1000)
  await tap.look(3)
  expect(tap.exchanges()).toEqual([])
  put('SD.csv.ok', '')
  await tap.look(5)
  expect(tap.exchanges()).toHaveLength(1)
  const [exchange] = tap.exchanges()
  expect(exchange).toMatchObject({ interfaceId: 'emr-sdms-report', outcome: 'one-way', type: '*.csv', wire: [] })
  const envelope = Object.fromEntries(exchange?.request?.envelope ?? [])
  expect(envelope).toMatchObject({
    file: 'SD.csv',
    marker: 'SD.csv.ok',
    encoding: 'gb18030',
    bom: 'no',
    bytes: String(exchange?.request?.bodyBytes),
  })
  expect(new TextDecoder('gb18030').decode(exchange?.request?.body)).toContain('急性心肌梗死')
  expect(tap.told('file-state')).toMatchObject([
    { verdict: 'yes', code: null, facts: { encoding: 'gb18030', rows: Number(envelope.rows) } },
  ])
  await tap.stop()
})

it('does not miss the files of markers that lie beyond what it looks at', async () => {
  writeFileSync(join(root, 'any'), '')
  for (let i = 0; i < 5_001; i += 1) {
    // Links: made in a twentieth of the time that so many files take.
    for (const name of [`${10_000 + i}.csv`, `${10_000 + i}.csv.ok`]) linkSync(join(root, 'any'), join(drop, name))
  }
  const look = await lookInto(usual(), new FileGate(systemClock()))
  expect(look).toMatchObject({ isCut: true })
  expect(look.markers.size).toBe(5_000)
})

it('waits while a file grows', async () => {
  const tap = watch({ marker: null })
  await tap.look()
  put('a.csv', 'h\n')
  for (let i = 0; i < 4; i += 1) {
    appendFileSync(join(drop, 'a.csv'), `${i}\n`)
    await tap.look()
  }
  expect(tap.exchanges()).toEqual([])
  await tap.look(3)
  expect(tap.exchanges().map((e) => e.request?.bodyBytes)).toEqual([10])
  await tap.stop()
})

it('keeps the beginning of a long file, and the digest, length and rows of all of it', async () => {
  const tap = watch({ marker: null })
  await tap.look()
  put('a.csv', `h\n${'1234567\n'.repeat(500_000)}`)
  await tap.look(4)
  const request = tap.exchanges()[0]?.request
  expect(request?.body.length).toBe(1_000)
  expect(request?.bodyBytes).toBe(4_000_002)
  const envelope = Object.fromEntries(request?.envelope ?? [])
  expect(envelope.rows).toBe('500000')
  expect(envelope.sha256).toMatch(/^[0-9a-f]{64}$/)
  await tap.stop()
})

it('tells of a marker without its file, a file without its marker, and an empty file', async () => {
  const tap = watch()
  await tap.look()
  put('gone.csv.ok', '')
  put('unmarked.csv', 'h\n1\n')
  put('empty.csv', '')
  put('empty.csv.ok', '')
  await tap.look(12)
  const codes = tap.told('file-state').map(({ verdict, code }) => `${verdict} ${code}`)
  expect(codes.toSorted()).toEqual(['no FILE_EMPTY', 'no FILE_MARKER_ALONE', 'no FILE_MARKER_MISSING'])
  // Nothing that could name a patient is in what is measured.
  expect(JSON.stringify(tap.told('file-state'))).not.toMatch(/gone|unmarked|empty\./)
  await tap.stop()
})

it('knows a file that comes twice, and reads nothing twice after a restart', async () => {
  const tap = watch({ marker: null })
  await tap.look()
  put('monday.csv', 'h\n1\n')
  await tap.look(4)
  put('tuesday.csv', 'h\n1\n', startAt + 60_000)
  await tap.look(4)
  const [first, second] = tap.exchanges()
  expect(second?.id).not.toBe(first?.id)
  expect(second?.wire).toEqual([{ kind: 'duplicate', of: first?.id, sameBody: true, copy: 1 }])
  const saved = await tap.stop()

  const again = watch({ marker: null }, saved)
  await again.look(4)
  expect(again.exchanges()).toEqual([])
  await again.stop()
  // What was not remembered is read again, under the same id.
  const forgetful = watch({ marker: null })
  await forgetful.look(4)
  expect(forgetful.exchanges().map((e) => e.id)).toContain(first?.id)
  await forgetful.stop()
})

it('leaves what lay there long before alone', async () => {
  put('old.csv', 'h\n1\n', startAt - 3 * 86_400_000)
  put('fresh.csv', 'h\n2\n', startAt - 3_600_000)
  const tap = watch({ marker: null })
  await tap.look(4)
  expect(tap.exchanges().map((e) => Object.fromEntries(e.request?.envelope ?? []).file)).toEqual(['fresh.csv'])
  await tap.stop()
})

it('says that a deadline passed without a file, and that it came late', async () => {
  const tap = watch({ deadline: '02:30' })
  await tap.look(6 * 31)
  expect(tap.told('file-due')).toMatchObject([{ verdict: 'no', code: 'FILE_MISSING', facts: { deadline: '02:30' } }])
  put('a.csv', 'h\n1\n', tap.clock.now())
  put('a.csv.ok', '')
  await tap.look(6)
  expect(tap.told('file-due')[1]).toMatchObject({ verdict: 'yes', code: 'FILE_LATE' })
  await tap.stop()
})

it('reads the result that comes back, and says when none does', async () => {
  const results = {
    folder: drop,
    name: '{stem}.result.csv',
    withinMs: 120_000,
    rejectedShareMax: 0.01,
    rejected: { column: '结果', values: ['失败'] },
  }
  const tap = watch({ marker: null, results })
  await tap.look()
  put('a.csv', 'h\n1\n2\n')
  put('b.csv', 'h\n3\n')
  await tap.look(4)
  put('a.result.csv', '行,结果\n1,成功\n2,失败\n')
  await tap.look(4)
  expect(tap.told('file-result')).toMatchObject([
    { verdict: 'no', code: 'ROWS_REJECTED', facts: { rows: 2, resultRows: 2, rejected: 1 } },
  ])
  await tap.look(12)
  expect(tap.told('file-result').slice(1)).toMatchObject([{ verdict: 'no', code: 'RESULT_MISSING' }])
  // A result is no delivery.
  expect(tap.exchanges()).toHaveLength(2)
  await tap.stop()
})

it('remembers what it read though another file keeps the look from going on', async () => {
  const tap = watch({ marker: null })
  await tap.look()
  put('a.csv', 'h\n1\n')
  put('b.csv', 'h\n2\n')
  tap.state.keeps = (some) => !JSON.stringify(some).includes('b.csv')
  await tap.look(4)
  expect(tap.exchanges()).toHaveLength(1)
  const saved = await tap.stop()
  expect(JSON.stringify(saved)).toContain('a.csv')
  const again = watch({ marker: null }, saved, tap.clock.now())
  await again.look(4)
  expect(again.exchanges().map(({ request }) => request?.envelope?.[0]?.[1])).toEqual(['b.csv'])
  await again.stop()
})

it('goes on though a result file can not be read, and reads it when it can', async () => {
  const results = { folder: drop, name: '{stem}.result.csv', withinMs: 120_000, rejectedShareMax: 0, rejected: null }
  const tap = watch({ marker: null, results, deadline: '02:01' })
  await tap.look()
  put('a.csv', 'h\n1\n')
  await tap.look(4)
  put('a.result.csv', 'h\n', tap.clock.now())
  await tap.look(1)
  for (let i = 0; i < 8; i += 1) {
    // The folder, and what is asked of both files.
    tap.gate.left = 3
    await tap.look(1)
  }
  expect(tap.told('file-result')).toMatchObject([{ verdict: 'no', code: 'EACCES' }])
  expect(tap.told('file-due')).toHaveLength(1)
  expect(tap.told('source').every(({ verdict }) => verdict === 'yes')).toBe(true)
  tap.gate.left = Number.POSITIVE_INFINITY
  await tap.look(1)
  expect(tap.told('file-result').slice(1)).toMatchObject([{ verdict: 'yes' }])
  await tap.stop()
})

it('says that a folder is away, and that it is back', async () => {
  rmSync(drop, { recursive: true })
  const tap = watch({ marker: null })
  await tap.look(3)
  expect(tap.told('source')).toMatchObject([{ verdict: 'no', code: 'ENOENT' }])
  mkdirSync(drop)
  await tap.look(2)
  expect(tap.told('source').at(-1)).toMatchObject({ verdict: 'yes', code: null })
  expect(JSON.stringify(tap.entries)).not.toContain(root)
  await tap.stop()
})

it('says when an encoding is another than was agreed', async () => {
  const tap = watch({ marker: null, encoding: 'utf-8' })
  await tap.look()
  copyFileSync(join(reports, 'filedrop-single-disease-20261122.gb18030.csv'), join(drop, 'SD.csv'))
  await tap.look(4)
  expect(tap.told('file-state')).toMatchObject([{ verdict: 'no', code: 'FILE_ENCODING', facts: { encoding: 'gb18030' } }])
  await tap.stop()
})
