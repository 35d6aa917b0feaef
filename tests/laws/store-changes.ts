/** The part of the store's law that is about planned changes, silences, and how analysis takes them. `store.ts` runs it. */
import { expect, it } from 'vitest'
import { madeChange, madeSilence } from '../../fixtures/observed/changes.ts'
import { dawn, madeBatch, madeExchange, positionOf } from '../../fixtures/observed/made.ts'
import { madeIncident } from '../../fixtures/observed/tickets.ts'
import type { Store } from '../../gateway/store/store.ts'

const hour = 3_600_000

export function changeStoreLaw(fresh: () => Promise<Store>, reopened: () => Promise<Store>): void {
  it('keeps a planned change by revisions; a write on an older one changes nothing', async () => {
    const store = await fresh()
    const change = madeChange({ snapshot: 'd1' })
    expect(await store.plannedChange(change.id)).toBeNull()
    expect(await store.savePlannedChange(change, [{ digest: 'd1', text: 'interfaces: []' }])).toBe(true)
    expect(await store.savePlannedChange({ ...change, title: 'other' }, [])).toBe(false)
    const ended = { ...change, revision: 2, state: 'ended-early', endedAt: dawn + 5, endedBy: 'li' } as const
    expect(await store.savePlannedChange(ended, [])).toBe(true)
    expect(await store.savePlannedChange({ ...change, revision: 2, state: 'cancelled' }, [])).toBe(false)
    const later = await reopened()
    expect(await later.plannedChange(change.id)).toEqual(ended)
    expect(await later.snapshot('d1')).toEqual({ digest: 'd1', text: 'interfaces: []' })
    expect(await later.snapshot('d2')).toBeNull()
  })

  it('keeps silences by revisions', async () => {
    const store = await fresh()
    const silence = madeSilence()
    expect(await store.saveSilence(silence)).toBe(true)
    expect(await store.saveSilence(silence)).toBe(false)
    const ended = { ...silence, revision: 2, endedAt: dawn + 5, endedBy: 'li' }
    expect(await store.saveSilence(ended)).toBe(true)
    expect(await store.silence(silence.id)).toEqual(ended)
    expect(await store.silence('none')).toBeNull()
  })

  it('lists them from the latest begin, by the time that they touch, page by page', async () => {
    const store = await fresh()
    for (const n of [1, 2, 3, 4, 5]) {
      const span = { fromAt: dawn + n * hour, toAt: dawn + (n + 1) * hour }
      await store.savePlannedChange(madeChange({ id: `c${n}`, ...span }), [])
      await store.saveSilence(madeSilence({ id: `s${n}`, fromAt: span.fromAt, untilAt: span.toAt }))
    }
    const first = await store.plannedChanges({ limit: 2 })
    expect(first.items.map(({ id }) => id)).toEqual(['c5', 'c4'])
    const second = await store.plannedChanges({ limit: 3, ...(first.nextCursor === null ? {} : { cursor: first.nextCursor }) })
    expect(second.items.map(({ id }) => id)).toEqual(['c3', 'c2', 'c1'])
    expect(second.nextCursor).toBeNull()
    const touching = { from: dawn + 3.5 * hour, to: dawn + 4.5 * hour, limit: 9 }
    expect((await store.plannedChanges(touching)).items.map(({ id }) => id)).toEqual(['c4', 'c3'])
    expect((await store.silences(touching)).items.map(({ id }) => id)).toEqual(['s4', 's3'])
  })

  it('declares each revision to analysis once; it is taken with the batch or not at all', async () => {
    const store = await fresh()
    const change = madeChange()
    const silence = madeSilence()
    await store.savePlannedChange(change, [])
    await store.savePlannedChange(madeChange({ id: 'c2', origin: 'configuration' }), [])
    await store.saveSilence(silence)
    const untaken = await store.untakenDeclarations(10)
    expect(untaken.map(({ declaration }) => declaration)).toEqual([
      { kind: 'change', change },
      { kind: 'silence', silence },
    ])
    expect((await store.untakenDeclarations(1)).length).toBe(1)
    const [first] = untaken
    if (first === undefined) throw new Error('a declaration was expected')
    const one = { declarations: [{ num: first.num, after: null }] }
    await store.commit(madeBatch([madeExchange({ number: 1 })], one))
    expect((await store.untakenDeclarations(10)).map(({ num }) => num)).toEqual(untaken.slice(1).map(({ num }) => num))
    expect(await store.takenDeclarations()).toEqual([{ ...first, after: null }])
    // A batch that isn't written takes nothing.
    const late = { declarations: untaken.slice(1).map(({ num }) => ({ num, after: positionOf(1) })) }
    expect(await store.commit(madeBatch([madeExchange({ number: 1 })], late))).toBe('already-committed')
    expect((await store.takenDeclarations()).length).toBe(1)
    await store.commit(madeBatch([madeExchange({ number: 2 })], late))
    expect((await (await reopened()).takenDeclarations()).map(({ after }) => after)).toEqual([null, positionOf(1)])
  })

  it('forgets the places once a checkpoint holds what was declared', async () => {
    const store = await fresh()
    await store.savePlannedChange(madeChange(), [])
    await store.saveSilence(madeSilence())
    const [first, second] = await store.untakenDeclarations(10)
    if (first === undefined || second === undefined) throw new Error('two declarations were expected')
    await store.commit(madeBatch([madeExchange({ number: 1 })], { declarations: [{ num: first.num, after: null }] }))
    const covering = { checkpoint: {}, declarations: [{ num: second.num, after: positionOf(1) }] }
    await store.commit(madeBatch([madeExchange({ number: 2 })], covering))
    expect(await store.takenDeclarations()).toEqual([])
    expect(await store.untakenDeclarations(10)).toEqual([])
  })

  it('finds the incidents that were held back, and counts them', async () => {
    const store = await fresh()
    const withheldBy = ['c1', 's1']
    const incidents = [1, 2, 3].map((n) => ({
      ...madeIncident(`i${n}`),
      openedAt: dawn + n,
      ticketed: n === 1,
      ...(n === 2 ? {} : { withheldBy, withheld: null }),
    }))
    await store.commit(madeBatch([madeExchange({ number: 1 })], { incidents }))
    const held = await store.withheldIncidents('c1', 1)
    expect([held.items.map(({ id }) => id), held.count, held.ticketedCount]).toEqual([['i3'], 2, 1])
    expect((await store.withheldIncidents('c9', 5)).count).toBe(0)
  })

  it('drops what is long past, and the snapshots that nothing points at any more', async () => {
    const store = await fresh()
    await store.savePlannedChange(madeChange({ id: 'old', snapshot: 'd1' }), [{ digest: 'd1', text: 'a' }])
    const kept = madeChange({ id: 'new', toAt: dawn + 30 * hour, snapshot: 'd2', snapshotBefore: 'd3' })
    await store.savePlannedChange(kept, [{ digest: 'd2', text: 'b' }])
    await store.saveSilence(madeSilence())
    const before = { bodiesBefore: 0, exchangesBefore: 0, minutesBefore: 0, hoursBefore: 0, closedBefore: dawn + 20 * hour }
    while ((await store.prune(before)).more);
    expect([await store.plannedChange('old'), await store.snapshot('d1'), await store.silence('s1')]).toEqual([
      null,
      null,
      null,
    ])
    expect(await store.plannedChange('new')).toEqual(kept)
    expect(await store.snapshot('d2')).not.toBeNull()
    // What analysis hasn't taken yet stays until it has.
    expect((await store.untakenDeclarations(10)).length).toBe(3)
  })
}
