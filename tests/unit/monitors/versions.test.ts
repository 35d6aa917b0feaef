import { expect, test } from 'vitest'
import type { Envelope } from '../../../gateway/model/envelope.ts'
import type { Inspected } from '../../../gateway/model/reading.ts'
import { versions } from '../../../monitors/versions.ts'
import {
  aCatalogue,
  anInterface,
  arrivals,
  type ExchangeWish,
  exchanged,
  feed,
  healthyWeeks,
  hourMs,
  inOrder,
  mondayMorning,
  readingsOf,
  seeded,
  ticked,
} from './stream.ts'

const catalogue = aCatalogue(anInterface('his-lis-lab-order'))

/** One message each ten seconds. */
function flow(from: number, count: number, wish: (i: number) => Partial<ExchangeWish>): Inspected[] {
  return Array.from({ length: count }, (_, i) => exchanged({ at: from + i * 10_000, ...wish(i) }))
}

/** Of the initiator's or the acceptor's envelope. */
function saying(item: Inspected, request: Envelope, answer: Envelope = [], initiator = '10.1.0.10:40000'): Inspected {
  if (item.kind !== 'exchange') return item
  const { exchange } = item.entry
  return {
    ...item,
    entry: {
      ...item.entry,
      exchange: {
        ...exchange,
        connection: { ...exchange.connection, initiator },
        request: exchange.request && { ...exchange.request, envelope: request },
        answers: exchange.answers.map((a) => ({ ...a, envelope: answer })),
      },
    },
  }
}

test('a new message version: what it was, what it is, since when, and how the messages fare since', () => {
  const changedAt = mondayMorning + hourMs
  const readings = readingsOf(versions, catalogue, [
    ...flow(mondayMorning, 100, () => ({})),
    ...flow(changedAt, 40, (i) => ({ version: '2.5.1', outcome: i % 2 === 0 ? 'failed' : 'answered' })),
  ])
  expect(readings[0]).toMatchObject({
    signal: 'versions/changed',
    severity: 'warn',
    onsetAt: changedAt,
    facts: {
      side: 'sender',
      systemId: 'his',
      kind: 'message-version',
      from: '2.4',
      to: '2.5.1',
      changedAt,
      peers: 1,
      changes: 1,
    },
  })
  const last = readings.at(-1)
  expect(last?.facts).toMatchObject({ badShareBefore: 0 })
  expect(Number(last?.facts.badSince)).toBeGreaterThan(10)
})

test('software of either side, by its own name for itself', () => {
  const at = (from: number, request: Envelope, answer: Envelope) =>
    flow(from, 20, () => ({})).map((item) => saying(item, request, answer))
  const was: Envelope = [['implementation-version', 'OFFIS_DCMTK_366']]
  const readings = readingsOf(versions, catalogue, [
    ...at(mondayMorning, [['user-agent', 'HIS/3.1']], was),
    ...at(mondayMorning + hourMs, [['user-agent', 'HIS/3.1']], [['implementation-version', 'OFFIS_DCMTK_367']]),
  ])
  expect(readings.map((r) => r.facts)[0]).toMatchObject({
    side: 'receiver',
    systemId: 'lis',
    kind: 'software',
    from: 'OFFIS_DCMTK_366',
    to: 'OFFIS_DCMTK_367',
  })
})

test('two programs behind one address, many browsers, and a second version beside the first are no change', () => {
  const random = seeded(1)
  const mixed = flow(mondayMorning, 400, () => ({ sender: random() < 0.5 ? 'HIS|A' : 'EMR|A' }))
  const browsers = flow(mondayMorning + 3 * hourMs, 400, () => ({})).map((item, i) =>
    saying(item, [['user-agent', `Browser/${i % 9}`]], [], `10.9.0.${i % 200}:5000`),
  )
  expect(readingsOf(versions, catalogue, [...mixed, ...browsers])).toEqual([])
})

test('several clients that change alike are one change; a day later it is no news', () => {
  const run = versions.start({ catalogue }, null)
  const clients = (from: number, agent: string) =>
    flow(from, 60, () => ({})).map((item, i) => saying(item, [['user-agent', agent]], [], `10.2.0.${i % 3}:5000`))
  feed(run, clients(mondayMorning, 'ward/1'))
  feed(run, clients(mondayMorning + hourMs, 'ward/2'))
  const later = feed(run, [exchanged({ at: mondayMorning + 2 * hourMs })])
  expect(later[0]?.facts).toMatchObject({ from: 'ward/1', to: 'ward/2', peers: 3, changes: 1 })
  expect(feed(run, [ticked(mondayMorning + 25.1 * hourMs)])[0]).toMatchObject({ state: 'good' })
})

test('a field that came with every message and comes no more', () => {
  const codes = [
    { path: 'OBR-4.1', value: 'GLU' },
    { path: 'PV1-3.1', value: 'W1' },
  ]
  const readings = readingsOf(versions, catalogue, [
    ...flow(mondayMorning, 80, () => ({ codes })),
    ...flow(mondayMorning + hourMs, 20, () => ({ codes: codes.slice(0, 1) })),
  ])
  expect(readings[0]?.facts).toMatchObject({ kind: 'fields', from: 'PV1-3.1', to: '-', changedAt: mondayMorning + hourMs })
  const optional = flow(mondayMorning, 400, (i) => ({ codes: i % 20 === 0 ? codes.slice(0, 1) : codes }))
  expect(readingsOf(versions, catalogue, optional)).toEqual([])
})

test('what a peer writes there is cut, and blurred where it isn’t a version’s text', () => {
  const odd = (from: number, agent: string) => flow(from, 20, () => ({})).map((item) => saying(item, [['user-agent', agent]]))
  const [first] = readingsOf(versions, catalogue, [
    ...odd(mondayMorning, 'a/1'),
    ...odd(mondayMorning + hourMs, `张三${'x'.repeat(99)}`),
  ])
  expect(first?.facts.to).toBe(`??${'x'.repeat(58)}`)
})

test('healthy weeks say nothing', { timeout: 60_000 }, () => {
  for (const { perHour, seed, to } of healthyWeeks().filter(({ perHour }) => perHour <= 200)) {
    const random = seeded(seed)
    const stream = [...arrivals(random, mondayMorning, to, perHour)].map((at) =>
      exchanged({ at, codes: [{ path: 'OBR-4.1', value: 'X' }, ...(random() < 0.7 ? [{ path: 'DG1-3.1', value: 'Y' }] : [])] }),
    )
    expect(readingsOf(versions, catalogue, inOrder(stream))).toEqual([])
  }
})

test('instruments that take turns on one wire are no change, however long the first one was alone', () => {
  const run = versions.start({ catalogue }, null)
  const named = (name: string) => () => ({ sender: name })
  feed(run, flow(mondayMorning, 20, named('AU5800|LAB')))
  const said = feed(run, flow(mondayMorning + hourMs, 4, named('COBAS|LAB')))
  expect(said.map(({ state }) => state)).toEqual(['bad'])
  expect(feed(run, flow(mondayMorning + 2 * hourMs, 4, named('AU5800|LAB'))).map(({ state }) => state)).toEqual(['good'])
  expect(feed(run, flow(mondayMorning + 3 * hourMs, 8, named('COBAS|LAB')))).toEqual([])
})

test('a version that was taken back is no longer told, and the next one is', () => {
  const run = versions.start({ catalogue }, null)
  const named = (name: string) => () => ({ sender: name })
  feed(run, flow(mondayMorning, 20, named('HIS 2.1|HIS')))
  expect(feed(run, flow(mondayMorning + hourMs, 6, named('HIS 2.2|HIS'))).map(({ state }) => state)).toEqual(['bad'])
  expect(feed(run, flow(mondayMorning + 2 * hourMs, 6, named('HIS 2.1|HIS'))).map(({ state }) => state)).toEqual(['good'])
  expect(feed(run, flow(mondayMorning + 3 * hourMs, 6, named('HIS 2.3|HIS'))).map(({ state }) => state)).toEqual(['bad'])
})

test('new software on a connection that is kept is told within a dozen messages, however busy it is', () => {
  const kept = (from: number, count: number, agent: string, everyMs: number) =>
    flow(from, count, () => ({})).map((item, i): Inspected => {
      const said = saying(item, [['user-agent', agent]])
      if (said.kind !== 'exchange') return said
      const at = from + i * everyMs
      const { exchange } = said.entry
      const connection = { ...exchange.connection, exchangesBefore: 100 + i }
      return { ...said, now: at, entry: { ...said.entry, at, exchange: { ...exchange, connection } } }
    })
  for (const everyMs of [1000, 20_000]) {
    const changedAt = mondayMorning + 200 * everyMs
    const items = [...kept(mondayMorning, 200, 'NEXT/7', everyMs), ...kept(changedAt, 60, 'NEXT/8', everyMs)]
    const told = readingsOf(versions, catalogue, items)[0]
    expect(told?.facts).toMatchObject({ from: 'NEXT/7', to: 'NEXT/8' })
    expect((told?.at ?? 0) - changedAt).toBeLessThan(13 * everyMs)
  }
})
