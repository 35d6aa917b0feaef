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
import { isRole, type Role } from '../../gateway/desk/access/permissions.ts'
import { createSignInSecret } from '../../gateway/desk/access/session.ts'
import { newUser } from '../../gateway/desk/access/sign-in.ts'
import { startDesk } from '../../gateway/desk/desk.ts'
import { customerRules } from '../../gateway/desk/rules/read-rules.ts'
import { sweepTickets } from '../../gateway/desk/tickets.ts'
import type { Exchange } from '../../gateway/model/exchange.ts'
import type { Catalogue } from '../../gateway/model/interface.ts'
import type { ObservedExchange } from '../../gateway/model/observed.ts'
import type { Clock } from '../../gateway/model/time.ts'
import { secretsFrom } from '../../gateway/store/secrets.ts'
import { openSqliteStore } from '../../gateway/store/sqlite-store.ts'
import type { Store } from '../../gateway/store/store.ts'
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
    incidents: incidentsAt(fixtureNow, lastIds),
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
  await fillAccess(store)
  await sweepTickets(store, { catalogue, rules: customerRules, channels: [] }, fixtureNow)
}

/** People of the house, and what some of them did this morning. */
async function fillAccess(store: Store): Promise<void> {
  const titles = {
    'chen.wei': '陈伟',
    'liu.min': '刘敏',
    'wu.na': '吴娜',
    admin: '系统管理员',
    'zhao.lan': '赵兰',
    'sun.qi': '孙琦',
  }
  for (const [role, name] of Object.entries(namesOf)) {
    const title = Object.entries(titles).find(([one]) => one === name)?.[1] ?? name
    await store.addUser({
      ...newUser(name, title, isRole(role) ? role : null, fixtureNow - 40 * 86_400_000),
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
