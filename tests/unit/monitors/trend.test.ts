import { describe, expect, test } from 'vitest'
import type { Inspected } from '../../../gateway/model/reading.ts'
import { binomialTail } from '../../../monitors/statistics/binomial.ts'
import { chanceOf, createTrend, customerRule, growsBy, trend } from '../../../monitors/trend.ts'
import {
  aCatalogue,
  anInterface,
  arrivals,
  dayMs,
  exchanged,
  feed,
  hourMs,
  inOrder,
  mondayMorning,
  readingsOf,
  seeded,
  ticked,
  weekMs,
} from './stream.ts'

const catalogue = aCatalogue(anInterface('his-lis-lab-order'))

describe('the rule', () => {
  const plain = { ...customerRule, isGuarded: false }
  const weeks = (errors: number, errorsBefore: number, messages = 1e6, messagesBefore = 1e6) => ({
    errors,
    errorsBefore,
    messages,
    messagesBefore,
  })

  test.each([
    [12_999, 10_000, false],
    [13_000, 10_000, true],
    [13_001, 10_000, true],
    [1_299, 1_000, false],
    [1_300, 1_000, true],
  ])('%d errors after %d: %s, guarded or not', (errors, before, isGrown) => {
    expect(growsBy(weeks(errors, before), customerRule)).toBe(isGrown)
    expect(growsBy(weeks(errors, before), plain)).toBe(isGrown)
  })

  test('guards: few errors, a busier week, chance', () => {
    expect(growsBy(weeks(13, 10), plain)).toBe(true)
    expect(growsBy(weeks(13, 10), customerRule)).toBe(false)
    expect(growsBy(weeks(19, 0), customerRule)).toBe(false)
    expect(growsBy(weeks(26, 20), customerRule)).toBe(false)
    expect(growsBy(weeks(400, 200, 2e6, 1e6), customerRule)).toBe(false)
    expect(growsBy(weeks(400, 200, 1.2e6, 1e6), customerRule)).toBe(true)
  })

  test('after a holiday week as many errors for each message are no growth, and before one a lull hides none', () => {
    expect(growsBy(weeks(900, 300, 9e5, 3e5), customerRule)).toBe(false)
    expect(growsBy(weeks(400, 300, 1e5, 3e5), customerRule)).toBe(true)
  })

  test('nothing before: any number that is enough is new', () => {
    expect(growsBy(weeks(20, 0), customerRule)).toBe(true)
    expect(growsBy(weeks(0, 0), plain)).toBe(false)
  })
})

test('the binomial tail is exact', () => {
  expect(binomialTail(10, 5, 0.5)).toBeCloseTo(638 / 1024, 12)
  expect(binomialTail(10, 10, 0.1)).toBeCloseTo(1e-10, 20)
  expect(binomialTail(100, 70, 0.5)).toBeCloseTo(3.9250698e-5, 11)
  expect(binomialTail(2_000_000, 1_000_000, 0.5)).toBeCloseTo(0.5 + 0.5 * 0.000564, 5)
  expect(chanceOf({ errors: 0, errorsBefore: 0, messages: 0, messagesBefore: 0 })).toBe(1)
  // The whole tail is 0.0103.
  expect(chanceOf({ errors: 77, errorsBefore: 50, messages: 1000, messagesBefore: 1000 })).toBeCloseTo(0.008335, 6)
})

/** A message a quarter of an hour; of each day's 96 the first `errors` fail. */
function days(from: number, count: number, errors: number, sender = 'LIS|A'): Inspected[] {
  return Array.from({ length: count * 96 }, (_, i) =>
    exchanged({
      at: from + i * 15 * 60_000,
      outcome: i % 96 < errors ? 'failed' : 'answered',
      sender: i % 96 < errors ? sender : 'LIS|A',
    }),
  )
}

const start = mondayMorning - (mondayMorning % dayMs)

test('a third more a day: a warning once it is more than chance, a ticket beyond doubt, with who contributes', () => {
  const items = [...days(start, 14, 30), ...days(start + 14 * dayMs, 7, 45, 'COBAS|7')]
  const readings = readingsOf(trend, catalogue, items)
  expect(readings[0]).toMatchObject({ signal: 'trend/errors', severity: 'warn' })
  const ticket = readings.find((r) => r.severity === 'ticket')
  expect(ticket).toMatchObject({ state: 'bad' })
  const last = readings.at(-1)
  expect(last?.facts).toMatchObject({ topSender: 'COBAS|7', topCode: 'AE' })
  expect(last?.facts.growthPct).toBeGreaterThan(30)
  expect(last?.onsetAt).toBeGreaterThan(start + 13 * dayMs)
  expect(last?.onsetAt).toBeLessThanOrEqual(start + 15 * dayMs)
})

test('whole weeks are compared with most of the risk of a false ticket: what is hardly chance is one then, and on other days a warning', () => {
  const items = [...days(start, 7, 6), ...days(start + weekMs, 7, 11), ticked(start + 2 * weekMs + 1000)]
  expect(readingsOf(trend, catalogue, items)).toMatchObject([{ at: start + 2 * weekMs + 1000, severity: 'ticket' }])
  const aDayBefore = [exchanged({ at: start - dayMs }), ...items]
  expect(readingsOf(trend, catalogue, aDayBefore).map((r) => r.severity)).not.toContain('ticket')
})

test('of a lean week before nothing is made, where the weeks before it were as this one', () => {
  const weeks = (...errors: readonly number[]) => [
    ...errors.flatMap((count, n) => days(start + n * weekMs, 7, count)),
    ticked(start + errors.length * weekMs + 1000),
  ]
  const severities = (...errors: readonly number[]) =>
    readingsOf(trend, catalogue, weeks(...errors)).map(({ severity }) => severity)
  expect(severities(6, 6, 6, 11)).toContain('ticket')
  const lean = severities(11, 11, 11, 6, 11)
  expect(lean).toContain('warn')
  expect(lean).not.toContain('ticket')
})

test('29.99 % does not warn and 30 % does, on the wire', () => {
  // 2100 errors of the week before (300 a day of 700), and 2729 or 2730 after; without guards the boundary is the count's alone.
  const unguarded = createTrend({ growthPct: 30, isGuarded: false })
  const week = (from: number, errors: number) =>
    Array.from({ length: 4900 }, (_, i) =>
      exchanged({ at: from + i * 120_000, outcome: i < errors ? 'failed' : 'answered', controlId: `${from}-${i}` }),
    )
  const said = (errors: number) =>
    readingsOf(unguarded, catalogue, [
      exchanged({ at: start - hourMs }),
      ...week(start, 2100),
      ...week(start + weekMs, errors),
      ticked(start + 2 * weekMs - 1),
    ]).filter((r) => r.state === 'bad')
  expect(said(2729)).toEqual([])
  expect(said(2730)).toHaveLength(1)
})

test('one bad afternoon is no trend, and neither is a first week', () => {
  const outage = days(start + 14 * dayMs, 1, 90)
  expect(readingsOf(trend, catalogue, [...days(start, 14, 5), ...outage, ...days(start + 15 * dayMs, 6, 5)])).toEqual([])
  expect(readingsOf(trend, catalogue, [...days(start, 6, 2), ...days(start + 6 * dayMs, 7, 20)])).toEqual([])
})

test('copies of a message that fails are one error', () => {
  const again = (from: number, copies: number) =>
    days(from, 7, 3).flatMap((item) =>
      item.kind === 'exchange' && item.entry.exchange.outcome === 'failed'
        ? Array.from({ length: copies }, () => item)
        : [item],
    )
  expect(
    readingsOf(trend, catalogue, [...days(start, 7, 3), ...again(start + weekMs, 1), ...again(start + 2 * weekMs, 20)]),
  ).toEqual([])
})

test('it is over when the weeks are alike again', () => {
  const run = trend.start({ catalogue }, null)
  feed(run, [...days(start, 14, 20), ...days(start + 14 * dayMs, 7, 40)])
  const after = feed(run, days(start + 21 * dayMs, 8, 40))
  expect(after.at(-1)).toMatchObject({ state: 'good' })
})

test('healthy weeks at the usual share of errors: no ticket in sixty', { timeout: 60_000 }, () => {
  let tickets = 0
  for (let seed = 1; seed <= 20; seed += 1) {
    const random = seeded(seed)
    const perHour = [2, 5, 20, 60][seed % 4] ?? 2
    const stream = [...arrivals(random, start, start + 3 * weekMs, perHour)].map((at) =>
      exchanged({ at, outcome: random() < 0.02 ? 'failed' : 'answered' }),
    )
    tickets += readingsOf(trend, catalogue, inOrder(stream)).filter((r) => r.severity === 'ticket').length
  }
  expect(tickets).toBe(0)
})

test('what a receiver has against one patient is one error, however many messages are about him', () => {
  const week = (from: number, of: (i: number) => string) =>
    Array.from({ length: 1_400 }, (_, i) =>
      exchanged({
        at: from + (i * weekMs) / 1_400,
        outcome: i % 28 === 0 ? 'failed' : 'answered',
        keys: [{ kind: 'patient', value: of(i), authority: null }],
      }),
    )
  // A patient a day, of whom eight messages more are refused.
  const burdened = week(mondayMorning + weekMs, (i) => `P${i}`).flatMap((one, i) =>
    i % 196 !== 0
      ? [one]
      : [
          one,
          ...[1, 2, 3, 4, 5, 6, 7, 8].map((n) =>
            exchanged({
              at: one.entry.at + n * 60_000,
              outcome: 'failed',
              keys: [{ kind: 'patient', value: `P${i}`, authority: null }],
            }),
          ),
        ],
  )
  const items = inOrder([...week(mondayMorning, (i) => `Q${i}`), ...burdened])
  expect(readingsOf(trend, catalogue, [...items, ticked(mondayMorning + 2 * weekMs + hourMs)])).toEqual([])
})

test('what comes again on another day is another error: a patient is refused for a while, not for a week', () => {
  const week = (from: number, every: number) =>
    Array.from({ length: 1_400 }, (_, i) =>
      exchanged({
        at: from + (i * weekMs) / 1_400,
        outcome: i % every === 0 ? 'failed' : 'answered',
        keys: [{ kind: 'patient', value: `P${Math.floor((i % 200) / 20)}`, authority: null }],
      }),
    )
  const items = inOrder([...week(mondayMorning, 40), ...week(mondayMorning + weekMs, 20)])
  const told = readingsOf(trend, catalogue, [...items, ticked(mondayMorning + 2 * weekMs + hourMs)])
  expect(told.some(({ state }) => state === 'bad')).toBe(true)
})
