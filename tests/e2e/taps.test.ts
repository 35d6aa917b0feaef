import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { systemClock } from '../../gateway/clock.ts'
import { openLogReader } from '../../gateway/log/reader.ts'
import type { Entry } from '../../gateway/model/entry.ts'
import { freePorts } from '../support/ports.ts'
import { type Child, eventually, root, run } from './child.ts'

const cli = join(root, 'gateway/cli.ts')
/** Patience, not an expectation. */
const patienceMs = 60_000
let folder = ''
let server: Server
let port = 0
const children: Child[] = []

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'auscult-e2e-taps-'))
  mkdirSync(join(folder, 'drop'))
  server = createServer((socket) => socket.on('error', () => {}))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const address = server.address()
  port = address !== null && typeof address === 'object' ? address.port : 0
})
afterEach(async () => {
  for (const child of children.splice(0)) await child.stop()
})
afterAll(() => {
  server.close()
  rmSync(folder, { recursive: true, force: true })
})

async function configure(): Promise<string> {
  const [listen = 0, nobody = 0] = await freePorts(2)
  const file = join(folder, 'auscult.yaml')
  writeFileSync(
    file,
    `hospital: { name: test, timezone: Asia/Shanghai }
systems:
  - { id: his }
  - { id: lis, probes: [{ kind: tcp, address: "127.0.0.1:${nobody}", everyMs: 1000 }] }
  - { id: sdms }
interfaces:
  - id: his-lis
    from: his
    to: lis
    protocol: mllp
    source: { proxy: { listen: "127.0.0.1:${listen}", upstream: "127.0.0.1:${port}" } }
    probes: [{ kind: tcp, everyMs: 1000 }]
  - id: emr-sdms-report
    from: his
    to: sdms
    protocol: record
    format: json
    source:
      files: { folder: drop, pattern: "*.csv", marker: "{name}.ok", everyMs: 200, stableMs: 200 }
  - id: his-queue-call
    from: his
    to: sdms
    protocol: record
    source:
      kafka: { brokers: ["127.0.0.1:${nobody}"], topic: his.registration.events }
`,
  )
  return file
}

async function entriesOf(data: string): Promise<readonly Entry[]> {
  const log = await openLogReader({ folder: join(data, 'log'), key: null, clock: systemClock() })
  try {
    const { entries } = await log.read(null, { entries: 100_000, bytes: 64 * 1024 * 1024 })
    return entries.map(({ entry }) => entry)
  } finally {
    await log.close()
  }
}

const told = (entries: readonly Entry[], name: string) =>
  entries.flatMap((e) => (e.kind === 'measurement' && e.measurement.name === name ? [e.measurement] : []))
const exchanges = (entries: readonly Entry[]) => entries.flatMap((e) => (e.kind === 'exchange' ? [e.exchange] : []))

function startEdge(config: string, data: string): Child {
  const child = run([cli, 'start', '--role', 'edge', '--config', config, '--data', data])
  children.push(child)
  return child
}

it('brings files, probes and the state of a Kafka source to the log, and goes on after a kill', {
  timeout: 180_000,
}, async () => {
  const config = await configure()
  const data = join(folder, 'data')
  const put = (name: string) => {
    writeFileSync(join(folder, 'drop', name), `h\n${name}\n`)
    writeFileSync(join(folder, 'drop', `${name}.ok`), '')
  }
  put('monday.csv')
  const first = startEdge(config, data)
  const seen = async () => {
    const entries = await entriesOf(data)
    const probed = new Set(told(entries, 'probe').map(({ subject, verdict }) => `${subject.kind} ${subject.id} ${verdict}`))
    return exchanges(entries).length === 1 && probed.size === 2 && told(entries, 'source').some((m) => m.by === 'kafka')
  }
  await eventually('the taps are in the log', patienceMs, seen, first)
  const entries = await entriesOf(data)
  expect(exchanges(entries)[0]).toMatchObject({ interfaceId: 'emr-sdms-report', outcome: 'one-way' })
  expect(
    new Set(told(entries, 'probe').map(({ subject, verdict, code }) => `${subject.kind}:${subject.id} ${verdict} ${code}`)),
  ).toEqual(new Set(['interface:his-lis yes null', 'system:lis no ECONNREFUSED']))
  expect(told(entries, 'source').find((m) => m.by === 'kafka')).toMatchObject({ verdict: 'no', code: 'ECONNREFUSED' })

  first.process.kill('SIGKILL')
  await first.stop()
  put('tuesday.csv')
  const second = startEdge(config, data)
  await eventually('the next file is in the log', patienceMs, async () => exchanges(await entriesOf(data)).length >= 2, second)
  expect(new Set(exchanges(await entriesOf(data)).map((e) => Buffer.from(e.request?.body ?? []).toString()))).toEqual(
    new Set(['h\nmonday.csv\n', 'h\ntuesday.csv\n']),
  )
  expect(new Set(exchanges(await entriesOf(data)).map((e) => e.id)).size).toBe(2)
  expect(await second.stop()).toBe(0)
})

async function probe(...args: readonly string[]): Promise<{ code: number | null; output: string; errors: string }> {
  const child = spawn(process.execPath, [cli, 'probe', ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  const said = { output: '', errors: '' }
  child.stdout.on('data', (part) => {
    said.output += String(part)
  })
  child.stderr.on('data', (part) => {
    said.errors += String(part)
  })
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { code, ...said }
}

it('asks at once from the command line', { timeout: 60_000 }, async () => {
  const config = await configure()
  const well = await probe('his-lis', '--config', config, '--json')
  expect(well).toMatchObject({ code: 0, errors: '' })
  expect(JSON.parse(well.output)).toMatchObject({
    subject: { kind: 'interface', id: 'his-lis' },
    probes: [{ name: 'probe', by: 'tcp', verdict: 'yes', code: null }],
  })
  const ill = await probe('lis', '--config', config)
  expect(ill.code).toBe(1)
  expect(ill.output).toMatch(/^tcp\s+no\s+ECONNREFUSED\s/)
  const unknown = await probe('nowhere', '--config', config)
  expect(unknown).toMatchObject({ code: 2, output: '' })
  expect(unknown.errors.trim().split('\n')).toHaveLength(1)
  expect((await probe('his', '--config', config)).errors).toContain('PROBE_NOT_CONFIGURED')
})
