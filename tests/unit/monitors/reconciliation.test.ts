import { expect, test } from 'vitest'
import type { Inspected, Reading } from '../../../gateway/model/reading.ts'
import { reconciliation } from '../../../monitors/reconciliation.ts'
import {
  aCatalogue,
  anInterface,
  type ExchangeWish,
  exchanged,
  feed,
  mondayMorning,
  readingsOf,
  seeded,
  ticked,
} from './stream.ts'

const feedId = 'ods-decision-feed'
const catalogue = aCatalogue(anInterface(feedId, { format: 'json' }))

const told = (items: readonly Inspected[]): readonly Reading[] => readingsOf(reconciliation, catalogue, items)
const at = (n: number) => mondayMorning + n * 1000

/** Rows of two tables, and after every thirty how many there were; `isSent` says which of them came. */
function rows(count: number, isSent: (n: number) => boolean, beside: (n: number) => readonly Inspected[] = () => []) {
  const counts = new Map<string, number>()
  const items: Inspected[] = []
  const record = (n: number, wish: Partial<ExchangeWish>) => {
    const item = exchanged({ at: at(n), interfaceId: feedId, outcome: 'one-way', ...wish })
    // To the tap a record is of its topic; what it changes stands in its body.
    return { ...item, entry: { ...item.entry, exchange: { ...item.entry.exchange, type: 'ods.cdc.his' } } }
  }
  for (let n = 0; n < count; n += 1) {
    const table = n % 3 === 0 ? 'VISIT' : 'ORDER'
    counts.set(table, (counts.get(table) ?? 0) + 1)
    if (isSent(n)) items.push(record(n, { id: `r${n}`, type: `${table} c` }))
    items.push(...beside(n))
    if (n % 30 === 29) {
      const reckoning = { agrees: null, counts: [...counts].map(([of, total]) => ({ of, count: total })) }
      items.push(record(n, { id: `w${n}`, type: 'his.cdc', reckoning }))
    }
  }
  return items
}

test('rows that were counted and never came are told, from the last count that agreed, until one agrees again', () => {
  const readings = told(rows(300, (n) => n < 90 || n >= 210 || n % 4 !== 0))
  expect(readings.map(({ state, severity }) => `${state} ${severity}`)).toEqual(['bad ticket', 'bad ticket', 'good ticket'])
  const [first] = readings
  expect(first?.facts).toEqual({ due: 60, lacking: 15, uncounted: 0 })
  expect(first?.onsetAt).toBe(at(89))
})

test('rows on their way while they are counted, a counter that begins anew, and tables that never pass here are nothing', () => {
  const early = rows(300, (n) => n % 30 !== 28)
  expect(told(early)).toEqual([])
  expect(told([...rows(90, () => true), ...rows(90, () => true)])).toEqual([])
  expect(
    told(
      rows(
        120,
        () => false,
        () => [],
      ).slice(0, 1),
    ),
  ).toEqual([])
})

test('after a loss of our own the next count is only a beginning', () => {
  const lost = (n: number) => (n === 100 ? [ticked(at(n), { dropped: { inspect: 20 } })] : [])
  expect(told(rows(300, (n) => n < 95 || n > 112, lost))).toEqual([])
})

test('who compares both books says that they differ, and that they agree again', () => {
  const asked = (n: number, agrees: boolean) =>
    exchanged({ at: at(n), interfaceId: feedId, answerReckoning: { agrees, counts: [] } })
  const readings = told([asked(1, true), asked(20, false), asked(25, false), asked(40, true)])
  expect(readings.map(({ state, at: said }) => `${state} ${said - mondayMorning}`)).toEqual(['bad 20020', 'good 40020'])
})

test('of one table a few rows lack in every count: told by their sum, and good again when they come', () => {
  const readings = told(rows(1500, (n) => n < 300 || n >= 900 || n % 15 !== 0))
  expect(readings[0]).toMatchObject({ state: 'bad', severity: 'ticket', onsetAt: at(299) })
  expect(readings[0]?.at ?? 0).toBeLessThan(at(520))
  expect(readings.at(-1)?.state).toBe('good')
})

test('batches of which fewer were taken than were sent, though each is answered well; where it was always so, nothing', () => {
  const batches = (from: number, count: number, taken: (n: number) => number) =>
    Array.from({ length: count }, (_, n) =>
      exchanged({
        at: at(from + n),
        interfaceId: feedId,
        id: `b${from + n}`,
        reckoning: { agrees: null, counts: [], sent: 30 },
        answerReckoning: { agrees: null, counts: [], taken: taken(n) },
      }),
    )
  const readings = told([...batches(0, 60, () => 30), ...batches(60, 30, (n) => (n % 2 === 0 ? 30 : 27))])
  expect(readings[0]).toMatchObject({ state: 'bad', severity: 'ticket', onsetAt: at(61) + 20 })
  expect(readings[0]?.facts).toEqual({ due: 120, lacking: 12, uncounted: 0 })
  expect(told(batches(0, 200, (n) => (n % 3 === 0 ? 30 : 27)))).toEqual([])
})

test("rows that came and are counted no more are told; what a snapshot reads again needn't be counted", () => {
  /** From the ninetieth on the sender's count goes without every fourth row; `op` is what those rows are. */
  const counting = (op: string) => {
    let uncounted = 0
    return rows(300, () => true).map((item, n) => {
      const { requestFacts } = item.kind === 'exchange' ? item : { requestFacts: null }
      if (item.kind !== 'exchange' || requestFacts === null || n < 93) return item
      const { reckoning } = requestFacts
      if (reckoning === undefined) {
        if (n % 4 !== 0) return item
        uncounted += 1
        return { ...item, requestFacts: { ...requestFacts, type: `ORDER ${op}` } }
      }
      const counts = reckoning.counts.map(({ of, count }) => ({ of, count: of === 'ORDER' ? count - uncounted : count }))
      return { ...item, requestFacts: { ...requestFacts, reckoning: { ...reckoning, counts } } }
    })
  }
  const [first] = told(counting('c'))
  expect(first).toMatchObject({ state: 'bad', severity: 'ticket', facts: { lacking: 0 } })
  expect(first?.facts.uncounted).toBeGreaterThan(11)
  expect(told(counting('r'))).toEqual([])
})

test('where the standard has one answer for each, a few that were whole tell that fewer are taken; one that never keeps to it is let be', () => {
  const transactions = (from: number, count: number, taken: number) =>
    Array.from({ length: count }, (_, n) =>
      exchanged({
        at: at(from + n),
        interfaceId: feedId,
        id: `t${from + n}`,
        reckoning: { agrees: null, counts: [], sent: 4 },
        answerReckoning: { agrees: null, counts: [], taken, isOneEach: true },
      }),
    )
  expect(told([...transactions(0, 6, 4), ...transactions(6, 6, 3)])[0]).toMatchObject({ state: 'bad', onsetAt: at(6) + 20 })
  expect(told(transactions(0, 100, 3))).toEqual([])
})

test('where six batches in a hundred are always taken in part that is usual, and five times as many are not', () => {
  const random = seeded(1)
  const batch = (i: number, partly: number) => {
    const taken = random() < partly ? 8 : 10
    return exchanged({ at: at(60 * i), interfaceId: feedId, answerReckoning: { agrees: null, counts: [], sent: 10, taken } })
  }
  const run = reconciliation.start({ catalogue }, null)
  expect(
    feed(
      run,
      Array.from({ length: 5_000 }, (_, i) => batch(i, 0.06)),
    ),
  ).toEqual([])
  expect(
    feed(
      run,
      Array.from({ length: 60 }, (_, i) => batch(5_000 + i, 0.6)),
    )[0],
  ).toMatchObject({ state: 'bad' })
})

test('a batch that is sent ten times and taken in part each time is one', () => {
  const batch = (i: number, of: number) =>
    exchanged({
      at: at(60 * i),
      interfaceId: feedId,
      type: 'POST /batches',
      controlId: null,
      requestStamps: [],
      keys: [{ kind: 'placer', value: `B${of}`, authority: null }],
      answerReckoning: { agrees: null, counts: [], sent: 10, taken: of === 300 ? 8 : 10 },
    })
  const items = Array.from({ length: 310 }, (_, i) => batch(i, Math.min(i, 300)))
  expect(feed(reconciliation.start({ catalogue }, null), items)).toEqual([])
})
