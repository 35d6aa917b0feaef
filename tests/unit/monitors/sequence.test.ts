import { describe, expect, test } from 'vitest'
import { sequence } from '../../../monitors/sequence.ts'
import { aCatalogue, anInterface, exchanged, mondayMorning, readingsOf, seeded } from './stream.ts'

const catalogue = aCatalogue(anInterface('his-lis-lab-order'))
const numbered = (numbers: readonly number[]) =>
  numbers.map((number, i) => exchanged({ at: mondayMorning + i * 1000, sequence: number }))
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i)

test('sequence/gap: three numbers that stay away are a ticket, one is a warning', () => {
  const three = readingsOf(sequence, catalogue, numbered([...range(1, 100), ...range(103, 140)]))
  expect(three.map((r) => [r.signal, r.severity, r.facts.missing])).toEqual([['sequence/gap', 'ticket', 3]])
  const one = readingsOf(sequence, catalogue, numbered([...range(1, 100), ...range(101, 140)]))
  expect(one.map((r) => [r.signal, r.severity])).toEqual([['sequence/gap', 'warn']])
})

test('numbers that pass each other are no gap', () => {
  const mixed = range(1, 200).map((n) => (n % 7 === 0 ? n + 3 : n % 7 === 3 ? n - 3 : n))
  expect(readingsOf(sequence, catalogue, numbered(mixed))).toEqual([])
})

test('a counter that starts again, and one that jumps far, lost nothing', () => {
  expect(readingsOf(sequence, catalogue, numbered([...range(900, 1000), ...range(1, 100), ...range(5000, 5100)]))).toEqual([])
})

test('a counter that many interfaces share has gaps everywhere and says nothing', () => {
  const random = seeded(4)
  let n = 0
  const shared = Array.from({ length: 500 }, () => {
    n += 1 + Math.floor(random() * 3)
    return n
  })
  const told = readingsOf(sequence, catalogue, numbered(shared))
  expect(told.filter((r) => r.severity === 'ticket')).toEqual([])
})

test('good again after a hundred numbers without a gap', () => {
  const states = readingsOf(sequence, catalogue, numbered([...range(1, 100), ...range(103, 250)])).map((r) => r.state)
  expect(states.at(-1)).toBe('good')
})

test('who counted by one and from now on misses every other number: a ticket, though gaps are everywhere', () => {
  const told = readingsOf(sequence, catalogue, numbered([...range(1, 80), ...range(40, 80).map((n) => 2 * n)]))
  expect(told.at(-1)).toMatchObject({ signal: 'sequence/gap', state: 'bad', severity: 'ticket' })
})

/** Every third pair comes the wrong way round. */
const swapped = (numbers: readonly number[]) =>
  numbers.map((n) => (Math.floor((n - 1) / 2) % 3 !== 0 ? n : n % 2 === 1 ? n + 1 : n - 1))

test('sequence/order: who sent in order and now mixes numbers up is told, though none is missing, and good again in order', () => {
  const told = readingsOf(sequence, catalogue, numbered([...range(1, 97), ...swapped(range(97, 181)), ...range(181, 400)]))
  expect(told.map((r) => r.signal).filter((signal) => signal !== 'sequence/order')).toEqual([])
  expect(told[0]).toMatchObject({ state: 'bad', severity: 'ticket', onsetAt: mondayMorning + 97_020 })
  expect(told[0]?.facts).toMatchObject({ missing: 0, outOfOrder: 4, usualShare: 0.005 })
  expect(told.at(-1)?.state).toBe('good')
})

test('on several connections at once numbers pass each other as they did before: nothing', () => {
  const spread = numbered(swapped(range(1, 600))).map((item, i) => ({
    ...item,
    entry: {
      ...item.entry,
      exchange: {
        ...item.entry.exchange,
        connection: { ...item.entry.exchange.connection, id: `c${i % 2}`, exchangesBefore: i },
      },
    },
  }))
  expect(readingsOf(sequence, catalogue, spread)).toEqual([])
})

describe('offsets of a topic', () => {
  const topic = anInterface('his-queue-call', { protocol: 'record', format: 'json' })
  /** Of two partitions in turn; `skips` says how many offsets are gone before the nth record. */
  const records = (count: number, skips: (n: number) => number, joinedAgainAt = 0) => {
    const next = [1000, 5000]
    return Array.from({ length: count }, (_, n) => {
      const partition = n % 2
      const offset = (next[partition] ?? 0) + skips(n)
      next[partition] = offset + 1
      const item = exchanged({
        at: mondayMorning + n * 1000,
        interfaceId: topic.id,
        outcome: 'one-way',
        controlId: `${partition}-${offset}`,
      })
      const connection = {
        ...item.entry.exchange.connection,
        id: `events/${partition}`,
        exchangesBefore: n - joinedAgainAt < 2 ? 0 : n,
      }
      return { ...item, entry: { ...item.entry, exchange: { ...item.entry.exchange, connection } } }
    })
  }
  const said = (items: ReturnType<typeof records>) => readingsOf(sequence, aCatalogue(topic), items)

  test('a block of them is nowhere: a ticket, however long it is', () => {
    const told = said(records(120, (n) => (n === 60 ? 400 : 0)))
    expect(told[0]).toMatchObject({ signal: 'sequence/gap', severity: 'ticket', onsetAt: mondayMorning + 60_000 })
    expect(told[0]?.facts).toMatchObject({ missing: 400, of: 'offset', sender: 'events/0' })
  })

  test('marks of transactions, blocks on every page, and a reader that began anew are no loss', () => {
    expect(said(records(200, (n) => (n % 5 === 0 ? 1 : 0)))).toEqual([])
    expect(said(records(200, (n) => (n % 6 === 0 ? 7 : 0))).filter((r) => r.severity === 'ticket')).toEqual([])
    expect(said(records(200, (n) => (n === 100 || n === 101 ? 5_000 : 0), 100))).toEqual([])
  })
})

test('what was accepted is logged when it is over, and what was sent after it before: in order all the same', () => {
  const sent = range(1, 200).map((number) => {
    const item = exchanged({ at: mondayMorning + number * 5000, sequence: number })
    const { exchange } = item.entry
    const [answer] = exchange.answers
    const accept = answer === undefined ? [] : [{ ...answer, stage: 'accept' } as const]
    return { ...item, entry: { ...item.entry, exchange: { ...exchange, answers: [...accept, ...exchange.answers] } } }
  })
  // Of every fourth since the 120th nobody says what became of it, until its minute is over.
  const held = sent.filter((_, i) => i >= 120 && i % 4 === 0).map((item) => ({ ...item, now: item.now + 70_000 }))
  const logged = [...sent.filter((_, i) => i < 120 || i % 4 !== 0), ...held].sort((a, b) => a.now - b.now)
  expect(readingsOf(sequence, catalogue, logged)).toEqual([])
})
