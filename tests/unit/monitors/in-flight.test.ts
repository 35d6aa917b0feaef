import { describe, expect, test } from 'vitest'
import type { Inspected } from '../../../gateway/model/reading.ts'
import { inFlight, intervalsPart, took } from '../../../monitors/in-flight/intervals.ts'
import { flight } from '../../../monitors/in-flight.ts'
import {
  aCatalogue,
  anInterface,
  exchanged,
  exponential,
  feed,
  inOrder,
  minuteMs,
  mondayMorning,
  normal,
  readingsOf,
  seeded,
} from './stream.ts'

const catalogue = aCatalogue(anInterface('his-lis-lab-order'))
const faultAt = mondayMorning + 10 * minuteMs

/** Poisson arrivals, each served at once. */
function open(seed: number, from: number, to: number, perS: number, serveMs: (random: () => number) => number): Inspected[] {
  const random = seeded(seed)
  const items: Inspected[] = []
  for (let at = from; at < to; at += (1000 * exponential(random)) / perS)
    items.push(exchanged({ at, latencyMs: serveMs(random) }))
  return items
}

/**
 * A receiver with so many places, whose callers wait at most `waitMs` for one and are then answered all the same; callers are as many as places and a few
 * more, and each comes again when it was answered.
 */
function pooled(
  seed: number,
  from: number,
  to: number,
  places: number,
  serveMs: (random: () => number) => number,
  waitMs: number,
): Inspected[] {
  const random = seeded(seed)
  const free = Array.from({ length: places }, () => from)
  const items: Inspected[] = []
  const callers = Array.from({ length: places + 6 }, (_, caller) => from + caller * 20)
  for (;;) {
    callers.sort((a, b) => a - b)
    const at = callers[0] ?? to
    if (at >= to) break
    free.sort((a, b) => a - b)
    const waits = Math.max((free[0] ?? at) - at, 0)
    const isServed = waits <= waitMs
    const latencyMs = isServed ? waits + serveMs(random) : waitMs
    if (isServed) free[0] = at + latencyMs
    callers[0] = at + latencyMs + 5 * random()
    items.push(exchanged({ at, latencyMs, outcome: isServed ? 'answered' : 'failed', code: isServed ? '200' : '503' }))
  }
  return items
}

const quick = (random: () => number) => 30 * Math.exp(0.4 * normal(random))

describe('in-flight/plateau', () => {
  test('as many as there are callers, all the time: told within a minute, good when it is over', () => {
    const run = flight.start({ catalogue }, null)
    expect(feed(run, inOrder(open(1, mondayMorning, faultAt, 20, quick)))).toEqual([])
    const stuck = (random: () => number) => (random() < 0.3 ? 4000 + 100 * random() : 30)
    const readings = feed(run, inOrder(pooled(2, faultAt, faultAt + 3 * minuteMs, 10, stuck, 3000)))
    expect(readings[0]).toMatchObject({ signal: 'in-flight/plateau', state: 'bad', severity: 'ticket' })
    expect((readings[0]?.at ?? 0) - faultAt).toBeLessThan(minuteMs)
    expect(readings.at(-1)?.facts.inFlight).toBe(16)
    expect(Number(readings.at(-1)?.facts.atLimitShare)).toBeGreaterThan(0.5)
    const after = feed(run, inOrder(open(3, faultAt + 4 * minuteMs, faultAt + 6 * minuteMs, 20, quick)))
    expect(after.at(-1)).toMatchObject({ state: 'good' })
  })

  test('a receiver that is ten times as slow has more in flight, in no fixed number', () => {
    const slow = (random: () => number) => 10 * quick(random)
    const items = [...open(1, mondayMorning, faultAt, 20, quick), ...open(2, faultAt, faultAt + 5 * minuteMs, 20, slow)]
    expect(readingsOf(flight, catalogue, inOrder(items))).toEqual([])
  })

  test('a surge that is served as fast as ever, and senders that always wait for each other', () => {
    const surge = [...open(1, mondayMorning, faultAt, 5, quick), ...open(2, faultAt, faultAt + 2 * minuteMs, 100, quick)]
    expect(readingsOf(flight, catalogue, inOrder(surge))).toEqual([])
    const inTurn = [
      ...pooled(3, mondayMorning, faultAt, 6, () => 200, 60_000),
      ...pooled(4, faultAt, faultAt + 3 * minuteMs, 6, () => 2000, 60_000),
    ]
    expect(readingsOf(flight, catalogue, inOrder(inTurn))).toEqual([])
  })

  test('many senders at once, each waiting for its own answer, that are answered as fast as ever', () => {
    const inTurn = (from: number, to: number, callers: number) =>
      Array.from({ length: callers }, (_, caller) =>
        Array.from({ length: Math.floor((to - from) / 202) }, (_, i) =>
          exchanged({ at: from + caller * 7 + i * 202, latencyMs: 200 }),
        ),
      ).flat()
    const items = [...inTurn(mondayMorning, faultAt, 2), ...inTurn(faultAt, faultAt + 2 * minuteMs, 12)]
    expect(readingsOf(flight, catalogue, inOrder(items))).toEqual([])
  })

  test('healthy noise at all rates says nothing', () => {
    for (const perS of [0.1, 1, 20, 80]) {
      const items = open(
        perS * 10,
        mondayMorning,
        mondayMorning + 10 * minuteMs,
        perS,
        (random) => 60 * Math.exp(normal(random)),
      )
      expect(readingsOf(flight, catalogue, inOrder(items))).toEqual([])
    }
  })
})

test('what was in flight, counted from beginnings and ends', () => {
  const intervals = intervalsPart.fresh()
  took(intervals, 0, 10)
  took(intervals, 10, 40)
  took(intervals, 20, 50)
  took(intervals, 60, 90)
  // Known from 10 to 90 - 30: one till 20, two till 40, one till 50, none till 60.
  const seen = inFlight(intervals, 90, 1)
  expect(seen).toMatchObject({ spanMs: 50, peak: 2, atPeakShare: 0.4, nearPeakShare: 0.8, mean: 60 / 50 })
  expect([...(seen?.tookMs ?? [])]).toEqual([30, 30])
  expect(inFlight(intervals, 90, 3)).toBeNull()
  expect(inFlight(intervalsPart.fresh(), 90, 1)).toBeNull()
})

test('the ring survives the database, full or not', () => {
  const intervals = intervalsPart.fresh()
  for (let i = 0; i < 300; i += 1) {
    took(intervals, mondayMorning + i * 10, mondayMorning + i * 10 + (i % 7))
    const back = intervalsPart.read(JSON.parse(JSON.stringify(intervalsPart.write(intervals))))
    took(back, mondayMorning + 1, mondayMorning + 2)
    const copy = { starts: [...intervals.starts], ends: [...intervals.ends], next: intervals.next, busyMs: intervals.busyMs }
    took(copy, mondayMorning + 1, mondayMorning + 2)
    expect(intervalsPart.write(back)).toEqual(intervalsPart.write(copy))
    expect(back.busyMs).toBe(copy.busyMs)
  }
  expect(() => intervalsPart.read([1])).toThrow(RangeError)
})
