import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { comparePositions, dawn, madeBatch, positionOf } from '../../../../../fixtures/observed/made.ts'
import { madeIncident } from '../../../../../fixtures/observed/tickets.ts'
import { endDutySweeps, sweepDuties } from '../../../../../gateway/desk/duties/sweep-duties.ts'
import { customerRules } from '../../../../../gateway/desk/rules/read-rules.ts'
import type { Setting } from '../../../../../gateway/desk/setting.ts'
import { startSweeping } from '../../../../../gateway/desk/sweeping.ts'
import { actOnTicket, sweepTickets } from '../../../../../gateway/desk/tickets.ts'
import { secretsFrom } from '../../../../../gateway/store/secrets.ts'
import { openSqliteStore } from '../../../../../gateway/store/sqlite-store.ts'
import type { Store } from '../../../../../gateway/store/store.ts'
import { manualClock } from '../../../../support/clock.ts'
import { szph } from '../rules/szph.ts'

const setting: Setting = { rules: customerRules, catalogue: szph, channels: [] }
const minute = 60_000
const closings: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closings.splice(0)) await close()
})

/** Two stores on one database, as two desks have them, with one ticket. */
async function twoDesks(intake = dawn): Promise<readonly [Store, Store]> {
  const folder = mkdtempSync(join(tmpdir(), 'auscult-duties-'))
  const key = secretsFrom(new Uint8Array(32).fill(3)).key('tokens')
  const open = () => openSqliteStore({ folder, tokenKeys: [key], bodyKey: null, comparePositions })
  const stores = [open(), open()] as const
  closings.push(async () => {
    for (const store of stores) await store.close()
    rmSync(folder, { recursive: true, force: true })
  })
  await stores[0].commit(madeBatch([], { incidents: [{ ...madeIncident('i1'), openedAt: intake, lastSeenAt: intake }] }))
  await sweepTickets(stores[0], setting, intake)
  return stores
}

async function kindsOf(store: Store): Promise<readonly string[]> {
  return (await store.ticket('t1'))?.ticket.timeline.map(({ kind }) => kind) ?? []
}

test('a late duty has its effect once, whoever sweeps, and stays owed until it is done', async () => {
  const [one, other] = await twoDesks()
  const at = dawn + 15 * minute
  expect(await sweepDuties({ store: one, setting, holder: 'one' }, at - 1)).toEqual([])
  expect(await sweepDuties({ store: one, setting, holder: 'one' }, at)).toEqual(['t1'])
  // The lease is held: the other desk does nothing; when it has expired, there is nothing left to do.
  expect(await sweepDuties({ store: other, setting, holder: 'other' }, at)).toEqual([])
  expect(await sweepDuties({ store: other, setting, holder: 'other' }, at + 10_000)).toEqual([])
  expect(await kindsOf(other)).toEqual(['opened', 'escalated'])
  const owed = await one.duties({ ticketId: 't1', state: 'open', limit: 20 })
  expect(owed.items.filter(({ duty }) => duty.kind === 'assign').map(({ duty }) => duty.overdueAt)).toEqual([at, null])
  const acting = { by: 'wang', at: at + minute, setting }
  await actOnTicket(one, 't1', { kind: 'assign', owner: 'wang' }, acting)
  const done = await one.duties({ state: 'done', limit: 20 })
  expect(done.items.map(({ duty }) => [duty.kind, duty.endedAt])).toEqual([
    ['assign', at + minute],
    ['assign', at + minute],
  ])
})

test('two desks that both believe they hold the lease do nothing twice', async () => {
  const [one, other] = await twoDesks()
  const at = dawn + 15 * minute
  // Both have read the same late duty before either writes.
  const [read] = await one.dueDuties(at, 10)
  if (read === undefined) throw new Error('nothing is due')
  const effects = { ends: [], starts: [], notices: [], overdue: { dutyId: read.duty.id, at } }
  expect(await other.saveTicket(read.ticket, read.version, 0, effects)).toBe(true)
  expect(await one.saveTicket(read.ticket, read.version, 0, effects)).toBe(false)
  // Nor with the newest version of the ticket, once the duty is settled.
  const newest = await one.ticket('t1')
  expect(await one.saveTicket(read.ticket, newest?.version ?? 0, 0, effects)).toBe(false)
})

test('a desk that stops gives the lease back; one that dies is followed when it expires', async () => {
  const [one, other] = await twoDesks()
  const first = { store: one, setting, holder: 'one' }
  const second = { store: other, setting, holder: 'other' }
  await sweepDuties(first, dawn)
  expect(await sweepDuties(second, dawn + 15 * minute)).toEqual(['t1'])
  await sweepDuties(first, dawn + 16 * minute)
  await endDutySweeps(second)
  expect(await other.takeLease('duties', 'third', dawn + 16 * minute, 1)).toBe(false)
  await endDutySweeps(first)
  expect(await other.takeLease('duties', 'third', dawn + 16 * minute, 1)).toBe(true)
})

test('a fault that gets better and worse again is still to be repaired in time', async () => {
  const [one] = await twoDesks()
  const incident = { ...madeIncident('i1'), openedAt: dawn }
  for (const [number, severity] of (['P3', 'P2'] as const).entries()) {
    const at = dawn + (number + 1) * minute
    await one.commit(
      madeBatch([], { position: positionOf(number + 2), incidents: [{ ...incident, severity, lastSeenAt: at }] }),
    )
    await sweepTickets(one, setting, at)
  }
  const owed = (await one.duties({ ticketId: 't1', state: 'open', limit: 20 })).items.map(({ duty }) => duty.kind)
  expect(owed).toContain('recover')
})

test('one incident that no rule fits holds up neither the other tickets nor their deadlines', async () => {
  const [one] = await twoDesks()
  const odd = { ...madeIncident('i0'), severity: JSON.parse('"P9"'), openedAt: dawn - 1 }
  await one.commit(madeBatch([], { position: positionOf(9), incidents: [odd, { ...madeIncident('i2'), openedAt: dawn }] }))
  const clock = manualClock(dawn + 15 * minute)
  const said: string[] = []
  const logger = { info: () => {}, error: (_: unknown, words: string) => said.push(words) }
  const sweeping = startSweeping({ store: one, clock, logger }, setting, 'one')
  await sweeping.stop()
  expect((await one.ticket('t2'))?.ticket.state).toBe('open')
  expect(await kindsOf(one)).toEqual(['opened', 'escalated'])
  expect([said, sweeping.isHealthy()]).toEqual([['tickets can not be swept'], false])
})

test('several late duties of one ticket are settled one sweep after the other', async () => {
  const [one] = await twoDesks()
  const sweep = { store: one, setting, holder: 'one' }
  const at = dawn + 30 * 86_400_000
  const sweeps = []
  while ((await sweepDuties(sweep, at)).length > 0) sweeps.push(1)
  // assign, arrive, recover, solve, and assign again a level up, that isn't due yet.
  expect(sweeps.length).toBe(4)
  expect((await one.ticket('t1'))?.ticket).toMatchObject({ level: 3, owner: 'headquarters', difficultAt: at })
})

test.each([
  ['2026-02-13T16:00:00+08:00', '2026-02-25T23:59:59.999+08:00'],
  ['2026-09-30T08:00:00+08:00', '2026-10-10T23:59:59.999+08:00'],
])('taken in at %s and worked on, it is a 疑难问题 at the end of the third working day and not before', async (from, until) => {
  const intake = Date.parse(from)
  const [one] = await twoDesks(intake)
  const sweep = { store: one, setting, holder: 'one' }
  await actOnTicket(one, 't1', { kind: 'arrive' }, { by: 'wang', at: intake + minute, setting })
  const due = Date.parse(until)
  while ((await sweepDuties(sweep, due - 1)).length > 0);
  expect((await one.ticket('t1'))?.ticket).toMatchObject({ difficultAt: null, owner: 'wang', level: 1 })
  expect(await sweepDuties(sweep, due)).toEqual(['t1'])
  const difficult = { difficultAt: due, owner: 'regional-centre', level: 2, lead: 'wang', firstResponder: 'wang' }
  expect((await one.ticket('t1'))?.ticket).toMatchObject(difficult)
})
