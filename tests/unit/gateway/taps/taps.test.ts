import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { systemClock } from '../../../../gateway/clock.ts'
import type { Catalogue, FilesSource, Interface } from '../../../../gateway/model/interface.ts'
import { memoryFile } from '../../../../gateway/taps/memory-file.ts'
import { serveEntries } from '../../../../gateway/taps/serve-entries.ts'
import { type RunningTaps, type StartTapsOptions, startTaps } from '../../../../gateway/taps/taps.ts'
import { testCatalogue, testInterface } from '../../../support/catalogue.ts'
import { memoryLog, silent } from '../../../support/log.ts'

let folder = ''
let running: RunningTaps | null = null
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'auscult-taps-'))
})
afterEach(async () => {
  await running?.close()
  running = null
  rmSync(folder, { recursive: true, force: true })
})

function start(catalogue: Catalogue, more: Partial<StartTapsOptions> = {}) {
  const log = memoryLog()
  running = startTaps({
    catalogue,
    bodyBytesMax: 10_000,
    memoryFolder: join(folder, 'memory'),
    connectLog: (port) => serveEntries(port, (entries) => log.append(entries)),
    clock: systemClock(),
    logger: silent,
    ...more,
  })
  const told = (name: string) =>
    log.entries.flatMap((e) => (e.kind === 'measurement' && e.measurement.name === name ? [e.measurement] : []))
  return { log, told, taps: running }
}

/** A program for the thread, in place of the real one. */
function program(text: string): URL {
  const file = join(folder, 'program.mjs')
  writeFileSync(file, text)
  return pathToFileURL(file)
}

const files: FilesSource = {
  folder: '',
  pattern: '*.csv',
  marker: null,
  everyMs: 100,
  stableMs: 0,
  graceMs: 60_000,
  deadline: null,
  encoding: 'auto',
  results: null,
}

function tapped(): Interface {
  const iface = testInterface('emr-sdms-report')
  return {
    ...iface,
    sources: { ...iface.sources, files: { ...files, folder } },
    probes: [{ kind: 'tcp', everyMs: 100, at: [], timeoutMs: 1_000, address: { host: '127.0.0.1', port: 1 } }],
  }
}

/** Asks until it is so; the test's own time-out is the only limit. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 20))
}

it('brings files and probes from a thread of their own to the log, and remembers them', async () => {
  writeFileSync(join(folder, 'a.csv'), 'h\n1\n')
  const { log, told } = start(testCatalogue(tapped()))
  await until(() => log.exchanges().length > 0 && told('probe').length > 1)
  expect(log.exchanges()[0]).toMatchObject({ interfaceId: 'emr-sdms-report', outcome: 'one-way' })
  expect(Buffer.from(log.exchanges()[0]?.request?.body ?? []).toString()).toBe('h\n1\n')
  expect(told('probe')[0]).toMatchObject({ by: 'tcp', verdict: 'no', code: 'ECONNREFUSED', subject: { id: 'emr-sdms-report' } })
  const memory = join(folder, 'memory/emr-sdms-report.json')
  await until(() => existsSync(memory))
  expect(readFileSync(memory, 'utf8')).toContain('a.csv')
  expect(statSync(memory).mode & 0o077).toBe(0)
})

it('starts no thread where nothing is to be read or asked, and one when a reload brings something', async () => {
  const { log, taps } = start(testCatalogue(testInterface('a')), { program: program('process.exit(1)') })
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(log.entries).toEqual([])
  await taps.reload(testCatalogue(tapped()))
  await until(() => log.entries.length > 0)
})

it('goes on when the thread that writes the log begins again', async () => {
  const log = memoryLog()
  let channels = 0
  // The first writer hears an offer and never answers.
  const { taps } = start(testCatalogue(tapped()), {
    connectLog(port) {
      channels += 1
      if (channels > 1) serveEntries(port, (entries) => log.append(entries))
      else port.once('message', () => taps.reconnectLog())
    },
  })
  writeFileSync(join(folder, 'a.csv'), 'h\n1\n')
  await until(() => log.exchanges().length > 0)
  expect(channels).toBe(2)
})

const quick = { restartMsMin: 10, restartMsMax: 50 }

it('begins again when its thread dies, and says so', async () => {
  const { told } = start(testCatalogue(tapped()), { program: program('throw new Error("a fault")'), limits: quick })
  await until(() => told('taps').length >= 4)
  expect(
    told('taps')
      .slice(0, 4)
      .map(({ verdict, code, facts }) => `${verdict} ${code} ${facts.deaths}`),
  ).toEqual(['no TAPS_FAULT 1', 'yes null 1', 'no TAPS_FAULT 2', 'yes null 2'])
})

it('survives a thread that takes all its memory', async () => {
  const greedy = 'const held = []; for (;;) held.push(new Array(100_000).fill(Math.random()))'
  const { told } = start(testCatalogue(tapped()), { program: program(greedy), limits: { ...quick, heapMegabytesMax: 24 } })
  await until(() => told('taps').length > 0)
  expect(told('taps')[0]).toMatchObject({ verdict: 'no', code: 'ERR_WORKER_OUT_OF_MEMORY' })
})

it('ends a thread that hangs, and stops one that does', async () => {
  const hung = 'for (;;) {}'
  const limits = { ...quick, silentMsMax: 200, stopMsMax: 100 }
  const { told, taps } = start(testCatalogue(tapped()), { program: program(hung), limits })
  await until(() => told('taps').length > 0)
  expect(told('taps')[0]).toMatchObject({ verdict: 'no', code: 'TAPS_ENDED' })
  await taps.close()
})

it('remembers whole or not at all', async () => {
  const memory = memoryFile(join(folder, 'deep/memory'), 'a')
  expect(await memory.load()).toBeNull()
  await memory.save({ a: [1, '张'] })
  expect(await memory.load()).toEqual({ a: [1, '张'] })
  writeFileSync(join(folder, 'deep/memory/a.json'), '{"a":')
  expect(await memory.load()).toBeNull()
})
