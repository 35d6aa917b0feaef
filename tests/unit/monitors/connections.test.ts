import { expect, test } from 'vitest'
import type { Inspected, Reading } from '../../../gateway/model/reading.ts'
import type { WireFact } from '../../../gateway/model/wire.ts'
import { connections } from '../../../monitors/connections.ts'
import { aCatalogue, anInterface, exchanged, feed, healthyWeeks, hourMs, minuteMs, mondayMorning, seeded } from './stream.ts'

const catalogue = aCatalogue(anInterface('his-lis-lab-order'))

interface Passed {
  readonly at: number
  readonly idleMs: number
  readonly broken?: 'reset' | 'unanswered' | 'inside'
  readonly bytes?: number
}

function passed({ at, idleMs, broken, bytes = 1000 }: Passed): Inspected {
  const cut: WireFact = { kind: 'reset', by: 'acceptor', at, idleMs: 2 }
  const wire: readonly WireFact[] =
    broken === undefined
      ? []
      : broken === 'unanswered'
        ? [{ kind: 'timeout', at, afterMs: 5000 }]
        : broken === 'reset'
          ? [cut]
          : [{ kind: 'partial', by: 'initiator', bytes: 400, how: 'rst' }, cut]
  const item = exchanged({ at, wire, outcome: broken === undefined ? 'answered' : 'unanswered' })
  const { exchange } = item.entry
  const connection = { ...exchange.connection, idleBeforeMs: idleMs, exchangesBefore: 5 }
  const request = exchange.request && { ...exchange.request, wireBytes: bytes }
  return { ...item, entry: { ...item.entry, exchange: { ...exchange, connection, request } } }
}

function told(items: readonly Inspected[]): readonly Reading[] {
  return feed(connections.start({ catalogue }, null), items)
}

/** Silences of a quiet interface, each followed by a message and, where that broke, by one on a new connection. */
function withTimeout(timeoutMs: number, hours: number, seed = 1, from = mondayMorning): Inspected[] {
  const random = seeded(seed)
  const items: Inspected[] = []
  for (let at = from; at < from + hours * hourMs; ) {
    const idleMs = minuteMs * (1 + random() * 50)
    at += idleMs
    const isGone = idleMs > timeoutMs
    items.push(passed(isGone ? { at, idleMs, broken: random() < 0.5 ? 'reset' : 'unanswered' } : { at, idleMs }))
    if (isGone) items.push(passed({ at: at + 6000, idleMs: 0 }))
  }
  return items
}

test('a time-out of half an hour is found, with both ends of what it may be', () => {
  const first = told(withTimeout(30 * minuteMs, 40)).find((r) => r.signal === 'connections/idle')
  expect(first).toMatchObject({ state: 'bad', severity: 'ticket' })
  expect(Number(first?.facts.brokenFromS)).toBeGreaterThanOrEqual(30 * 60)
  expect(Number(first?.facts.brokenFromS)).toBeLessThan(42 * 60)
  expect(Number(first?.facts.wellUpToS)).toBeLessThanOrEqual(30 * 60)
  expect(Number(first?.facts.wellUpToS)).toBeGreaterThan(15 * 60)
})

test('copies into the connection that is dead already are no silences that broke: the first of them was, and it is the onset', () => {
  const items = withTimeout(30 * minuteMs, 40).flatMap((item) => {
    const { exchange } = item.kind === 'exchange' ? item.entry : { exchange: null }
    if (item.kind !== 'exchange' || exchange === null || exchange.outcome !== 'unanswered') return [item]
    const { id, idleBeforeMs } = exchange.connection
    const copies = [1, 2, 3].map((n) => {
      const again = passed({ at: item.now + n * 1500, idleMs: 1500, broken: 'unanswered' })
      if (again.kind !== 'exchange') return again
      const connection = { ...again.entry.exchange.connection, id, idleBeforeMs: n * 1500 }
      return { ...again, entry: { ...again.entry, exchange: { ...again.entry.exchange, connection } } }
    })
    expect(idleBeforeMs).toBeGreaterThan(30 * minuteMs)
    return [item, ...copies]
  })
  const first = told(items).find((r) => r.signal === 'connections/idle')
  const broken = items.find((item) => item.kind === 'exchange' && item.entry.exchange.outcome === 'unanswered')
  expect(first?.onsetAt).toBeLessThanOrEqual((broken?.now ?? 0) + 1)
})

test('it is good again when long silences do no harm any more', () => {
  const cured = withTimeout(Number.POSITIVE_INFINITY, 20, 2, mondayMorning + 60 * hourMs)
  expect(told([...withTimeout(30 * minuteMs, 40), ...cured]).findLast((r) => r.signal === 'connections/idle')?.state).toBe(
    'good',
  )
})

test('breaks at any age are no time-out', () => {
  const random = seeded(4)
  const items: Inspected[] = []
  for (let i = 0; i < 400; i += 1) {
    const at = mondayMorning + i * 10 * minuteMs
    items.push(
      passed(
        random() < 0.2
          ? { at, idleMs: minuteMs * (1 + 40 * random()), broken: 'reset' }
          : { at, idleMs: minuteMs * (1 + 40 * random()) },
      ),
    )
  }
  expect(told(items).filter((r) => r.signal === 'connections/idle')).toEqual([])
})

test.each([
  ['a warning', 'warn', 40_000],
  ['a ticket where they are all at one byte, which is a limit', 'ticket', 100],
] as const)('breaks are told with their phase and size, as %s', (_, severity, spread) => {
  const items = Array.from({ length: 120 }, (_, i) => {
    const at = mondayMorning + i * 1000
    const bytes = 2_000_000 + (i - 60) * spread
    return passed(i >= 60 && i % 3 === 0 ? { at, idleMs: 900, broken: 'inside', bytes } : { at, idleMs: 900 })
  })
  const reading = told(items).find((r) => r.signal === 'connections/breaks')
  expect(reading).toMatchObject({ state: 'bad', severity })
  expect(reading?.facts).toMatchObject({ afterIdle: 0, owed: 0, brokenBytesMin: 2_000_000, wellBytesMax: 1000 })
  expect(Number(reading?.facts.inside)).toBeGreaterThanOrEqual(3)
})

test('messages that begin and go no further, every few minutes, are told at the third or fourth', () => {
  for (const apart of [12, 75]) {
    const items = Array.from({ length: 60 + apart * 6 }, (_, i) => {
      const at = mondayMorning + i * 20_000
      const item = passed({ at, idleMs: 900 })
      const wire: readonly WireFact[] = [{ kind: 'partial', by: 'initiator', bytes: 400, how: 'stuck' }]
      const { exchange } = item.kind === 'exchange' ? item.entry : { exchange: null }
      if (item.kind !== 'exchange' || exchange === null || i < 60 || i % apart !== 0) return item
      return { ...item, entry: { ...item.entry, exchange: { ...exchange, outcome: 'unanswered', answers: [], wire } } } as const
    })
    const reading = told(items).find((r) => r.signal === 'connections/stuck')
    expect(reading).toMatchObject({ state: 'bad', severity: 'ticket' })
    expect(Number(reading?.facts.count)).toBeLessThanOrEqual(4)
  }
})

test('healthy weeks give nothing', () => {
  for (const { perHour, seed, to } of healthyWeeks()) {
    const random = seeded(seed)
    const items: Inspected[] = []
    let n = 0
    for (let at = mondayMorning; at < to && n < 4000; n += 1) {
      const idleMs = (-Math.log(1 - random()) * hourMs) / perHour
      at += idleMs
      items.push(passed(random() < 0.001 ? { at, idleMs, broken: 'reset' } : { at, idleMs }))
    }
    expect(told(items).filter((r) => r.severity === 'ticket' || r.signal === 'connections/idle')).toEqual([])
  }
})
