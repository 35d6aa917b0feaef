import { expect, it } from 'vitest'
import { type GroupLook, GroupWatch } from '../../../../../adapters/sources/kafka/group-watch.ts'

const subject = { kind: 'interface' as const, id: 'his-queue-call' }
const second = 1_000

/** What the cluster says: end and committed offset of each partition of one topic. */
function look(
  atS: number,
  partitions: readonly (readonly [high: number, committed: number | null])[],
  members = ['m1'],
): GroupLook {
  return {
    at: atS * second,
    ends: partitions.map(([high], partition) => ({ topic: 't', partition, low: 0, high })),
    committed: partitions.flatMap(([, offset], partition) => (offset === null ? [] : [{ topic: 't', partition, offset }])),
    standing: { group: 'screens', state: members.length === 0 ? 'Empty' : 'Stable', members },
    putAt: (_topic, _partition, offset) => offset * second,
  }
}

it('measures the lag in messages and in time, and where it is worst', () => {
  const [lag] = new GroupWatch('screens', subject).see(
    look(100, [
      [50, 50],
      [90, 60],
      [10, null],
    ]),
  )
  expect(lag).toMatchObject({ name: 'consumer-lag', by: 'kafka', subject, verdict: null })
  expect(lag?.facts).toEqual({
    group: 'screens',
    topic: 't',
    lagMessages: 30,
    lagMs: 40_000,
    partitions: 3,
    uncommittedPartitions: 1,
    worstPartition: 1,
    worstLagMessages: 30,
    lostMessages: 0,
    state: 'Stable',
    members: 1,
  })
})

it('says a lag again when it changes, every ten seconds while there is one, and else once a minute', () => {
  const said = (looks: readonly (readonly [atS: number, high: number])[]) => {
    const watch = new GroupWatch('screens', subject)
    return looks.map(([atS, high]) => watch.see(look(atS, [[high, 7]])).filter((m) => m.name === 'consumer-lag').length)
  }
  expect(
    said([
      [0, 7],
      [5, 7],
      [15, 7],
      [20, 8],
      [25, 8],
      [30, 8],
    ]),
  ).toEqual([1, 0, 0, 1, 0, 1])
  expect(
    said([
      [0, 7],
      [59, 7],
      [60, 7],
    ]),
  ).toEqual([1, 0, 1])
})

it('says of no group of the new protocol that nobody reads: the question is answered with Dead', () => {
  const standing = { group: 'screens', state: 'Dead', members: [] }
  const facts = (committed: number | null) =>
    new GroupWatch('screens', subject).see({ ...look(0, [[9, committed]]), standing })[0]?.facts
  expect(facts(7)).toMatchObject({ lagMessages: 2, state: null, members: null })
  expect(facts(null)).toMatchObject({ lagMessages: null, state: 'Dead', members: 0 })
})

it('tells a partition that stands still while its end moves from a consumer that is down', () => {
  const watch = new GroupWatch('screens', subject)
  const stuck = (atS: number, ...partitions: readonly (readonly [number, number])[]) =>
    watch.see(look(atS, partitions)).filter((m) => m.name === 'consumer-stuck')
  expect(stuck(0, [10, 5], [10, 5])).toEqual([])
  expect(stuck(20, [20, 5], [20, 15])).toEqual([])
  const [one, ...more] = stuck(30, [25, 5], [30, 25])
  expect(more).toEqual([])
  expect(one).toMatchObject({ verdict: 'no', code: 'OFFSET_STUCK' })
  expect(one?.facts).toMatchObject({
    partition: 0,
    offset: 5,
    lagMessages: 20,
    stuckMs: 30_000,
    endMovedMessages: 15,
    movingPartitions: 1,
  })
  // Told once a minute, and once more when it goes on.
  expect(stuck(60, [25, 5], [40, 40])).toEqual([])
  expect(stuck(95, [25, 5], [40, 40])).toHaveLength(1)
  expect(stuck(100, [25, 6], [40, 40])).toMatchObject([{ verdict: 'yes', facts: { partition: 0, offset: 6 } }])
})

it('calls no partition stuck that has nothing to read', () => {
  const watch = new GroupWatch('screens', subject)
  expect([0, 60, 120].flatMap((atS) => watch.see(look(atS, [[5, 5]]))).filter((m) => m.name === 'consumer-stuck')).toEqual([])
})

it('counts members that come and go', () => {
  const watch = new GroupWatch('screens', subject)
  const rebalance = (members: readonly string[]) => watch.see(look(0, [], [...members])).find((m) => m.name === 'rebalance')
  expect(rebalance(['m1', 'm2'])).toBeUndefined()
  expect(rebalance(['m1', 'm2'])).toBeUndefined()
  expect(rebalance(['m2', 'm3', 'm4'])?.facts).toEqual({
    group: 'screens',
    state: 'Stable',
    stateBefore: 'Stable',
    members: 3,
    joined: 2,
    left: 1,
  })
  expect(rebalance([])?.facts).toMatchObject({ state: 'Empty', stateBefore: 'Stable', left: 3 })
})

it('counts messages that retention took before the group read them', () => {
  const lost = new GroupWatch('screens', subject).see({
    ...look(0, []),
    ends: [{ topic: 't', partition: 0, low: 100, high: 120 }],
    committed: [{ topic: 't', partition: 0, offset: 40 }],
  })
  expect(lost[0]?.facts).toMatchObject({ lagMessages: 20, lostMessages: 60 })
})
