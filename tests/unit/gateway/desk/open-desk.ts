import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hl7v2 } from '../../../../adapters/formats/hl7v2/hl7v2.ts'
import { comparePositions, dawn, madeBatch, madeExchange } from '../../../../fixtures/observed/made.ts'
import { openCaptureStore } from '../../../../gateway/app.ts'
import journeyPlans from '../../../../gateway/catalogue/journeys.json' with { type: 'json' }
import { issueBearer } from '../../../../gateway/desk/access/bearer.ts'
import { createPasswords } from '../../../../gateway/desk/access/passwords.ts'
import type { Role } from '../../../../gateway/desk/access/permissions.ts'
import type { Provider } from '../../../../gateway/desk/access/provider.ts'
import type { Anchor } from '../../../../gateway/desk/audit/anchors.ts'
import { createCaptures } from '../../../../gateway/desk/captures.ts'
import { type Desk, startDesk } from '../../../../gateway/desk/desk.ts'
import type { ServerTls } from '../../../../gateway/desk/listen.ts'
import type { Channel } from '../../../../gateway/desk/notices/channels/channel.ts'
import { customerRules } from '../../../../gateway/desk/rules/read-rules.ts'
import type { Document, Format } from '../../../../gateway/model/document.ts'
import type { Catalogue, Interface } from '../../../../gateway/model/interface.ts'
import type { ObservedExchange } from '../../../../gateway/model/observed.ts'
import type { TestEndpoint } from '../../../../gateway/model/test-endpoint.ts'
import type { Clock } from '../../../../gateway/model/time.ts'
import { createWorks } from '../../../../gateway/start-work.ts'
import { secretsFrom } from '../../../../gateway/store/secrets.ts'
import { openSqliteStore } from '../../../../gateway/store/sqlite-store.ts'
import type { Store } from '../../../../gateway/store/store.ts'

/** A desk with its own store on a free port, on a clock that is turned by hand. */
export interface OpenDesk {
  readonly store: Store
  readonly desk: Desk
  readonly base: string
  readonly logLines: string[]
  readonly clock: HandClock
  /** Asks with a bearer token of that role. */
  ask(
    role: Role,
    path: string,
    body?: object,
  ): Promise<{ readonly status: number; readonly text: string; readonly json: unknown; readonly headers: Headers }>
  /** Another desk on the same store, as after a restart; closed with this one. */
  restart(): Promise<Desk>
  close(): Promise<void>
}

export interface HandClock extends Clock {
  /** Moves on and runs what is due, oldest first. */
  pass(ms: number): void
}

export function handClock(start: number): HandClock {
  let now = start
  let due: { at: number; run: () => void }[] = []
  return {
    now: () => now,
    monotonic: () => now,
    after: (delayMs, run) => {
      const timer = { at: now + delayMs, run }
      due.push(timer)
      return () => {
        due = due.filter((other) => other !== timer)
      }
    },
    pass: (ms) => {
      now += ms
      const ready = due.filter(({ at }) => at <= now)
      due = due.filter(({ at }) => at > now)
      for (const { run } of ready) run()
    },
  }
}

export const secrets = secretsFrom(new Uint8Array(32).fill(5))

export const catalogue: Catalogue = {
  hospital: { name: '深圳市人民医院', timezone: 'Asia/Shanghai', calendar: 'cn' },
  systems: ['his', 'lis'].map((id) => ({
    id,
    name: { zh: id, en: id },
    owner: null,
    addresses: [],
    depends: [],
    timezone: null,
  })),
  interfaces: ['his-lis-lab-order', 'lis-emr-result', 'quiet'].map(madeInterface),
}

function madeInterface(id: string): Interface {
  return {
    id,
    name: { zh: id, en: id },
    from: 'his',
    to: 'lis',
    protocol: 'mllp',
    format: 'hl7v2',
    options: {},
    contract: null,
    criticality: 'high',
    sources: {
      proxy: {
        listen: { host: '127.0.0.1', port: 6661 },
        upstream: { host: '127.0.0.1', port: 7661 },
        listenTls: null,
        upstreamTls: null,
      },
      capture: null,
    },
    objectives: { successRate: 0.995, latencyP95Ms: 800 },
    expectedVolume: null,
  }
}

function sampleFile(name: string): string {
  return join(import.meta.dirname, '../../../../deploy/demo/capture', name)
}

export async function openDesk(
  options: {
    readonly consoleFolder?: string
    /** Default: three HL7 v2 interfaces. */
    readonly catalogue?: Catalogue
    /** Default: HL7 v2 alone. */
    readonly formats?: ReadonlyMap<string, Format>
    readonly store?: (store: Store) => Store
    readonly requestsPerMinute?: number
    readonly testEndpoints?: readonly TestEndpoint[]
    readonly channels?: readonly Channel[]
    readonly anchors?: readonly Anchor[]
    readonly provider?: Provider
    readonly tls?: ServerTls
    readonly isBehindTls?: boolean
    readonly proxies?: readonly string[]
  } = {},
): Promise<OpenDesk> {
  const folder = mkdtempSync(join(tmpdir(), 'auscult-desk-'))
  const opened = openSqliteStore({
    folder,
    tokenKeys: [secrets.key('tokens')],
    auditKey: secrets.key('audit'),
    bodyKey: null,
    comparePositions,
  })
  const store = options.store?.(opened) ?? opened
  const clock = handClock(dawn + 60_000)
  const logLines: string[] = []
  const log = (fields: object, message: string) => {
    logLines.push(JSON.stringify({ ...fields, message }))
  }
  const works = createWorks({ configFile: sampleFile('sample.yaml'), dataFolder: folder, listen: null })
  const captures = await createCaptures({
    folder: join(folder, 'captures'),
    bytesMax: 1_000_000,
    ...{ works, clock },
    sample: { file: sampleFile('sample.pcap'), configFile: sampleFile('sample.yaml') },
    openStore: openCaptureStore,
  })
  const start = () =>
    startDesk({
      store,
      work: { works, captures, sampleCatalogue: catalogue, saveProposal: null },
      catalogue: options.catalogue ?? catalogue,
      formats: options.formats ?? new Map([['hl7v2', hl7v2]]),
      listen: { host: '127.0.0.1', port: 0 },
      clock,
      logger: { info: log, error: log },
      secrets,
      rules: customerRules,
      journeyPlans,
      testEndpoints: options.testEndpoints ?? [],
      channels: options.channels ?? [],
      consoleFolder: options.consoleFolder ?? null,
      requestsPerMinute: options.requestsPerMinute ?? 600_000,
      anchors: options.anchors ?? [],
      provider: options.provider ?? null,
      tls: options.tls ?? null,
      isBehindTls: options.isBehindTls === true,
      proxies: options.proxies ?? [],
      // At full cost a busy machine spends the test's time on hashes.
      passwords: createPasswords({ logN: 8 }),
    })
  const desk = await start()
  const others: Desk[] = []
  const base = `http://127.0.0.1:${desk.address.port}`
  return {
    store,
    desk,
    base,
    logLines,
    clock,
    ask: async (role, path, body) => {
      const token = await issueBearer(secrets.key('bearer'), { role, ttlMs: 60_000, now: clock.now() })
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      const answer = await fetch(
        `${base}/api/v1${path}`,
        body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) },
      )
      const text = await answer.text()
      const json: unknown = text.startsWith('{') ? JSON.parse(text) : null
      return { status: answer.status, text, json, headers: answer.headers }
    },
    restart: async () => {
      const again = await start()
      others.push(again)
      return again
    },
    close: async () => {
      for (const one of [desk, ...others]) await one.close()
      await opened.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Every zh-synthetic message as an observed exchange, read by the real format. */
export function syntheticExchanges(): readonly { readonly observed: ObservedExchange; readonly document: Document }[] {
  const folder = join(import.meta.dirname, '../../../../fixtures/messages/zh-synthetic')
  return readdirSync(folder)
    .filter((name) => name.endsWith('.hl7'))
    .map((name, index) => {
      const body = readFileSync(join(folder, name))
      const document = hl7v2.read(body, { at: dawn, timezone: 'Asia/Shanghai' })
      const facts = document.facts()
      return { document, observed: { ...madeExchange({ number: index + 1, body, keys: facts.keys }), requestFacts: facts } }
    })
}

export function syntheticBatch() {
  return madeBatch(syntheticExchanges().map(({ observed }) => observed))
}

/** The value at a path of dots through parsed JSON; undefined where it ends early. */
export function at(json: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null ? Object.entries(value).find(([key]) => key === name)?.[1] : undefined,
      json,
    )
}

/** Signs in by a one-time link as its page does. */
export function postLink(link: string): Promise<Response> {
  const { origin, pathname, hash } = new URL(link)
  return fetch(`${origin}${pathname}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: tokenBody(hash),
  })
}

export function tokenBody(hash: string): string {
  return JSON.stringify({ token: new URLSearchParams(hash.slice(1)).get('token') })
}
