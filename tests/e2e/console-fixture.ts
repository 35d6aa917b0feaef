import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pino from 'pino'
import { hl7v2 } from '../../adapters/formats/hl7v2/hl7v2.ts'
import { mllp } from '../../adapters/protocols/mllp/protocol.ts'
import { createInspector } from '../../gateway/analysis/inspect.ts'
import { engineParts } from '../../gateway/app.ts'
import journeyPlans from '../../gateway/catalogue/journeys.json' with { type: 'json' }
import { systemClock } from '../../gateway/clock.ts'
import { loadConfig } from '../../gateway/config.ts'
import type { Role } from '../../gateway/desk/access/permissions.ts'
import { createSignInSecret } from '../../gateway/desk/access/session.ts'
import { startDesk } from '../../gateway/desk/desk.ts'
import { seedArticles } from '../../gateway/desk/knowledge/seed.ts'
import type { Channel } from '../../gateway/desk/notices/channels/channel.ts'
import { customerRules } from '../../gateway/desk/rules/read-rules.ts'
import type { TicketAction } from '../../gateway/desk/ticket-actions.ts'
import { actOnTicket, sweepTickets } from '../../gateway/desk/tickets.ts'
import type { Exchange } from '../../gateway/model/exchange.ts'
import type { Catalogue } from '../../gateway/model/interface.ts'
import type { ObservedExchange } from '../../gateway/model/observed.ts'
import type { Clock } from '../../gateway/model/time.ts'
import { noEffects } from '../../gateway/store/duty-store.ts'
import { secretsFrom } from '../../gateway/store/secrets.ts'
import { openSqliteStore } from '../../gateway/store/sqlite-store.ts'
import type { Store } from '../../gateway/store/store.ts'
import { declareChanges, heldBackAt } from './console-changes.ts'
import { alertsAt, clocksAt, incidentsAt } from './console-incidents.ts'
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
export const consoleDist = fileURLToPath(new URL('../../console/dist', import.meta.url))

/** Starts it. Rejects when the console isn't built. Whoever starts it disposes of it; nothing stays behind. */
export async function startConsoleFixture({ port = 0 }: ConsoleFixtureOptions = {}): Promise<ConsoleFixture> {
  if (!existsSync(join(consoleDist, 'index.html'))) throw new Error('the console is not built: npm run console:build')
  const folder = mkdtempSync(join(tmpdir(), 'auscult-console-'))
  const clock = clockFrom(fixtureNow)
  const secrets = secretsFrom(new Uint8Array(32).fill(7))
  const store = openSqliteStore({
    folder,
    tokenKeys: [secrets.key('tokens')],
    bodyKey: null,
    comparePositions: (a, b) => (a < b ? -1 : a > b ? 1 : 0),
  })
  const catalogue = await demoCatalogue()
  await fill(store, catalogue)
  const desk = await startDesk({
    store,
    catalogue,
    formats: new Map([[hl7v2.name, hl7v2]]),
    listen: { host: '127.0.0.1', port },
    clock,
    logger: pino({ level: 'silent' }),
    secrets,
    rules: customerRules,
    channels,
    testEndpoints: [{ name: 'ris-test', protocol: 'mllp', timeoutMs: 2_000, address: { host: '127.0.0.1', port: 9 } }],
    journeyPlans,
    consoleFolder: consoleDist,
  })
  const address = `http://${desk.address.host}:${desk.address.port}`
  return {
    address,
    signInLink: async (role) => `${address}/signin?token=${await createSignInSecret(store, namesOf[role], role, clock.now())}`,
    async [Symbol.asyncDispose]() {
      await desk.close()
      await store.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const namesOf: { readonly [role in Role]: string } = {
  viewer: 'wu.na',
  engineer: 'chen.wei',
  desk: 'liu.min',
  privacy: 'zhao.lan',
  auditor: 'sun.qi',
  admin: 'admin',
}

const minuteMs = 60_000

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
    alerts: alertsAt(fixtureNow),
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
    checkpoint: null,
  })
  await declareChanges(store, catalogue, fixtureNow)
  const setting = { catalogue, rules: customerRules, channels: channels.map(({ name }) => name) }
  await store.keepChannels(setting.channels)
  await sweepTickets(store, setting, fixtureNow - 11 * minuteMs)
  const act = (action: TicketAction, minutesAgo: number) =>
    actOnTicket(store, 't-refused', action, { by: namesOf.engineer, at: fixtureNow - minutesAgo * minuteMs, setting })
  await act({ kind: 'arrive', text: '到达机房' }, 9)
  await act({ kind: 'progress', ...firstReport }, 4)
  await teach(store)
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
