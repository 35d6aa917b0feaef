import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { afterEach, describe, expect, it } from 'vitest'
import { madeChange, madeSilence } from '../../../../fixtures/observed/changes.ts'
import { dawn, madeBatch, madeExchange, madeViolation } from '../../../../fixtures/observed/made.ts'
import { madeArticle, madeIncident } from '../../../../fixtures/observed/tickets.ts'
import { issueBearer } from '../../../../gateway/desk/access/bearer.ts'
import { allows, type Role, roleNames } from '../../../../gateway/desk/access/permissions.ts'
import { newUser } from '../../../../gateway/desk/access/sign-in.ts'
import { captureRoutes } from '../../../../gateway/desk/api/captures-routes.ts'
import { contractRoutes } from '../../../../gateway/desk/api/contracts-routes.ts'
import { openApiDocument, routes } from '../../../../gateway/desk/api/openapi.ts'
import { startDesk } from '../../../../gateway/desk/desk.ts'
import { customerRules } from '../../../../gateway/desk/rules/read-rules.ts'
import { hearing } from '../../../support/event-stream.ts'
import { at, catalogue, handClock, type OpenDesk, openDesk, postLink, secrets, syntheticBatch } from './open-desk.ts'

let opened: OpenDesk[] = []
const folders: string[] = []
async function fresh(options: Parameters<typeof openDesk>[0] = {}): Promise<OpenDesk> {
  const open = await openDesk(options)
  opened.push(open)
  return open
}
afterEach(async () => {
  for (const open of opened) await open.close()
  opened = []
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** Signs in by the link as a browser would; gives cookie and CSRF token. */
async function signedIn(open: OpenDesk) {
  const answer = await postLink(open.desk.signInLink ?? '')
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  const me: unknown = await (await fetch(`${open.base}/api/v1/me`, { headers: { cookie } })).json()
  return { answer, cookie, csrf: String(at(me, 'csrfToken')) }
}

/** One swept ticket of `madeIncident('i1')`. */
async function withTicket(open: OpenDesk): Promise<string> {
  await open.store.commit(
    madeBatch([madeExchange({ number: 1, outcome: 'failed', violations: [madeViolation('PID-3')] })], {
      incidents: [madeIncident('i1')],
    }),
  )
  await swept(open)
  return (await open.store.tickets({ limit: 1 })).items[0]?.id ?? ''
}

/** Keeps a report that asks for one thing, and gives that action's id. */
async function keptAction(open: OpenDesk): Promise<string> {
  const text = { zh: '核对', en: 'check' }
  const [id, period] = ['2026-W46-1', '2026-W46']
  const about = { interfaceId: 'quiet', cause: null, text, owner: null, dueOn: null, state: 'open', note: null } as const
  const action = { id, period, madeAt: dawn, changedAt: dawn, ...about }
  const report = { id: 'weekly-2026-W46', kind: 'weekly', period, madeAt: dawn, title: text, headline: text, body: {} } as const
  const next = { kind: 'weekly', period: '2026-W47', dueAt: dawn + 1e12 } as const
  await open.store.planReport('weekly', { kind: 'weekly', period, dueAt: dawn + 1e12 })
  await open.store.keepReport({ report, next, actions: [action], notices: [] })
  return id
}

async function swept(open: OpenDesk): Promise<void> {
  // A sweep that is under way ends first: only then it waits for the clock.
  await new Promise((resolve) => setImmediate(resolve))
  open.clock.pass(1_000)
  await expect.poll(() => open.store.unsweptIncidents(1)).toEqual([])
}

/** A role that may ask for it: no role may everything. */
function roleFor(path: string, body: object | undefined): Role {
  const asked = path.split('?')[0] ?? ''
  const route = Object.values(routes).find(
    (one) =>
      one.method === (body === undefined ? 'get' : 'post') &&
      new RegExp(`^${one.path.replace(/\{\w+\}/g, '[^/]+')}$`).test(asked),
  )
  const permission = route?.permission ?? null
  return roleNames.toReversed().find((role) => permission === null || allows(role, permission)) ?? 'admin'
}

describe('journeys', () => {
  it('shows one order across interfaces, and says what its key is', async () => {
    const open = await fresh()
    const [placer, specimen] = [
      { kind: 'placer', value: 'O777', authority: 'HIS' },
      { kind: 'specimen', value: 'S777', authority: null },
    ] as const
    await open.store.commit(
      madeBatch([
        madeExchange({ number: 1, keys: [placer, specimen] }),
        madeExchange({ number: 2, interfaceId: 'lis-emr-lab-result', keys: [specimen] }),
        madeExchange({ number: 3, keys: [{ kind: 'placer', value: 'O778', authority: 'HIS' }] }),
      ]),
    )
    const { status, json, text } = await open.ask('viewer', '/journeys?key=o777')
    expect(status).toBe(200)
    expect(json).toMatchObject({ kinds: ['placer'], isCut: false, crowdedKinds: [], items: [{ id: 'lab-loop', clocks: [] }] })
    expect(at(json, 'items.0.exchanges')).toHaveLength(2)
    expect(text).not.toContain('777')
    const token = at(json, 'items.0.exchanges.0.keys.1.token')
    expect((await open.ask('viewer', `/journeys?key=${token}`)).json).toMatchObject({ items: [{ id: 'lab-loop' }] })
    expect((await open.ask('viewer', '/journeys?key=nobody')).json).toMatchObject({ kinds: [], items: [] })
    expect((await open.ask('viewer', '/journeys')).status).toBe(400)
  })
})

describe('every answer', () => {
  it('is as the OpenAPI document says', async () => {
    const open = await fresh({ channels: [{ name: 'mail', send: async () => {} }] })
    await open.store.commit(syntheticBatch())
    await open.store.commit({
      ...madeBatch([madeExchange({ number: 99, outcome: 'unanswered', violations: [madeViolation('PID-3')] })]),
      incidents: [madeIncident('i1')],
      clocks: [
        {
          systemId: 'lis',
          offsetS: 1,
          errorS: 0.5,
          driftPpm: null,
          verdict: 'offset',
          observations: 9,
          changedAt: dawn,
          offsetBeforeS: 0,
        },
      ],
      ticks: [{ at: dawn, edgeId: 'e1', health: { loopLagMsMax: 2, connections: 4, clock: { synchronised: true } } }],
      dropped: [{ at: dawn, reason: 'memory', count: 2 }],
    })
    await swept(open)
    const coming = { fromAt: dawn + 3_600_000, toAt: dawn + 7_200_000 }
    await open.store.savePlannedChange(madeChange({ id: 'change-1', ...coming }), [])
    await open.store.savePlannedChange(madeChange({ id: 'change-2', snapshot: 'd' }), [{ digest: 'd', text: 'interfaces: []' }])
    await open.store.saveSilence(madeSilence({ id: 'silence-1' }))
    const ticket = (await open.store.tickets({ limit: 1 })).items[0]?.id ?? ''
    await open.store.addUser(newUser('somebody', '某人', null, dawn))
    const ajv = new Ajv2020({ strict: false })
    addFormats.default(ajv)
    ajv.addSchema({ ...openApiDocument('1'), $id: 'api' })
    const id = 'e1-1795392000000-1'
    const calls: { readonly [path: string]: readonly [name: string, body?: object] } = {
      '/overview': ['Overview'],
      '/interfaces': ['InterfaceList'],
      '/interfaces/his-lis-lab-order': ['Interface'],
      '/interfaces/his-lis-lab-order/series?step=300': ['Series'],
      '/interfaces/his-lis-lab-order/violations': ['ViolationCounts'],
      '/exchanges': ['ExchangeList'],
      '/exchanges?outcome=unanswered&limit=1': ['ExchangeList'],
      '/journeys?key=C1': ['JourneyList'],
      [`/exchanges/${id}`]: ['Exchange'],
      [`/exchanges/${id}/message`]: ['Message'],
      [`/exchanges/${id}/message?view=text&side=answer`]: ['Message'],
      [`/exchanges/${id}/message?view=hex`]: ['Message'],
      [`/exchanges/${id}/reveal`]: ['Message', { reason: 'ticket t1', view: 'hex' }],
      '/tickets?state=active': ['TicketList'],
      [`/tickets/${ticket}`]: ['Ticket'],
      [`/tickets/${ticket}/assign`]: ['Ticket', { owner: 'wang' }],
      [`/tickets/${ticket}/transfer`]: ['Ticket', { owner: 'li', reason: 'it is the network' }],
      [`/tickets/${ticket}/comment`]: ['Ticket', { text: 'cable' }],
      [`/tickets/${ticket}/arrive`]: ['Ticket', {}],
      [`/tickets/${ticket}/help`]: ['Ticket', { text: 'which port', systemClass: 'infrastructure' }],
      [`/tickets/${ticket}/join`]: ['Ticket', { party: 'vendor' }],
      [`/tickets/${ticket}/escalate`]: ['Ticket', { reason: 'beyond us' }],
      [`/tickets/${ticket}/progress`]: ['Ticket', { taken: 'a', blocker: 'b', next: 'c' }],
      [`/tickets/${ticket}/duties`]: ['DutyList'],
      '/duties?state=open': ['DutyList'],
      '/interfaces/his-lis-lab-order/volume': ['Volume'],
      '/interfaces/his-lis-lab-order/changed': ['ChangedList'],
      [`/tickets/${ticket}/notices`]: ['DeliveryList'],
      [`/tickets/${ticket}/post-mortem-draft`]: ['PostMortemDraft'],
      '/channels': ['ChannelList'],
      '/channels/mail/test': ['ChannelTest', {}],
      '/teams': ['TeamList'],
      '/duties?state=overdue': ['DutyList'],
      [`/tickets/${ticket}/resolve`]: ['Ticket', {}],
      [`/tickets/${ticket}/post-mortem`]: ['Ticket', { rootCause: 'a', repair: 'b', prevention: 'c' }],
      [`/tickets/${ticket}/close`]: ['Ticket', { text: 'done' }],
      [`/tickets/${ticket}/reopen`]: ['Ticket', {}],
      '/changes': ['ChangeList'],
      '/changes/change-2': ['ChangeDetail'],
      '/changes/change-1/cancel': ['Change', { reason: 'another day' }],
      '/changes/change-2/end': ['Change', {}],
      '/silences': ['SilenceList'],
      '/silences/silence-1/end': ['Silence', {}],
      '/test-endpoints': ['TestEndpointList'],
      [`/exchanges/${id}/resend`]: ['Problem', { endpoint: 'none', reason: 'a test' }],
      '/knowledge?q=103': ['ArticleList'],
      '/knowledge/cause-conn-refused': ['ArticleInFull'],
      '/knowledge/local-lab': ['ArticleInFull', { ...madeArticle, version: 0 }],
      [`/tickets/${ticket}/knowledge`]: ['TicketKnowledge'],
      '/reports': ['ReportList'],
      '/reports/weekly?format=json': ['HealthReport'],
      '/reports/daily?format=json': ['HealthReport'],
      '/reports/monthly?format=json': ['HealthReport'],
      '/reports/schedule': ['ReportSchedule'],
      '/reports/schedule?': ['ReportSchedule', { kind: 'daily', isOn: false, time: '07:00' }],
      '/reports/actions': ['ReportActionList'],
      [`/reports/actions/${await keptAction(open)}`]: ['ReportAction', { state: 'done' }],
      '/systems': ['SystemList'],
      '/audit': ['AuditList'],
      '/audit/state': ['AuditState'],
      '/audit/verify': ['AuditState', {}],
      '/users': ['UserList'],
      '/users/somebody/role': ['User', { role: 'viewer', reason: 'new here' }],
      '/users/somebody/invite': ['Invitation', {}],
      '/users/somebody/unlock': ['User', {}],
      '/users/somebody/state': ['User', { state: 'disabled' }],
      '/roles': ['RoleList'],
      '/grants': ['GrantList'],
      '/grants/viewer': ['Grant', { identities: ['name'], categories: [], reason: 'they call patients' }],
      '/me/password': ['Problem', { next: 'a token has no password' }],
      '/me/searches': ['SearchList'],
      '/me/searches?': ['SearchList', { name: 'refused', query: { outcome: 'failed' } }],
      '/me/searches/delete': ['SearchList', { name: 'refused' }],
      '/settings': ['Settings'],
      '/me': ['Me'],
      '/signout': ['Me', {}],
      '/nowhere': ['Problem'],
    }
    for (const [path, [name, body]] of Object.entries(calls)) {
      const { json, text, headers } = await open.ask(roleFor(path, body), path, body)
      const isAsSaid = ajv.validate({ $ref: `api#/components/schemas/${name}` }, json)
      expect(isAsSaid, `${path}: ${ajv.errorsText()} ${text.slice(0, 300)}`).toBe(true)
      expect(headers.get('cache-control')).toBe('no-store')
    }
    const reached = new Set(
      Object.keys(calls).map((path) =>
        path
          .split('?')[0]
          ?.replace(id, '{id}')
          .replace(ticket, '{id}')
          .replace('his-lis-lab-order', '{id}')
          .replace(/(?:change|silence)-\d/, '{id}')
          .replace('cause-conn-refused', '{id}')
          .replace('2026-W46-1', '{id}')
          .replace('somebody', '{id}')
          .replace('/grants/viewer', '/grants/{id}')
          .replace('/channels/mail', '/channels/{name}'),
      ),
    )
    // tests/e2e/desk-contracts.test.ts holds these to the document: they need threads and stored days. Files are looked into where they are made.
    const elsewhere = new Set<string>(
      [...Object.values(contractRoutes), ...Object.values(captureRoutes)].map(({ path }) => path),
    )
    const isHere = ({ path, answerName }: { readonly path: string; readonly answerName: string }) =>
      answerName !== 'File' && !elsewhere.has(path)
    expect(Object.values(routes).filter((route) => isHere(route) && !reached.has(route.path))).toEqual([])
  })
  it('is documented under /api/v1/openapi.json', async () => {
    const open = await fresh()
    const document: unknown = await (await fetch(`${open.base}/api/v1/openapi.json`)).json()
    expect(at(document, 'openapi')).toBe('3.1.0')
    expect(Object.keys(Object(at(document, 'paths')))).toEqual(
      expect.arrayContaining(['/interfaces', '/exchanges/{id}/message', '/tickets/{id}/assign']),
    )
  })
})

describe('sign-in', () => {
  it('lets the printed link in once, with a cookie that scripts and other sites can not use', async () => {
    const open = await fresh()
    expect(open.desk.signInLink).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/signin#token=[\w-]{43}$/)
    // A chat that previews the link, or a person who only looks, uses nothing up.
    for (const path of ['/signin', `/signin?token=${'x'.repeat(43)}`])
      expect((await fetch(`${open.base}${path}`)).headers.get('set-cookie')).toBeNull()
    const { answer, cookie } = await signedIn(open)
    expect([answer.status, await answer.json()]).toEqual([200, { done: true }])
    expect(answer.headers.get('set-cookie')).toMatch(/HttpOnly/)
    expect(answer.headers.get('set-cookie')).toMatch(/SameSite=Strict/)
    expect((await fetch(`${open.base}/api/v1/interfaces`, { headers: { cookie } })).status).toBe(200)
    const again = await postLink(open.desk.signInLink ?? '')
    expect(again.status).toBe(401)
    expect(at(await again.json(), 'code')).toBe('SIGN_IN_LINK_INVALID')
    expect(again.headers.get('set-cookie')).toBeNull()
    expect(open.logLines.join('\n')).not.toContain(open.desk.signInLink?.split('=')[1])
  })
  it('wants the CSRF token with every write of a session, and ends the session on sign-out', async () => {
    const open = await fresh()
    const ticket = await withTicket(open)
    const { cookie, csrf } = await signedIn(open)
    const write = (headers: { readonly [name: string]: string }) =>
      fetch(`${open.base}/api/v1/tickets/${ticket}/comment`, {
        method: 'POST',
        headers: { cookie, 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ text: 'seen' }),
      })
    expect((await write({})).status).toBe(403)
    expect((await write({ 'x-csrf-token': 'guess' })).status).toBe(403)
    expect((await write({ 'x-csrf-token': csrf })).status).toBe(200)
    await fetch(`${open.base}/api/v1/signout`, { method: 'POST', headers: { cookie, 'x-csrf-token': csrf } })
    expect((await fetch(`${open.base}/api/v1/me`, { headers: { cookie } })).status).toBe(401)
  })
  it('ends a session by time', async () => {
    const open = await fresh()
    const { cookie } = await signedIn(open)
    for (let hour = 1; hour < 12; hour += 1) {
      open.clock.pass(3_540_000)
      expect((await fetch(`${open.base}/api/v1/me`, { headers: { cookie } })).status).toBe(200)
    }
    open.clock.pass(12 * 3_600_000 - 11 * 3_540_000)
    expect((await fetch(`${open.base}/api/v1/me`, { headers: { cookie } })).status).toBe(401)
  })
  it('slows down who tries many links', async () => {
    const open = await fresh()
    const statuses: number[] = []
    for (let i = 0; i < 12; i += 1) statuses.push((await postLink(`${open.base}/signin#token=guess${i}`)).status)
    expect(statuses.slice(0, 10)).toEqual(Array(10).fill(401))
    expect(statuses.slice(10)).toEqual([429, 429])
  })
})

describe('bad requests', () => {
  it('say what is wrong, with a code', async () => {
    const open = await fresh()
    const ticket = await withTicket(open)
    const cases: readonly (readonly [path: string, status: number, code: string, body?: object])[] = [
      ['/exchanges?limit=0', 400, 'INVALID_REQUEST'],
      ['/exchanges?limit=abc', 400, 'INVALID_REQUEST'],
      ['/exchanges?colour=red', 400, 'INVALID_REQUEST'],
      ['/exchanges?from=yesterday', 400, 'INVALID_REQUEST'],
      ['/exchanges?from=2026-12-31T23:59:60Z', 400, 'INVALID_REQUEST'],
      ['/interfaces/quiet/series?to=2026-11-23T00:00:00%2B08', 400, 'INVALID_REQUEST'],
      ['/exchanges?key=a&key=b', 400, 'INVALID_REQUEST'],
      ['/interfaces/quiet/series?from=2026-11-23T00:00:00Z&to=2026-11-22T00:00:00Z', 400, 'INVALID_REQUEST'],
      ['/interfaces/quiet/series?from=1990-01-01T00:00:00Z', 400, 'INVALID_REQUEST'],
      ['/interfaces/nobody', 404, 'NOT_FOUND'],
      ['/exchanges/nobody', 404, 'NOT_FOUND'],
      ['/tickets/nobody', 404, 'NOT_FOUND'],
      ['/tickets/nobody/resolve', 404, 'NOT_FOUND', {}],
      [`/tickets/${ticket}/close`, 409, 'TICKET_STATE', {}],
      [`/tickets/${ticket}/assign`, 400, 'INVALID_REQUEST', { owner: '' }],
      [`/tickets/${ticket}/assign`, 400, 'INVALID_REQUEST', { owner: 'wang', sudo: true }],
      [`/tickets/${ticket}/comment`, 413, 'TOO_LARGE', { text: 'x'.repeat(70_000) }],
      ['/exchanges/%ff', 400, 'INVALID_REQUEST'],
    ]
    for (const [path, status, code, body] of cases) {
      const answer = await open.ask('engineer', path, body)
      expect([path, answer.status, at(answer.json, 'code')]).toEqual([path, status, code])
    }
  })
  it('are limited in number', async () => {
    const open = await fresh({ requestsPerMinute: 10 })
    const statuses = await Promise.all([1, 2, 3, 4].map(async () => fetch(`${open.base}/healthz`)))
    expect(statuses.map(({ status }) => status).sort()).toEqual([200, 200, 429, 429])
    expect(Number(statuses.find(({ status }) => status === 429)?.headers.get('retry-after'))).toBeGreaterThan(0)
  })
})

describe('tickets', () => {
  it('open by themselves, once, resolve with their incident, and take what people do', async () => {
    const open = await fresh()
    const ticket = await withTicket(open)
    expect((await open.store.tickets({ limit: 9 })).items).toHaveLength(1)
    await open.ask('desk', `/tickets/${ticket}/assign`, { owner: 'wang' })
    const listed = await open.ask('viewer', '/tickets?state=assigned&interface=his-lis-lab-order&cause=conn-refused')
    expect(at(listed.json, 'items.0.owner')).toBe('wang')
    await open.store.commit({
      ...madeBatch([madeExchange({ number: 2 })]),
      incidents: [{ ...madeIncident('i1'), state: 'resolved', resolvedAt: dawn + 5, lastSeenAt: dawn + 5 }],
    })
    await swept(open)
    const { json } = await open.ask('viewer', `/tickets/${ticket}`)
    expect(at(json, 'state')).toBe('resolved')
    expect(at(json, 'timeline.0.kind')).toBe('opened')
    expect((await open.ask('engineer', `/tickets/${ticket}/reopen`, { text: 'again' })).status).toBe(200)
    expect((await open.ask('viewer', `/tickets/${ticket}/reopen`, {})).status).toBe(403)
    const audit = await open.store.audit({ limit: 9, action: 'ticket' })
    expect(audit.items.map(({ action }) => action)).toEqual(['ticket reopen', 'ticket assign'])
  })
  it('lose nothing when two people write at the same time', async () => {
    const open = await fresh()
    const ticket = await withTicket(open)
    await Promise.all(
      Array.from({ length: 5 }, (_, i) => open.ask('desk', `/tickets/${ticket}/comment`, { text: `note ${i}` })),
    )
    const notes = (await open.store.ticket(ticket))?.ticket.timeline.filter(({ kind }) => kind === 'comment')
    expect(notes?.map(({ text }) => text.en).sort()).toEqual(['note 0', 'note 1', 'note 2', 'note 3', 'note 4'])
  })
})

describe('state and metrics', () => {
  it('say which interface is ill, why, and which was never seen', async () => {
    const open = await fresh()
    await open.store.commit(
      madeBatch([
        ...Array.from({ length: 20 }, (_, i) => madeExchange({ number: i + 1, at: dawn + i })),
        ...Array.from({ length: 20 }, (_, i) =>
          madeExchange({ number: 100 + i, at: dawn + i, interfaceId: 'lis-emr-result', outcome: 'failed' }),
        ),
      ]),
    )
    const { json } = await open.ask('viewer', '/interfaces')
    const states = [0, 1, 2].map((i) => [
      at(json, `items.${i}.id`),
      at(json, `items.${i}.state`),
      at(json, `items.${i}.health.score`),
    ])
    expect(states).toEqual([
      ['his-lis-lab-order', 'ok', 100],
      ['lis-emr-result', 'down', 40],
      ['quiet', 'not-yet-observed', null],
    ])
    expect(at(json, 'items.1.health.parts.0.id')).toBe('success-rate')
    expect(at(json, 'items.0.counts.exchanges')).toBe(20)
    const metrics = await (await fetch(`${open.base}/metrics`)).text()
    expect(metrics).toContain('auscult_exchanges_total{interface="lis-emr-result",outcome="failed"} 20\n')
    expect(metrics).toContain('auscult_interface_health{interface="lis-emr-result"} 40\n')
    expect(metrics).toContain('auscult_observation_coverage{interface="his-lis-lab-order"} 1\n')
    for (const name of ['violations_total', 'latency_seconds', 'clock_offset_seconds', 'tickets', 'edge_dropped_total'])
      expect(metrics).toContain(`# TYPE auscult_${name} `)
    for (const line of metrics.trim().split('\n'))
      expect(line).toMatch(/^(# (HELP|TYPE) auscult_\w+ .+|auscult_\w+(\{(\w+="[^"]*",?)+\})? -?[\d.e+-]+)$/)
  })
  it('is told to listening pages as it changes', async () => {
    const open = await fresh()
    const token = await issueBearer(secrets.key('bearer'), { role: 'viewer', ttlMs: 60_000, now: open.clock.now() })
    const answer = await fetch(`${open.base}/api/v1/events`, { headers: { authorization: `Bearer ${token}` } })
    expect(answer.headers.get('content-type')).toContain('text/event-stream')
    const heard = hearing(answer, () => open.clock.pass(1_000))
    await heard.until('event: hello')
    await withTicket(open)
    const passing = (async () => {
      while (!heard.text().includes('event: tickets')) {
        open.clock.pass(1_000)
        await new Promise((resolve) => setImmediate(resolve))
      }
    })()
    await heard.until('event: tickets')
    await passing
    expect(heard.text()).toContain('event: interfaces\ndata: {"interfaceIds":["his-lis-lab-order"]}')
    await heard.cancel()
  })
  it('is not ready while the store can not answer', async () => {
    let isBroken = false
    const open = await fresh({
      store: (store) => ({ ...store, resume: () => (isBroken ? Promise.reject(new Error('gone')) : store.resume()) }),
    })
    expect((await fetch(`${open.base}/readyz`)).status).toBe(200)
    isBroken = true
    expect((await fetch(`${open.base}/readyz`)).status).toBe(503)
    expect((await fetch(`${open.base}/healthz`)).status).toBe(200)
  })
})

describe('the console', () => {
  it('is served with its page at every path, under a policy without inline scripts', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'auscult-console-'))
    folders.push(folder)
    mkdirSync(join(folder, 'assets'))
    writeFileSync(join(folder, 'index.html'), '<meta name="csp-nonce" content="__CSP_NONCE__">')
    writeFileSync(join(folder, 'assets', 'a.js'), 'let a')
    writeFileSync(join(folder, 'assets', 'large.js'), 'let b;'.repeat(1000))
    const open = await fresh({ consoleFolder: folder })
    const page = await fetch(`${open.base}/exchanges/e1?x=1`)
    const policy = page.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("script-src 'self';")
    const nonce = /style-src 'self' 'nonce-([^']+)'/.exec(policy)?.[1]
    expect(await page.text()).toContain(`content="${nonce}"`)
    expect((await fetch(`${open.base}/assets/a.js`)).headers.get('cache-control')).toContain('immutable')
    const large = await fetch(`${open.base}/assets/large.js`, { headers: { 'accept-encoding': 'gzip' } })
    expect([large.headers.get('content-encoding'), await large.text()]).toEqual(['gzip', 'let b;'.repeat(1000)])
    expect((await fetch(`${open.base}/assets/b.js`)).status).toBe(404)
    expect((await fetch(`${open.base}/assets/..%2f..%2fetc%2fpasswd`)).status).toBeGreaterThanOrEqual(400)
    expect((await fetch(`${open.base}/api/v1/nowhere`)).status).toBe(401)
  })
})

describe('starting', () => {
  it('fails with PORT_IN_USE where another program listens', async () => {
    const open = await fresh()
    const holder = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => holder.once('listening', resolve))
    const address = holder.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const starting = startDesk({
      store: open.store,
      catalogue,
      formats: new Map(),
      listen: { host: '127.0.0.1', port },
      clock: handClock(dawn),
      logger: { info: () => {}, error: () => {} },
      secrets,
      rules: customerRules,
      journeyPlans: [],
      consoleFolder: null,
    })
    await expect(starting).rejects.toMatchObject({ code: 'PORT_IN_USE' })
    holder.close()
  })
})
