import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startEngine } from '../../gateway/analysis/engine.ts'
import { engineParts, formats, known, openCaptureStore, openStore } from '../../gateway/app.ts'
import { loadConfig } from '../../gateway/config/config.ts'
import { saveContract } from '../../gateway/contract-files.ts'
import { issueBearer } from '../../gateway/desk/access/bearer.ts'
import type { Role } from '../../gateway/desk/access/permissions.ts'
import { captureRoutes } from '../../gateway/desk/api/captures-routes.ts'
import { contractRoutes } from '../../gateway/desk/api/contracts-routes.ts'
import { openApiDocument } from '../../gateway/desk/api/openapi.ts'
import { createCaptures } from '../../gateway/desk/captures.ts'
import { type Desk, startDesk } from '../../gateway/desk/desk.ts'
import { customerRules } from '../../gateway/desk/rules/read-rules.ts'
import { createWorks } from '../../gateway/start-work.ts'
import type { Store } from '../../gateway/store/store.ts'
import { mondayAtTen, simulatedLog } from '../support/simulated.ts'
import { at, handClock, secrets } from '../unit/gateway/desk/open-desk.ts'

const folder = mkdtempSync(join(tmpdir(), 'auscult-contracts-'))
const root = new URL('../../', import.meta.url)
const sampleFolder = new URL('deploy/demo/capture/', root)
const id = 'his-lis-lab-order'
const clock = handClock(mondayAtTen + 20 * 60_000)
let desk: Desk
let store: Store

/** Contract 1 asks for more than the traffic has: PV1-5 is never filled, and XX is an order control that nobody agreed on. */
beforeAll(async () => {
  const contractFile = join(folder, `${id}.yaml`)
  const configFile = join(folder, 'auscult.yaml')
  const library = readFileSync(new URL(`contracts/library/${id}.yaml`, root), 'utf8')
  const strict = library.replace('PV1-19: R #', 'PV1-5: R\n      PV1-19: R #').replace('[NW, CA, XO, SC, RP, OC]', '[CA, XO]')
  writeFileSync(contractFile, strict)
  const demo = readFileSync(new URL('deploy/demo/auscult.yaml', root), 'utf8')
  writeFileSync(configFile, demo.replace(`contract: ${id}`, `contract: ${contractFile}`))
  const { config, problems } = await loadConfig(configFile, await known())
  if (config === null) throw new Error(JSON.stringify(problems))
  const role = { configFile, dataFolder: folder, listen: null }
  store = await openStore(config, role.dataFolder)
  const engine = startEngine(await engineParts(config.catalogue, folder), null)
  const log = [...simulatedLog(config.catalogue, { seed: 5, startAt: mondayAtTen, lastsMs: 6 * 60_000, interfaceIds: [id] })]
  for (let from = 0; from < log.length; from += 500) {
    const entries = log.slice(from, from + 500)
    const { now, exchanges, alerts, incidents, clocks } = engine.take(entries)
    const position = entries.at(-1)?.position ?? ''
    await store.commit({
      position,
      now,
      exchanges,
      alerts,
      incidents,
      clocks,
      ticks: [],
      dropped: [],
      lostBytes: 0,
      checkpoint: null,
    })
  }
  const use = { interfaceId: id, contractId: id, format: 'hl7v2' }
  await store.noteContract({ ...use, version: '1', text: library }, mondayAtTen - 86_400_000)
  await store.noteContract({ ...use, version: '1', text: strict }, mondayAtTen)
  const works = createWorks(role)
  const sample = { file: join(sampleFolder.pathname, 'sample.pcap'), configFile: join(sampleFolder.pathname, 'sample.yaml') }
  const sampleConfig = (await loadConfig(sample.configFile, await known())).config
  if (sampleConfig === null) throw new Error('the sample is wrong')
  const captures = await createCaptures({
    folder: join(folder, 'captures'),
    bytesMax: 1_000_000,
    ...{ works, clock, sample, openStore: openCaptureStore },
  })
  const saveProposal = (name: string, text: string) => saveContract(join(folder, 'proposed'), name, text)
  desk = await startDesk({
    store,
    catalogue: config.catalogue,
    formats: await formats(),
    listen: { host: '127.0.0.1', port: 0 },
    clock,
    logger: { info: () => {}, error: () => {} },
    secrets,
    rules: customerRules,
    journeyPlans: [],
    consoleFolder: null,
    requestsPerMinute: 600_000,
    work: { works, captures, sampleCatalogue: sampleConfig.catalogue, saveProposal },
  })
}, 60_000)

afterAll(async () => {
  await desk?.close()
  await store?.close()
  rmSync(folder, { recursive: true, force: true })
})

async function ask(role: Role, path: string, body?: object | Uint8Array) {
  const token = await issueBearer(secrets.key('bearer'), { role, ttlMs: 60_000, now: clock.now() })
  const isFile = body instanceof Uint8Array
  const headers = { authorization: `Bearer ${token}`, 'content-type': isFile ? 'application/octet-stream' : 'application/json' }
  const sent =
    body === undefined ? { headers } : { method: 'POST', headers, body: isFile ? Buffer.from(body) : JSON.stringify(body) }
  const answer = await fetch(`http://127.0.0.1:${desk.address.port}/api/v1${path}`, sent)
  const json: unknown = await answer.json()
  hold(body === undefined ? 'get' : 'post', path, answer.status, json)
  return { status: answer.status, json }
}

const ajv = new Ajv2020({ strict: false })
addFormats.default(ajv)
ajv.addSchema({ ...openApiDocument('1'), $id: 'api' })
const own = [...Object.values(contractRoutes), ...Object.values(captureRoutes)]
const reached = new Set<(typeof own)[number]>()

/** Every answer is as the OpenAPI document says. */
function hold(method: string, path: string, status: number, json: unknown): void {
  const [bare = ''] = path.split('?')
  const literal = own.filter((route) => route.path === bare)
  const fitting = own.filter((route) => new RegExp(`^${route.path.replace(/\{\w+\}/g, '[^/]+')}$`).test(bare))
  const route = [...literal, ...fitting].find((one) => one.method === method)
  if (route === undefined || status !== 200) return
  reached.add(route)
  const isAsSaid = ajv.validate({ $ref: `api#/components/schemas/${route.answerName}` }, json)
  expect(isAsSaid, `${path}: ${ajv.errorsText()}`).toBe(true)
}

function sizeOf(json: unknown, path: string): number {
  const list = at(json, path)
  return Array.isArray(list) ? list.length : Number.NaN
}

/** Asks again until it no longer runs. */
async function ended(role: Role, path: string): Promise<unknown> {
  for (;;) {
    const { json } = await ask(role, path)
    if (at(json, 'state') !== 'running') return json
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

it('lists contracts with their state and their week', async () => {
  const { json } = await ask('viewer', '/contracts')
  expect(sizeOf(json, 'items')).toBe(1)
  expect(at(json, 'items.0')).toMatchObject({
    id,
    version: '1',
    versions: 2,
    state: 'drifting',
    interfaceIds: [id],
    title: { zh: '检验申请' },
  })
  expect(at(json, 'items.0.days.6')).toBe('2026-11-23')
  expect(Number(at(json, 'items.0.violations.6'))).toBeGreaterThan(100)
  expect(at(json, 'items.0.violations.5')).toBe(0)
})

it('tells its texts with what each changed, and whom that may break', async () => {
  const { json } = await ask('viewer', `/contracts/${id}/versions`)
  expect(sizeOf(json, 'items')).toBe(2)
  expect(at(json, 'items.0.inUse')).toBe(true)
  expect(at(json, 'items.0.changes')).toEqual(
    expect.arrayContaining([
      {
        text: { zh: 'OML^O21 PV1-5:由可选改为必填', en: 'OML^O21 PV1-5: was optional, is required now' },
        breaking: ['sender'],
      },
    ]),
  )
  expect(at(json, 'items.1')).toMatchObject({ inUse: false, changes: [] })
})

it('says what drifts in words, with the exchanges that showed it first', async () => {
  const { json } = await ask('viewer', `/contracts/${id}/drift`)
  const items = at(json, 'items')
  expect(items).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ element: 'PV1-5', rule: 'required', type: 'OML^O21', side: 'request', state: 'now' }),
    ]),
  )
  expect(JSON.stringify(items)).toMatch(/OML\^O21 PV1-5 is left out since 11-23 10:00, \d+ of \d+ messages/)
  expect(String(at(json, 'items.0.exchangeIds.0'))).toMatch(/^simulated-/)
})

it('counts violations by element and day', async () => {
  const { json } = await ask('viewer', `/contracts/${id}/violations?days=2`)
  expect(at(json, 'days')).toEqual(['2026-11-22', '2026-11-23'])
  expect(JSON.stringify(at(json, 'items'))).toContain('"element":"PV1-5"')
  expect(at(json, 'items.0.counts.0')).toBe(0)
})

it('writes a proposal that takes breaches in, and what it would have ticketed', async () => {
  const accepts = [
    { element: 'PV1-5', rule: 'required', type: 'OML^O21' },
    { element: 'ORC-1', rule: 'table', type: 'OML^O21' },
    { element: 'PID-3.5', rule: 'condition', type: null },
  ]
  expect((await ask('viewer', `/contracts/${id}/proposal`, { accepts })).status).toBe(403)
  const started = await ask('engineer', `/contracts/${id}/proposal`, { accepts })
  const json = await ended('engineer', `/contract-jobs/${String(at(started.json, 'id'))}`)
  expect(json).toMatchObject({
    kind: 'proposal',
    state: 'finished',
    proposal: { version: '2', left: [accepts[2]], savedAs: `${id}.2.yaml` },
  })
  expect(JSON.stringify(at(json, 'proposal.changes'))).toContain('ORC-1: codes: NW added')
  expect(readdirSync(join(folder, 'proposed'))).toEqual([`${id}.2.yaml`])
  const text = String(at(json, 'proposal.text'))
  const before = await backtest(undefined)
  const after = await backtest(text)
  expect(sizeOf(before, 'backtest.tickets')).toBe(1)
  expect(sizeOf(after, 'backtest.tickets')).toBe(0)
  expect(at(after, 'backtest.violating')).toBe(0)
  expect(at(after, 'backtest.exchanges')).toBe(at(before, 'backtest.exchanges'))
  expect(at(after, 'backtest.unreadable')).toBe(0)
}, 60_000)

async function backtest(text: string | undefined): Promise<unknown> {
  const started = await ask('engineer', `/contracts/${id}/backtest`, {
    interface: id,
    days: 2,
    ...(text === undefined ? {} : { text }),
  })
  return ended('engineer', `/contract-jobs/${String(at(started.json, 'id'))}`)
}

it('stops what takes too long', async () => {
  const started = await ask('engineer', `/contracts/${id}/backtest`, { interface: id, days: 30 })
  const { json } = await ask('engineer', `/contract-jobs/${String(at(started.json, 'id'))}/stop`, {})
  expect(json).toMatchObject({ state: 'stopped', backtest: null })
})

it('says what is wrong with a text that is no contract', async () => {
  const json = await backtest('format: hl7v2\n')
  expect(json).toMatchObject({ state: 'failed' })
  expect(String(at(json, 'failure.message'))).toContain('the key "contract" is missing')
}, 60_000)

const sampleBytes = new Uint8Array(readFileSync(new URL('sample.pcap', sampleFolder)))

it('analyses the sample in place: findings, tickets, and exchanges that are masked', async () => {
  expect((await ask('viewer', '/captures')).status).toBe(403)
  const started = await ask('desk', '/captures/sample', {})
  const path = `/captures/${String(at(started.json, 'id'))}`
  const json = await ended('desk', path)
  expect(json).toMatchObject({ state: 'finished', isSample: true, found: { packets: 168, unmatchedCount: 0 } })
  expect(at(json, 'found.findings.0')).toMatchObject({ cause: 'tz-mismatch', title: { zh: expect.any(String) } })
  expect(sizeOf(json, 'found.tickets')).toBe(1)
  const { json: listed } = await ask('desk', `${path}/exchanges?limit=5`)
  expect(sizeOf(listed, 'items')).toBe(5)
  const exchange = String(at(listed, 'items.0.id'))
  expect((await ask('desk', `${path}/exchanges/${exchange}`)).status).toBe(200)
  const { json: message } = await ask('desk', `${path}/exchanges/${exchange}/message?view=text`)
  expect(message).toMatchObject({ masked: true, format: 'hl7v2' })
  expect((await ask('desk', `/exchanges/${exchange}`)).status).toBe(404)
  const { json: audit } = await ask('auditor', '/audit?from=2026-11-23T00:00:00%2B08:00&to=2026-11-24T00:00:00%2B08:00')
  expect(JSON.stringify(audit)).toContain(`"action":"capture message"`)
  expect((await ask('desk', `${path}/delete`, {})).status).toBe(200)
  expect((await ask('desk', path)).status).toBe(404)
  expect(readdirSync(join(folder, 'captures'))).toEqual([])
}, 60_000)

it('lists conversations that no interface takes, and takes them for one when it is told', async () => {
  const started = await ask('desk', '/captures?name=ward.pcap', sampleBytes)
  const path = `/captures/${String(at(started.json, 'id'))}`
  const json = await ended('desk', path)
  expect(json).toMatchObject({ name: 'ward.pcap', state: 'finished', found: { unmatchedCount: 1, interfaces: [] } })
  const acceptor = String(at(json, 'found.unmatched.0.acceptor'))
  expect(acceptor).toMatch(/^[\d.]+:\d+$/)
  expect((await ask('desk', `${path}/analyze`, { assign: [{ acceptor, interfaceId: 'nobody' }] })).status).toBe(400)
  await ask('desk', `${path}/analyze`, { assign: [{ acceptor, interfaceId: id }] })
  expect(await ended('desk', path)).toMatchObject({ found: { unmatchedCount: 0, interfaces: [{ id, exchanges: 80 }] } })
  clock.pass(3_700_000)
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect((await ask('desk', path)).status).toBe(404)
}, 60_000)

it('takes no other files, and none beyond the limit', async () => {
  expect((await ask('desk', '/captures?name=a.pcap', new Uint8Array([1, 2, 3, 4, 5]))).status).toBe(400)
  const large = new Uint8Array(1_200_000)
  large.set(sampleBytes.subarray(0, 24))
  expect((await ask('desk', '/captures?name=a.pcap', large)).status).toBe(413)
  expect(sizeOf((await ask('desk', '/captures')).json, 'items')).toBe(0)
})

it('has held every answer of its routes to the document', () => {
  expect(own.filter((route) => !reached.has(route)).map(({ path }) => path)).toEqual([])
})
