import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openStore } from '../../gateway/app.ts'
import { systemClock } from '../../gateway/clock.ts'
import { openLogWriter } from '../../gateway/log/writer.ts'
import { failures } from '../../gateway/model/failures.ts'
import { freePorts } from '../support/ports.ts'
import { mondayAtTen, simulatedCatalogue, simulatedLog } from '../support/simulated.ts'
import { root, run } from './child.ts'
import { demoPortCount, onPorts } from './product.ts'

const cli = join(root, 'gateway/cli.ts')
const folder = mkdtempSync(join(tmpdir(), 'auscult-bad-input-'))
const at = (name: string) => join(folder, name)
const configFile = at('auscult.yaml')
const captureConfigFile = at('capture.yaml')
let apiPort = 0
let edgePort = 0

beforeAll(async () => {
  const [api = 0, ...ports] = await freePorts(1 + demoPortCount)
  apiPort = api
  edgePort = ports[0] ?? 0
  writeFileSync(configFile, onPorts(readFileSync(join(root, 'deploy/demo/auscult.yaml'), 'utf8'), ports))
  writeFileSync(captureConfigFile, captureConfig)
  await (await openStore({ encryption: null }, at('begun'))).close()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('bad arguments and bad files', { timeout: 60_000 }, () => {
  test.each<{ name: string; args: () => readonly string[]; code: keyof typeof failures; says: RegExp }>([
    { name: 'an unknown command', args: () => ['auscultate'], code: 'ARGUMENTS_INVALID', says: /auscultate/ },
    { name: 'an unknown option', args: () => ['start', '--confg', configFile], code: 'ARGUMENTS_INVALID', says: /--confg/ },
    { name: 'a command without its configuration', args: () => ['start'], code: 'ARGUMENTS_INVALID', says: /--config/ },
    {
      name: 'a report without a place to put it',
      args: () => ['report', 'weekly', '--week', '2026-W47'],
      code: 'ARGUMENTS_INVALID',
      says: /--out is missing/,
    },
    {
      name: 'a report as something that it is not',
      args: () => ['report', 'weekly', '--week', '2026-W47', '--out', at('week.docx')],
      code: 'ARGUMENTS_INVALID',
      says: /\.html, \.pdf, \.xlsx or \.json/,
    },
    {
      name: 'a report of a data folder that nobody ever started',
      args: () => ['report', 'weekly', '--out', at('week.pdf'), '--data', at('nowhere')],
      code: 'ARGUMENTS_INVALID',
      says: /--config is missing/,
    },
    {
      name: 'a report of a folder without a store',
      args: () => ['report', 'weekly', '--out', at('week.pdf'), '--data', at('nowhere'), '--config', configFile],
      code: 'STORE_NOT_FOUND',
      says: /no database here.*--data/s,
    },
    {
      name: 'an unknown role',
      args: () => ['start', '--config', configFile, '--role', 'king'],
      code: 'ARGUMENTS_INVALID',
      says: /king/,
    },
    {
      name: 'a configuration that is not there',
      args: () => ['start', '--config', at('none.yaml')],
      code: 'CONFIG_NOT_FOUND',
      says: /none\.yaml/,
    },
    {
      name: 'a demonstration of a configuration that is not there',
      args: () => ['demo', '--config', at('none.yaml'), '--data', at('demo')],
      code: 'CONFIG_NOT_FOUND',
      says: /none\.yaml/,
    },
    {
      name: 'a configuration that is not YAML',
      args: () => ['start', '--config', written('broken.yaml', 'hospital: {\n  name: x\n'), '--data', at('data')],
      code: 'CONFIG_NOT_YAML',
      says: /broken\.yaml:\d+:\d+/,
    },
    {
      name: 'a configuration with a wrong key',
      args: () => [
        'start',
        '--config',
        written('wrong.yaml', readFileSync(configFile, 'utf8').replace('protocol: mllp', 'protocol: mlp')),
        '--data',
        at('data'),
      ],
      code: 'CONFIG_INVALID',
      says: /wrong\.yaml:\d+:\d+ interfaces\[0\]\.protocol/,
    },
    { name: 'a capture that is not there', args: () => analyze(at('none.pcap')), code: 'INPUT_NOT_FOUND', says: /none\.pcap/ },
    {
      name: 'a capture that is none',
      args: () => analyze(written('text.pcap', 'MSH|^~\\&|'.repeat(300))),
      code: 'CAPTURE_NOT_A_CAPTURE',
      says: /text\.pcap/,
    },
    { name: 'an empty folder', args: () => analyze(emptyFolder('empty')), code: 'INPUT_UNREADABLE', says: /empty/ },
    {
      name: 'a data folder that is a file',
      args: () => ['start', '--config', configFile, '--data', join(written('file', ''), 'data')],
      code: 'STORE_UNWRITABLE',
      says: /file/,
    },
    {
      name: 'an exchange that nobody saw',
      args: () => ['explain', 'x-1', '--config', configFile, '--data', at('begun')],
      code: 'EXCHANGE_NOT_FOUND',
      says: /x-1/,
    },
    {
      name: 'an exchange of a folder without a store',
      args: () => ['explain', 'x-1', '--config', configFile, '--data', at('nowhere')],
      code: 'STORE_NOT_FOUND',
      says: /no database here/,
    },
    {
      name: 'the evidence of a ticket that nobody opened',
      args: () => ['bundle', 't-1', '--config', configFile, '--data', at('begun'), '--out', at('t-1.zip')],
      code: 'TICKET_NOT_FOUND',
      says: /t-1/,
    },
  ])('$name: $code, in one line, exit 2', async ({ args, code, says }) => {
    const said = await ended(args())
    expect(said.code, said.errors).toBe(2)
    expect(said.errors).toMatch(says)
    expectOneLine(said.errors, code)
  })

  test('check-config says everything that is wrong at once, by line, and ends with 2', async () => {
    const text = readFileSync(configFile, 'utf8').replaceAll('criticality: high', 'criticality: dire')
    const said = await ended(['check-config', written('many.yaml', text)])
    expect(said.code).toBe(2)
    const places = [...said.output.matchAll(/many\.yaml:(\d+):\d+ interfaces\[\d+\]\.criticality/g)].map(([, line]) => line)
    expect(new Set(places).size).toBe(text.split('criticality: dire').length - 1)
    expect(places.length).toBeGreaterThan(5)
    expect(said.errors).not.toMatch(/^\s+at /m)
  })
})

describe('a machine that is not as it should be', { timeout: 90_000 }, () => {
  test('a clinical port that is taken: PORT_IN_USE, exit 2, and no role is left', async () => {
    const holder = createServer()
    await new Promise<void>((resolve) => holder.listen(edgePort, '127.0.0.1', resolve))
    const said = await ended(['start', '--config', configFile, '--data', at('taken'), '--listen', `127.0.0.1:${apiPort}`])
    await new Promise((resolve) => holder.close(resolve))
    expect(said.code, said.errors).toBe(2)
    expect(said.errors).toContain(`127.0.0.1:${edgePort}`)
    expectOneLine(said.errors, 'PORT_IN_USE')
    expect(readdirSync(at('taken/run')).filter((name) => name.endsWith('.json'))).toEqual([])
  })

  test('the port of the console is taken: PORT_IN_USE, exit 2', async () => {
    const holder = createServer()
    await new Promise<void>((resolve) => holder.listen(apiPort, '127.0.0.1', resolve))
    const said = await ended([
      'start',
      '--role',
      'desk',
      '--config',
      configFile,
      '--data',
      at('desk'),
      '--listen',
      `127.0.0.1:${apiPort}`,
    ])
    await new Promise((resolve) => holder.close(resolve))
    expect(said.code, said.errors).toBe(2)
    expectOneLine(said.errors, 'PORT_IN_USE')
  })

  test.each(['analysis', 'desk'])('a database from a newer version: %s says STORE_VERSION_NEWER, exit 2', async (role) => {
    mkdirSync(at(`newer-${role}/store`), { recursive: true })
    const database = new DatabaseSync(at(`newer-${role}/store/auscult.db`))
    database.exec('PRAGMA user_version = 999')
    database.close()
    const said = await ended([
      'start',
      '--role',
      role,
      '--config',
      configFile,
      '--data',
      at(`newer-${role}`),
      '--listen',
      '127.0.0.1:0',
    ])
    expect(said.code, said.errors).toBe(2)
    expectOneLine(said.errors, 'STORE_VERSION_NEWER')
  })

  test('a damaged log is read around the damage: analyze says LOG_CORRUPT and how much, and tells the rest', async () => {
    const log = at('log')
    const kept = await writtenLog(log)
    const [segment = ''] = readdirSync(log).filter((name) => name.endsWith('.log'))
    const bytes = readFileSync(join(log, segment))
    bytes.fill(0xff, Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 100)
    writeFileSync(join(log, segment), bytes)
    const said = await ended(['analyze', log, '--config', configFile, '--json'])
    expect(said.code, said.errors).toBe(0)
    expect(said.errors).toMatch(/\d+ bytes .*LOG_CORRUPT/)
    const told: unknown = JSON.parse(said.output)
    const seen = [...JSON.stringify(told).matchAll(/"exchanges":(\d+)/g)].reduce((sum, [, n]) => sum + Number(n), 0)
    expect(seen).toBeGreaterThan(kept / 10)
    expect(seen).toBeLessThan(kept)
  })
})

function expectOneLine(errors: string, code: keyof typeof failures): void {
  expect(errors).not.toMatch(/^\s+at /m)
  const lines = errors.split('\n').filter((line) => line.includes(`[${code}]`))
  expect(lines, errors).toHaveLength(1)
  expect(lines[0]).toMatch(/^auscult: /)
  expect(lines[0]).toContain(failures[code])
}

async function ended(
  args: readonly string[],
): Promise<{ readonly code: number | null; readonly output: string; readonly errors: string }> {
  const child = run([cli, ...args])
  const code = await new Promise<number | null>((resolve) => child.process.on('close', resolve))
  return { code, output: child.output(), errors: child.errors() }
}

function analyze(input: string): readonly string[] {
  return ['analyze', input, '--config', captureConfigFile]
}

function written(name: string, text: string): string {
  writeFileSync(at(name), text)
  return at(name)
}

function emptyFolder(name: string): string {
  mkdirSync(at(name), { recursive: true })
  return at(name)
}

/** A log of a simulated minute; how many exchanges it holds. */
async function writtenLog(into: string): Promise<number> {
  const catalogue = await simulatedCatalogue('demo')
  const entries = [...simulatedLog(catalogue, { seed: 2, startAt: mondayAtTen, lastsMs: 60_000 })].map(({ entry }) => entry)
  const writer = await openLogWriter({
    folder: into,
    retention: { bytes: 1e12, ageMs: 1e15 },
    sync: 'none',
    key: null,
    clock: systemClock(),
  })
  for (let n = 0; n < entries.length; n += 20) await writer.append(entries.slice(n, n + 20))
  await writer.close()
  return entries.filter((entry) => entry.kind === 'exchange').length
}

const captureConfig = `hospital: { name: 测试, timezone: Asia/Shanghai, calendar: cn }
systems:
  - { id: his, name: { zh: 医院信息系统, en: HIS }, addresses: [10.1.0.10] }
  - { id: lis, name: { zh: 检验信息系统, en: LIS }, addresses: [10.1.0.20] }
interfaces:
  - id: his-lis-lab-order
    name: { zh: 检验申请, en: Laboratory orders }
    from: his
    to: lis
    protocol: mllp
    format: hl7v2
    source: { capture: { acceptor: "10.1.0.20:6661" } }
`
