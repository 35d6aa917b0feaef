import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { madeChange } from '../../../../fixtures/observed/changes.ts'
import { dawn, madeBatch, madeExchange } from '../../../../fixtures/observed/made.ts'
import type { Alert } from '../../../../gateway/model/incident.ts'
import { volume } from '../../../../monitors/volume.ts'
import { exchanged, hourMs, ticked } from '../../monitors/stream.ts'
import { at, catalogue, type OpenDesk, openDesk } from './open-desk.ts'

const order = 'his-lis-lab-order'
let open: OpenDesk
beforeEach(async () => {
  open = await openDesk()
})
afterEach(() => open.close())

/** The monitor's state after it watched the order interface for that long, with 60 messages an hour. */
function watched(hours: number, expectedPerHour: number | null) {
  const expectedVolume =
    expectedPerHour === null ? null : { perHour: Array<number>(24).fill(expectedPerHour), weekendFactor: 1 }
  const interfaces = catalogue.interfaces.map((iface) => ({ ...iface, expectedVolume }))
  const monitor = volume.start({ catalogue: { ...catalogue, interfaces }, journeyPlans: [] }, null)
  for (let now = dawn - hours * hourMs; now < dawn; now += 5_000) {
    monitor.assess(ticked(now, { listening: { [order]: 1 } }))
    if (now % 60_000 === 0) monitor.assess(exchanged({ at: now, interfaceId: order, latencyMs: 5 }))
  }
  return { monitors: { volume: monitor.save() } }
}

describe('volume against expectation', () => {
  it('says that nobody watches it', async () => {
    const { json } = await open.ask('viewer', `/interfaces/${order}/volume`)
    expect(json).toMatchObject({ state: 'unwatched', expectedFrom: null })
    expect(at(json, 'points')).toHaveLength(25)
  })

  it('says from when on what it learns is believed', async () => {
    await open.store.commit(madeBatch([madeExchange({ number: 1 })], { checkpoint: watched(3, null) }))
    const { json } = await open.ask('viewer', `/interfaces/${order}/volume`)
    expect(json).toMatchObject({ state: 'learning', expectedFrom: '2026-12-07T05:00:00.000+08:00' })
    expect(at(json, 'points.24')).toEqual({ at: '2026-11-23T08:00:00.000+08:00', exchanges: 1, expected: null })
  })

  it('says that too little came', async () => {
    await open.store.commit(madeBatch([], { position: '1', checkpoint: watched(0.25, null) }))
    expect((await open.ask('viewer', `/interfaces/${order}/volume`)).json).toMatchObject({ state: 'little' })
  })

  it('is unknown for an interface that nobody has', async () => {
    expect((await open.ask('viewer', '/interfaces/nobody/volume')).status).toBe(404)
  })
})

describe('what changed on an interface', () => {
  it('is told newest first, of this interface alone', async () => {
    await open.store.noteContract(use('one', '1'), dawn - 30 * hourMs)
    await open.store.noteContract(use('two', '2'), dawn - 20 * hourMs)
    await open.store.noteContract({ ...use('three', '3'), interfaceId: 'quiet' }, dawn - 10 * hourMs)
    await open.store.commit(
      madeBatch([madeExchange({ number: 1 })], {
        alerts: [versionChange(order, dawn - hourMs), versionChange('quiet', dawn), versionChange(order, dawn - 400 * hourMs)],
      }),
    )
    const touching = { interfaceIds: [], systemIds: ['lis'], fromAt: dawn - 2 * hourMs, toAt: dawn + hourMs }
    await open.store.savePlannedChange(madeChange({ id: 'c-touching', ...touching }), [])
    await open.store.savePlannedChange(madeChange({ id: 'c-other', ...touching, systemIds: ['pacs'] }), [])
    const configured = { origin: 'configuration', fromAt: dawn - 3 * hourMs, toAt: dawn - 3 * hourMs } as const
    await open.store.savePlannedChange(madeChange({ id: 'c-configured', ...configured }), [])
    const { json } = await open.ask('viewer', `/interfaces/${order}/changed`)
    expect(at(json, 'items')).toMatchObject([
      {
        kind: 'wire',
        at: '2026-11-23T07:00:00.000+08:00',
        ...{ systemId: 'lis', side: 'receiver', what: 'software', from: 'Tomcat/8', to: 'Tomcat/9', seen: 40, bad: 3 },
        exchangeId: 'e1',
      },
      { kind: 'planned', changeId: 'c-touching', phase: 'now', until: '2026-11-23T09:00:00.000+08:00' },
      { kind: 'configuration', changeId: 'c-configured' },
      { kind: 'contract', contractId: 'orders', version: '2' },
    ])
  })
})

function use(text: string, version: string) {
  return { interfaceId: order, contractId: 'orders', version, format: 'hl7v2', text }
}

function versionChange(interfaceId: string, changedAt: number): Alert {
  const subject = { kind: 'interface', id: interfaceId } as const
  const what = { monitor: 'versions', signal: 'versions/changed', subject } as const
  const side = { side: 'receiver', systemId: 'lis', kind: 'software', from: 'Tomcat/8', to: 'Tomcat/9' }
  const facts = { ...side, changedAt, peers: 1, changes: 1, seenSince: 40, badSince: 3, badShareBefore: 0 }
  const times = { onsetAt: changedAt, pendingAt: changedAt, firingAt: changedAt, resolvedAt: null, lastBadAt: dawn }
  return {
    ...what,
    ...times,
    id: `${interfaceId}-${changedAt}`,
    state: 'firing',
    flapping: false,
    reading: { ...what, at: dawn, onsetAt: changedAt, state: 'bad', score: 1, severity: 'warn', facts, exchangeIds: ['e1'] },
  }
}
