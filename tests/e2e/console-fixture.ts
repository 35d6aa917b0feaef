import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pino from 'pino'
import { mllp } from '../../adapters/protocols/mllp/protocol.ts'
import { createInspector } from '../../gateway/analysis/inspect.ts'
import { engineParts, formats, known, openCaptureStore } from '../../gateway/app.ts'
import journeyPlans from '../../gateway/catalogue/journeys.json' with { type: 'json' }
import { systemClock } from '../../gateway/clock.ts'
import { loadConfig } from '../../gateway/config/config.ts'
import { compileContractFile, readContractFile } from '../../gateway/contract-files.ts'
import { type Role, roleNames } from '../../gateway/desk/access/permissions.ts'
import { createSignInSecret, signInPath } from '../../gateway/desk/access/session.ts'
import { newUser } from '../../gateway/desk/access/sign-in.ts'
import { createCaptures } from '../../gateway/desk/captures.ts'
import { startDesk } from '../../gateway/desk/desk.ts'
import type { DeskWork } from '../../gateway/desk/desk-options.ts'
import type { Installation } from '../../gateway/desk/installation.ts'
import { seedArticles } from '../../gateway/desk/knowledge/seed.ts'
import type { Channel } from '../../gateway/desk/notices/channels/channel.ts'
import { customerRules } from '../../gateway/desk/rules/read-rules.ts'
import type { TicketAction } from '../../gateway/desk/ticket-actions.ts'
import { actOnTicket, sweepTickets } from '../../gateway/desk/tickets.ts'
import type { Exchange } from '../../gateway/model/exchange.ts'
import type { Catalogue } from '../../gateway/model/interface.ts'
import type { ObservedExchange } from '../../gateway/model/observed.ts'
import type { Clock } from '../../gateway/model/time.ts'
import { createWorks } from '../../gateway/start-work.ts'
import { noEffects } from '../../gateway/store/duty-store.ts'
import { secretsFrom } from '../../gateway/store/secrets.ts'
import { openSqliteStore } from '../../gateway/store/sqlite-store.ts'
import type { Store } from '../../gateway/store/store.ts'
import { declareChanges, heldBackAt } from './console-changes.ts'
import { consoleDist, unbuiltConsole } from './console-dist.ts'
import { alertsAt, clocksAt, incidentsAt } from './console-incidents.ts'
import { checkpointAt, versionChangeAt } from './console-past.ts'
import { morning } from './console-story.ts'

/** The desk with its console on a morning that is the same each time: real store, API, masking and sign-in; only the past is made up. */
export interface ConsoleFixture extends AsyncDisposable {
  /** `http://127.0.0.1:PORT` */
  readonly address: string
  /** A fresh one-time link for this role. */
  signInLink(role: Role): Promise<string>
}

export interface ConsoleFixtureOptions {
  /** Default 0: a free one. */
  readonly port?: number
}

/** 2026-11-23 10:42:05 in Shenzhen: when the fixture's clock begins. */
export const fixtureNow = Date.UTC(2026, 10, 23, 2, 42, 5)
/** The console's built files. */

/** Starts it. Rejects when the console isn't built. Whoever starts it disposes of it; nothing stays behind. */
export async function startConsoleFixture({ port = 0 }: ConsoleFixtureOptions = {}): Promise<ConsoleFixture> {
  const unbuilt = unbuiltConsole()
  if (unbuilt !== null) throw new Error(unbuilt)
  const folder = mkdtempSync(join(tmpdir(), 'auscult-console-'))
  const clock = clockFrom(fixtureNow)
  const secrets = secretsFrom(new Uint8Array(32).fill(7))
  const store = openSqliteStore({
    folder: join(folder, 'store'),
    tokenKeys: [secrets.key('tokens')],
    bodyKey: null,
    comparePositions: (a, b) => (a < b ? -1 : a > b ? 1 : 0),
  })
  const catalogue = await demoCatalogue()
  await fill(store, catalogue)
  const work = await deskWork(folder, clock)
  const desk = await startDesk({
    store,
    work,
    catalogue,
    formats: await formats(),
    listen: { host: '127.0.0.1', port },
    clock,
    logger: pino({ level: 'silent' }),
    secrets,
    rules: customerRules,
    channels,
    testEndpoints: [{ name: 'ris-test', protocol: 'mllp', timeoutMs: 2_000, address: { host: '127.0.0.1', port: 9 } }],
    journeyPlans,
    consoleFolder: consoleDist,
    installation,
  })
  const address = `http://${desk.address.host}:${desk.address.port}`
  return {
    address,
    signInLink: async (role) =>
      `${address}${signInPath(await createSignInSecret(store, people[role].name, role, clock.now()))}`,
    async [Symbol.asyncDispose]() {
      await desk.close()
      await store.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** As a hospital that has thought of all of it sets it up. */
const installation: Installation = {
  configFile: 'auscult.yaml',
  configDigest: '5b0ce8a1f9d24c07',
  retention: { exchangeDays: 180, bodyDays: 30, seriesDays: 400, logMs: 7 * 86_400_000, logBytes: 8 * 1024 ** 3 },
  keys: [
    { purpose: 'sealing', id: '8c1f04be22d97a35', earlier: 0 },
    { purpose: 'tokens', id: 'f27a9d10c4e86b5e', earlier: 1 },
    { purpose: 'bearer', id: '03d6be7f51a8c942', earlier: 0 },
    { purpose: 'audit', id: 'b94e0c6d7f1235aa', earlier: 0 },
  ],
  tls: 'own',
  certificateUntil: fixtureNow + 19 * 86_400_000,
  provider: { title: 'Hospital SSO', issuer: 'https://id.hospital.example' },
  sessions: { lifeMs: 12 * 3_600_000, idleMs: 3_600_000 },
  channels: [
    { name: 'mail', kind: 'smtp', language: 'zh' },
    { name: 'duty-group', kind: 'wecom', language: 'zh' },
  ],
  hasOwnRules: false,
}

/** Who signs in with each role. */
const people: { readonly [role in Role]: { readonly name: string; readonly title: string } } = {
  viewer: { name: 'wu.na', title: '吴娜' },
  engineer: { name: 'chen.wei', title: '陈伟' },
  desk: { name: 'liu.min', title: '刘敏' },
  privacy: { name: 'zhao.lan', title: '赵兰' },
  auditor: { name: 'sun.qi', title: '孙琦' },
  admin: { name: 'admin', title: '系统管理员' },
}

const minuteMs = 60_000

const savedSearches = [
  { name: 'RIS AE', query: { interface: 'his-ris-exam-order', outcome: 'failed', span: '1h' } },
  { name: 'ORU^R01 ?', query: { type: 'ORU^R01', outcome: 'unanswered' } },
]

/** Channels that take everything. */
const channels: readonly Channel[] = ['mail', 'duty-group'].map((name) => ({ name, send: async () => {} }))

const firstReport = {
  taken: '已联系 PACS 厂商值班,确认监听进程退出',
  blocker: '厂商远程接入需审批',
  next: '审批通过后重启监听进程并核对积压',
} as const

/** A clock that begins at `start` and goes on with the machine's. */
function clockFrom(start: number): Clock {
  const real = systemClock()
  const beganAt = real.monotonic()
  return { ...real, now: () => start + real.monotonic() - beganAt }
}

/** Work in real threads, on the demonstration's configuration and this store. */
async function deskWork(folder: string, clock: Clock): Promise<DeskWork> {
  const configFile = fileURLToPath(new URL('../../deploy/demo/auscult.yaml', import.meta.url))
  const works = createWorks({ configFile, dataFolder: folder, listen: null })
  const file = (name: string) => fileURLToPath(new URL(`../../deploy/demo/capture/${name}`, import.meta.url))
  const sample = { file: file('sample.pcap'), configFile: file('sample.yaml') }
  const { config } = await loadConfig(sample.configFile, await known())
  if (config === null) throw new Error('the configuration of the sample capture is wrong')
  const captures = await createCaptures({
    folder: join(folder, 'captures'),
    bytesMax: 536_870_912,
    works,
    clock,
    sample,
    openStore: openCaptureStore,
  })
  return { works, captures, sampleCatalogue: config.catalogue, saveProposal: null }
}

/** The contracts of the library, one of them changed this morning. */
async function noteContracts(store: Store, catalogue: Catalogue): Promise<void> {
  for (const { id, contract, format } of catalogue.interfaces) {
    if (contract === null) continue
    const { text } = readContractFile(contract, '.')
    const { id: contractId, version } = compileContractFile(contract, '.')
    const before = text.replace('PID-3.1: R\n', 'PID-3.1: RE\n').replace(', CWE]', ']')
    const use = { interfaceId: id, contractId, format }
    if (id === 'lis-tijian-result') await store.noteContract({ ...use, version, text: before }, fixtureNow - 40 * 86_400_000)
    await store.noteContract({ ...use, version, text }, fixtureNow - 3 * 3_600_000)
  }
}

async function demoCatalogue(): Promise<Catalogue> {
  const file = fileURLToPath(new URL('../../deploy/demo/auscult.yaml', import.meta.url))
  const { config, problems } = await loadConfig(file, { protocols: [mllp], hasContract: () => true })
  if (config === null) throw new Error(`the demonstration's configuration is wrong: ${problems[0]?.message ?? ''}`)
  return config.catalogue
}

async function fill(store: Store, catalogue: Catalogue): Promise<void> {
  const inspect = createInspector(await engineParts(catalogue, fileURLToPath(new URL('../../deploy/demo', import.meta.url))))
  const exchanges = morning(fixtureNow)
  const observed = exchanges.map((exchange, i) => observe(inspect, exchange, i))
  const lastIds = (interfaceId: string) =>
    exchanges
      .filter((e) => e.interfaceId === interfaceId && isTelling(e))
      .slice(-12)
      .map(({ id }) => id)
  await store.commit({
    position: positionOf(exchanges.length),
    now: fixtureNow,
    exchanges: observed,
    alerts: [...alertsAt(fixtureNow, lastIds), versionChangeAt(fixtureNow)],
    incidents: [...incidentsAt(fixtureNow, lastIds), ...heldBackAt(fixtureNow)],
    clocks: clocksAt(fixtureNow),
    ticks: [
      {
        at: fixtureNow - 1000,
        edgeId: 'edge-1',
        health: { loopLagMsMax: 2.1, connections: 31, clock: { synchronised: true } },
      },
    ],
    dropped: [],
    lostBytes: 0,
    checkpoint: checkpointAt(fixtureNow, catalogue, exchanges),
  })
  await noteContracts(store, catalogue)
  await declareChanges(store, catalogue, fixtureNow)
  const setting = { catalogue, rules: customerRules, channels: channels.map(({ name }) => name) }
  await store.keepChannels(setting.channels)
  await sweepTickets(store, setting, fixtureNow - 11 * minuteMs)
  const act = (action: TicketAction, minutesAgo: number) =>
    actOnTicket(store, 't-refused', action, { by: people.engineer.name, at: fixtureNow - minutesAgo * minuteMs, setting })
  await act({ kind: 'arrive', text: '到达机房' }, 9)
  await act({ kind: 'progress', ...firstReport }, 4)
  await teach(store)
  await fillAccess(store)
  for (const { name, query } of savedSearches)
    await store.saveSearch(people.engineer.name, { name, query, savedAt: fixtureNow }, 50)
}

/** What people wrote: an article of their own words, and how the same fault was solved last month. */
async function teach(store: Store): Promise<void> {
  const seed = seedArticles.find(({ id }) => id === 'cause-conn-refused')
  if (seed === undefined) throw new Error('the seed lacks cause-conn-refused')
  const who = { zh: '影像平台组（值班电话见科室通讯录）', en: 'The imaging platform team' }
  const content = { ...seed.content, who }
  const note = '加上值班组'
  await store.saveArticle({ articleId: seed.id, version: 1, at: fixtureNow - 86_400_000, by: 'chen.wei', note, content })
  const [solved] = (await store.tickets({ states: ['resolved', 'closed'], limit: 1 })).items
  if (solved === undefined) throw new Error('the fixture has no resolved ticket')
  const lesson = {
    ticketId: solved.id,
    cause: 'conn-refused',
    interfaceIds: ['his-ris-exam-order'],
    at: fixtureNow - 3_600_000,
    by: 'chen.wei',
    resolved: '接收服务随系统补丁重启后未自启动，已改为开机自启',
    closed: null,
    rootCause: null,
    repair: null,
  }
  const version = (await store.ticket(solved.id))?.version ?? 0
  if (!(await store.saveTicket(solved, version, 0, { ...noEffects, lesson }))) throw new Error('the lesson was not kept')
}

/** People of the house, and what some of them did this morning. */
async function fillAccess(store: Store): Promise<void> {
  for (const role of roleNames) {
    const { name, title } = people[role]
    await store.addUser({
      ...newUser(name, title, role, fixtureNow - 40 * 86_400_000),
      password: role === 'viewer' ? null : 'chosen elsewhere',
      seenAt: fixtureNow - 3_600_000,
      lockedUntil: role === 'desk' ? fixtureNow + 600_000 : null,
    })
  }
  await store.addUser(newUser('vendor.lis', 'LIS 厂商驻场', null, fixtureNow - 86_400_000))
  const deeds = [
    ['sun.qi', 'auditor', 'sign in', 'session', 'password', 'done'],
    ['zhao.lan', 'privacy', 'grant desk sees name phone', 'desk', '服务台需要电话联系患者', 'done'],
    ['chen.wei', 'engineer', 'search exchanges', '~4k2m9x7q', null, 'done'],
    ['chen.wei', 'engineer', 'view request', 'e1-lis-tijian-result-349', null, 'done'],
    ['chen.wei', 'engineer', 'reveal request', 'e1-lis-tijian-result-349', '核对体检报告', 'done'],
    ['wu.na', 'viewer', 'post /exchanges/{id}/reveal', 'api', null, 'refused'],
    ['liu.min', 'desk', 'ticket assign', 't-refused', null, 'done'],
    ['nobody known', 'none', 'sign in', 'session', null, 'refused'],
  ] as const
  for (const [i, [by, role, action, subject, reason, outcome]] of deeds.entries()) {
    const at = fixtureNow - (deeds.length - i) * 240_000
    await store.appendAudit({ at, by, role, action, subject, reason, outcome, address: `10.1.8.${20 + i}` })
  }
}

function observe(inspect: ReturnType<typeof createInspector>, exchange: Exchange, i: number): ObservedExchange {
  const at = exchange.answers.at(-1)?.endAt ?? exchange.request?.endAt ?? exchange.connection.openedAt
  const inspected = inspect({ kind: 'exchange', at, exchange }, at)
  if (inspected.kind !== 'exchange') throw new Error('an exchange was inspected as something else')
  const { requestFacts, answerFacts, violations } = inspected
  return { position: positionOf(i + 1), exchange, requestFacts, answerFacts, violations }
}

/** Those that show something: unsuccessful ones; where all succeed, all. */
function isTelling(exchange: Exchange): boolean {
  return exchange.interfaceId === 'his-ris-exam-order' ? exchange.outcome === 'failed' : true
}

function positionOf(number: number): string {
  return String(number).padStart(12, '0')
}
