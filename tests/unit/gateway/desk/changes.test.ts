import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dawn, madeBatch, madeExchange } from '../../../../fixtures/observed/made.ts'
import { madeIncident } from '../../../../fixtures/observed/tickets.ts'
import { partDigestsOf, snapshotOf } from '../../../../gateway/desk/configuration-snapshot.ts'
import { recordConfiguration } from '../../../../gateway/desk/record-configuration.ts'
import { at, catalogue, type OpenDesk, openDesk } from './open-desk.ts'

const minute = 60_000
let open: OpenDesk
beforeEach(async () => {
  open = await openDesk()
})
afterEach(() => open.close())

const iso = (minutes: number) => new Date(dawn + minutes * minute).toISOString()
const wish = {
  title: 'LIS 升级',
  approval: 'CR-2026-118',
  from: iso(10),
  to: iso(70),
  interfaceIds: ['his-lis-lab-order'],
}

async function planned(changes: object = {}): Promise<string> {
  const { status, json } = await open.ask('desk', '/changes', { ...wish, ...changes })
  expect(status).toBe(200)
  return String(at(json, 'id'))
}

describe('a planned change', () => {
  it('is kept with its defaults, who made it, and the configuration as it was', async () => {
    const id = await planned()
    const { json } = await open.ask('viewer', `/changes/${id}`)
    expect(json).toMatchObject({
      ...wish,
      from: '2026-11-23T08:10:00.000+08:00',
      to: '2026-11-23T09:10:00.000+08:00',
      graceMin: 10,
      phase: 'coming',
      origin: 'person',
      systemIds: [],
      withheldCount: 0,
      incidents: [],
      configuration: { isCurrent: true },
    })
    expect(at(json, 'configuration.text')).toContain('id: his-lis-lab-order')
    expect((await open.store.untakenDeclarations(9)).map(({ declaration }) => declaration.kind)).toEqual(['change'])
  })

  it.each([
    ['an interface that nobody has', { interfaceIds: ['his-lsi'] }],
    ['a system that nobody has', { systemIds: ['pacs'] }],
    ['nothing', { interfaceIds: [] }],
    ['a window that ends before it begins', { to: iso(9) }],
    ['a window in the past', { from: iso(-90), to: iso(-30) }],
    ['more than 31 days', { to: iso(32 * 24 * 60) }],
    ['a time that no clock here shows', { from: '2026-11-23T08:10:00+08' }],
    ['no approval', { approval: '' }],
    ['an approval with free text in it', { approval: 'told by phone' }],
  ])('is refused with %s', async (_, changes) => {
    const { status, json } = await open.ask('desk', '/changes', { ...wish, ...changes })
    expect([status, at(json, 'code')]).toEqual([400, 'INVALID_REQUEST'])
  })

  it('is cancelled before it begins, ended early while it is open, and neither afterwards', async () => {
    const cancelled = await planned()
    const ended = await planned({ systemIds: ['lis'] })
    const stop = async (id: string, how: string) => {
      const { status, json } = await open.ask('desk', `/changes/${id}/${how}`, { reason: 'the vendor is late' })
      return [status, at(json, 'phase') ?? at(json, 'code')]
    }
    expect(await stop(cancelled, 'end')).toEqual([409, 'CHANGE_STATE'])
    expect(await stop(cancelled, 'cancel')).toEqual([200, 'cancelled'])
    open.clock.pass(20 * minute)
    expect(await stop(ended, 'cancel')).toEqual([409, 'CHANGE_STATE'])
    expect(await stop(ended, 'end')).toEqual([200, 'past'])
    expect(await stop(ended, 'end')).toEqual([409, 'CHANGE_STATE'])
    expect(await stop('c0', 'end')).toEqual([404, 'NOT_FOUND'])
    const audit = (await open.store.audit({ limit: 9 })).items.map(({ action, reason }) => `${action}: ${reason}`)
    expect(audit).toEqual([
      'change ended early: the vendor is late',
      'change cancelled: the vendor is late',
      'change planned: CR-2026-118',
      'change planned: CR-2026-118',
      'start: null',
    ])
  })

  it('marks the interfaces whose window is open, those of a named system too', async () => {
    await planned()
    await planned({ interfaceIds: [], systemIds: ['lis'], approval: 'CR-2', from: iso(30), to: iso(40) })
    const marks = async () => {
      open.clock.pass(1_001)
      const { json } = await open.ask('viewer', '/interfaces')
      return [0, 1].map((i) => at(json, `items.${i}.window.approval`) ?? null)
    }
    expect(await marks()).toEqual([null, null])
    open.clock.pass(15 * minute)
    expect(await marks()).toEqual(['CR-2026-118', null])
    open.clock.pass(15 * minute)
    // Of two that are open the one that ends last.
    expect(await marks()).toEqual(['CR-2026-118', 'CR-2'])
    open.clock.pass(60 * minute)
    expect(await marks()).toEqual([null, null])
  })

  it('lists what it held back, and the ticket of what overran', async () => {
    const id = await planned()
    const incidents = [
      { ...madeIncident('i1'), ticketed: false, withheldBy: [id], withheld: null },
      { ...madeIncident('i2'), openedAt: dawn + 1, withheldBy: [id], withheld: null },
    ]
    await open.store.commit(madeBatch([madeExchange({ number: 1 })], { incidents }))
    const { json } = await open.ask('viewer', `/changes/${id}`)
    expect(json).toMatchObject({
      withheldCount: 2,
      ticketedCount: 1,
      incidents: [
        { id: 'i2', ticketId: 't2', cause: 'conn-refused' },
        { id: 'i1', ticketId: null },
      ],
    })
    expect((await open.ask('viewer', '/changes')).json).toMatchObject({ items: [{ id, withheldCount: 2 }] })
  })
})

describe('a silence', () => {
  it('lasts as long as it says and marks its interfaces', async () => {
    const body = { reason: 'vendor on site', minutes: 30, interfaceIds: ['lis-emr-result'], cause: 'conn-refused' }
    const { status, json } = await open.ask('engineer', '/silences', body)
    expect(status).toBe(200)
    expect(json).toMatchObject({ isActive: true, cause: 'conn-refused', until: '2026-11-23T08:31:00.000+08:00' })
    open.clock.pass(1_001)
    expect((await open.ask('viewer', '/interfaces/lis-emr-result')).json).toMatchObject({
      window: null,
      silence: { silenceId: at(json, 'id'), cause: 'conn-refused', until: '2026-11-23T08:31:00.000+08:00' },
    })
    open.clock.pass(30 * minute)
    expect((await open.ask('viewer', '/silences')).json).toMatchObject({ items: [{ isActive: false, endedBy: null }] })
    expect((await open.ask('viewer', '/interfaces/lis-emr-result')).json).toMatchObject({ silence: null })
  })

  it('hides nothing: what it held back is listed with it', async () => {
    const { json } = await open.ask('engineer', '/silences', { reason: 'x', minutes: 60, interfaceIds: ['his-lis-lab-order'] })
    const id = String(at(json, 'id'))
    const incidents = [{ ...madeIncident('i1'), ticketed: false, withheldBy: [id], withheld: null }]
    await open.store.commit(madeBatch([madeExchange({ number: 1 })], { incidents }))
    expect((await open.ask('viewer', '/silences')).json).toMatchObject({
      items: [{ id, withheldCount: 1, ticketedCount: 0, incidents: [{ id: 'i1', cause: 'conn-refused', ticketId: null }] }],
    })
  })

  it('is ended by hand, once', async () => {
    const { json } = await open.ask('engineer', '/silences', { reason: 'x', minutes: 60, interfaceIds: ['quiet'] })
    const end = `/silences/${at(json, 'id')}/end`
    expect((await open.ask('engineer', end, {})).json).toMatchObject({ isActive: false })
    expect((await open.ask('engineer', end, {})).status).toBe(409)
    expect((await open.store.audit({ limit: 9 })).items.map(({ action }) => action)).toEqual([
      'silence ended',
      'silence begun',
      'start',
    ])
  })

  it.each([
    ['longer than a day', { minutes: 1441, interfaceIds: ['quiet'] }],
    ['of nothing at all', { minutes: 5 }],
    ['of an interface that nobody has', { minutes: 5, interfaceIds: ['nobody'], cause: 'silent' }],
  ])('is refused when it is %s', async (_, body) => {
    expect((await open.ask('engineer', '/silences', { reason: 'x', ...body })).status).toBe(400)
  })
})

it('a snapshot holds no secret and no path of one, and its digest follows what it says', () => {
  const [first, ...others] = catalogue.interfaces
  if (first === undefined) throw new Error('an interface was expected')
  const sasl = { mechanism: 'plain', username: 'u-secret', passwordFile: '/etc/p-secret', passwordEnv: null } as const
  const tls = { cert: '/etc/c-secret', key: '/etc/k-secret', ca: null, verifyPeer: true, serverName: null }
  const kafka = {
    brokers: [{ host: 'k1', port: 9092 }],
    topics: 'orders',
    groups: [],
    from: 'latest',
    observerGroup: 'o',
    lagEveryMs: 1000,
    tls,
    sasl,
  } as const
  const changed = { ...catalogue, interfaces: [{ ...first, sources: { ...first.sources, kafka } }, ...others] }
  const { text, digest } = snapshotOf(changed)
  expect(text).toContain('k1:9092')
  expect(text).not.toContain('secret')
  expect(digest).not.toBe(snapshotOf(catalogue).digest)
  expect(snapshotOf(catalogue)).toEqual(snapshotOf({ ...catalogue }))
  const before = partDigestsOf(catalogue).interfaces
  const after = partDigestsOf(changed).interfaces
  expect(Object.keys(after).filter((id) => after[id] !== before[id])).toEqual([first.id])
})

it('a new configuration is a change of its own: who, what differs, and both texts', async () => {
  // The desk noted the first one when it started.
  expect(await recordConfiguration(open.store, catalogue, dawn)).toBeNull()
  const [first, ...others] = catalogue.interfaces
  const [his, ...systems] = catalogue.systems
  if (first === undefined || his === undefined) throw new Error('an interface and a system were expected')
  const changed = {
    ...catalogue,
    systems: [{ ...his, addresses: ['10.1.0.11'] }, ...systems],
    interfaces: [...others, { ...first, id: 'his-lis-query' }],
  }
  const id = await recordConfiguration(open.store, changed, dawn + minute)
  expect(await recordConfiguration(open.store, changed, dawn + minute)).toBeNull()
  const { json } = await open.ask('viewer', `/changes/${id}`)
  expect(json).toMatchObject({
    origin: 'configuration',
    by: 'configuration',
    interfaceIds: ['his-lis-lab-order', 'his-lis-query'],
    systemIds: ['his'],
    phase: 'past',
    snapshot: snapshotOf(changed).digest,
    snapshotBefore: snapshotOf(catalogue).digest,
    configuration: { text: snapshotOf(changed).text, before: snapshotOf(catalogue).text, isCurrent: false },
  })
  // It has no window: analysis isn't told, and no interface is marked.
  expect(await open.store.untakenDeclarations(9)).toEqual([])
  open.clock.pass(1_001)
  expect((await open.ask('viewer', '/interfaces')).json).toMatchObject({ items: [{ window: null }, {}, {}] })
})
