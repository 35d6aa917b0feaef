import { expect, test } from 'vitest'
import type { Inspected } from '../../../gateway/model/reading.ts'
import { waiting } from '../../../monitors/waiting.ts'
import { aCatalogue, anInterface, type ExchangeWish, exchanged, exponential, feed, mondayMorning, seeded } from './stream.ts'

const catalogue = aCatalogue(anInterface('his-lis-lab-order'))
const everyMs = 8000
const onsetAt = mondayMorning + 60 * everyMs

/** Sixty messages that wait for a second or so, then sixty as wished. */
function course(wish: (sinceMs: number) => Partial<ExchangeWish>): readonly Inspected[] {
  const random = seeded(7)
  return Array.from({ length: 120 }, (_, i) => {
    const at = mondayMorning + i * everyMs
    const usual = { queuedMs: 1000 * exponential(random) }
    return exchanged({ at, ...usual, ...(at < onsetAt ? {} : wish(at - onsetAt)) })
  })
}

const told = (items: readonly Inspected[]) => feed(waiting.start({ catalogue }, null), items)

test('a queue that grows is told within a few messages of its first fifteen seconds, and is over when it has drained', () => {
  const readings = told(course((ms) => (ms < 240_000 ? { queuedMs: ms * 0.8 } : {})))
  expect(readings[0]).toMatchObject({ signal: 'waiting/queue', severity: 'ticket', subject: { id: 'his-lis-lab-order' } })
  expect((readings[0]?.at ?? 0) - onsetAt).toBeLessThan(100_000)
  expect(readings.at(-1)?.state).toBe('good')
})

test('of a busy sender too, whose hundreds of messages on the way to the first fifteen seconds are no new habit', () => {
  const from = mondayMorning + 600_000
  const items = Array.from({ length: 1500 }, (_, i) => {
    const at = mondayMorning + i * 1000
    return exchanged({ at, queuedMs: 500 + (i % 7) * 100 + Math.max(0, at - from) * 0.1 })
  })
  expect((told(items)[0]?.at ?? 0) - from).toBeLessThan(200_000)
})

test('a queue that is let go in bursts is told', () => {
  const readings = told(course((ms) => ({ queuedMs: 120_000 - (ms % 120_000) })))
  expect(readings[0]?.signal).toBe('waiting/queue')
})

test('what comes of a clock is no queue: a step, a zone, a drift of two per cent', () => {
  expect(told(course(() => ({ sentOffsetMs: -437_000 })))).toEqual([])
  expect(told(course(() => ({ sentOffsetMs: -7_200_000 })))).toEqual([])
  expect(told(course((ms) => ({ sentOffsetMs: -0.02 * ms - 20_000 })))).toEqual([])
})

test('what comes of the receiver is no queue of the sender', () => {
  expect(told(course((ms) => ({ queuedMs: ms * 0.8, latencyMs: 7900 })))).toEqual([])
  expect(told(course((ms) => ({ queuedMs: ms * 0.8, outcome: 'unanswered' })))).toEqual([])
})

test('what an outage left waiting is the outage’s: it drains for minutes; what still waits when it should have drained is a queue of its own', () => {
  const outage = (from: number, drainedMs: number) =>
    Array.from({ length: 400 }, (_, i) => {
      const at = from + i * 1000
      const sinceMs = at - from
      if (sinceMs < 60_000) return exchanged({ at, outcome: 'unanswered', wire: [{ kind: 'refused', how: 'refused', at }] })
      return exchanged({ at, queuedMs: Math.max(500, 60_000 * (1 - (sinceMs - 60_000) / drainedMs)) })
    })
  const usual = Array.from({ length: 120 }, (_, i) =>
    exchanged({ at: mondayMorning + i * 1000, queuedMs: 500 + (i % 7) * 100 }),
  )
  const from = mondayMorning + 120_000
  expect(told([...usual, ...outage(from, 200_000)])).toEqual([])
  const after = Array.from({ length: 400 }, (_, i) =>
    exchanged({ at: from + 400_000 + i * 1000, queuedMs: 30_000 + (i % 20) * 1500 }),
  )
  expect(told([...usual, ...outage(from, 1_000_000), ...after])[0]?.signal).toBe('waiting/queue')
})

test('a call that is tried ten times with the stamp of the first is one that waited, and no queue', () => {
  const call = { controlId: null, type: 'POST /Bundle', keys: [{ kind: 'placer', value: 'O1', authority: null }] } as const
  const tried = course((ms) => ({ ...call, queuedMs: 1000 + ms, stampResolutionMs: 1000, outcome: 'failed', code: '422' }))
  expect(told(tried.slice(0, 72))).toEqual([])
})

test('a sender that always gathers for minutes is as it always was', () => {
  const random = seeded(8)
  const items = Array.from({ length: 300 }, (_, i) =>
    exchanged({ at: mondayMorning + i * everyMs, queuedMs: 90_000 * exponential(random) }),
  )
  expect(told(items)).toEqual([])
})

test('history that is sent again is no queue', () => {
  expect(told(course((ms) => ({ queuedMs: 86_400_000 + ms * 3 })))).toEqual([])
})

test('records that waited in an outbox, by what they say of their event; their topic’s stamp is in time', () => {
  const events = (lateMs: (sinceMs: number) => number) =>
    course((sinceMs) => ({ queuedMs: lateMs(sinceMs) })).map((item) => {
      if (item.kind !== 'exchange' || item.requestFacts === null) return item
      const [own] = item.requestFacts.stamps
      if (own === undefined) return item
      const event = { ...own, path: 'occurredAt', kind: 'event' } as const
      const stamps = [event, { ...own, path: '@timestamp', at: item.entry.exchange.request?.startAt ?? null }]
      return { ...item, requestFacts: { ...item.requestFacts, stamps } }
    })
  expect(told(events(() => 1000))).toEqual([])
  expect(told(events((ms) => ms * 0.8))[0]).toMatchObject({ signal: 'waiting/queue', severity: 'ticket' })
})

test('stored objects that are sent again and again tell of one day years ago, and their age of no wait', () => {
  const madeAt = [mondayMorning - 435_000_000_000, mondayMorning - 435_000_600_000]
  const items = Array.from({ length: 400 }, (_, i) => {
    const at = mondayMorning + i * everyMs
    return exchanged({ at, queuedMs: at - (madeAt[i % 2] ?? 0) })
  })
  expect(told(items)).toEqual([])
})

test('recordings of years ago that come by turns tell nothing of a queue, though each is older from time to time', () => {
  const yearsMs = 14 * 365 * 24 * 3_600_000
  const items = Array.from({ length: 240 }, (_, i) => {
    const at = mondayMorning + i * everyMs
    // Each of five was made once; the wait grows as time passes.
    return exchanged({ at, queuedMs: yearsMs + (i % 5) * 10 + i * everyMs })
  })
  expect(told(items)).toEqual([])
})
