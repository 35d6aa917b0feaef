import { describe, expect, test } from 'vitest'
import type { Inspected, Reading } from '../../../gateway/model/reading.ts'
import type { Instant } from '../../../gateway/model/time.ts'
import { latency } from '../../../monitors/latency.ts'
import {
  aCatalogue,
  anInterface,
  arrivals,
  exchanged,
  feed,
  firstBad,
  healthyWeeks,
  mondayMorning,
  normal,
  readingsOf,
  seeded,
} from './stream.ts'

const archive = aCatalogue(anInterface('his-lis-lab-order', { objectives: { successRate: 0.995, latencyP95Ms: 10_000 } }))
const catalogue = aCatalogue(anInterface('his-lis-lab-order'))

/** Log-normal latencies around `medianMs`, `everyMs` apart. */
function* flow(seed: number, from: Instant, count: number, medianMs: number, everyMs = 1000): Generator<Inspected> {
  const random = seeded(seed)
  for (let i = 0; i < count; i += 1) {
    yield exchanged({ at: from + i * everyMs, latencyMs: medianMs * Math.exp(0.4 * normal(random)) })
  }
}

describe('latency/shift', () => {
  test('answers that take eight times as long are a ticket within ten messages', () => {
    const run = latency.start({ catalogue }, null)
    expect(feed(run, flow(1, mondayMorning, 400, 40))).toEqual([])
    const found = firstBad(run, flow(2, mondayMorning + 400_000, 60, 320), 'latency/shift', true)
    expect(found ?? 99).toBeLessThan(10)
  })

  test('it says from what to what, and since when', () => {
    const run = latency.start({ catalogue }, null)
    feed(run, flow(1, mondayMorning, 400, 40))
    const changedAt = mondayMorning + 400_000
    const readings = feed(run, flow(2, changedAt, 100, 320))
    const reading = readings.at(-1)
    expect(Math.abs((reading?.onsetAt ?? 0) - changedAt)).toBeLessThan(3000)
    expect(Number(reading?.facts.baselineP50Ms)).toBeGreaterThan(34)
    expect(Number(reading?.facts.baselineP50Ms)).toBeLessThan(46)
    expect(Number(reading?.facts.ratio)).toBeGreaterThan(5)
    expect(Number(reading?.facts.p50Ms)).toBeGreaterThan(240)
    // Of the shift itself, not of the answers before it.
    expect(Number(readings[0]?.facts.thinkMs)).toBeGreaterThan(200)
    expect(reading?.facts.connectMs).toBe(0.4)
  })

  test('a shift that nobody feels is not told, and one within the objective is a warning', () => {
    const run = latency.start({ catalogue }, null)
    feed(run, flow(1, mondayMorning, 400, 0.5))
    expect(feed(run, flow(2, mondayMorning + 400_000, 200, 2))).toEqual([])
    const other = latency.start({ catalogue }, null)
    feed(other, flow(1, mondayMorning, 400, 40))
    const readings = feed(other, flow(2, mondayMorning + 400_000, 200, 100))
    expect(readings.length).toBeGreaterThan(0)
    expect(readings.every((r) => r.severity === 'warn')).toBe(true)
  })

  test('eight times as long is a ticket, however much longer an answer may take by agreement', () => {
    const patient = { successRate: 0.99, latencyP95Ms: 3000 }
    const run = latency.start({ catalogue: aCatalogue(anInterface('his-lis-lab-order', { objectives: patient })) }, null)
    feed(run, flow(1, mondayMorning, 400, 20))
    expect(firstBad(run, flow(2, mondayMorning + 400_000, 60, 160), 'latency/shift', true) ?? 99).toBeLessThan(20)
  })

  test('it is good again within thirty messages of healthy answers', () => {
    const run = latency.start({ catalogue }, null)
    feed(run, flow(1, mondayMorning, 400, 40))
    feed(run, flow(2, mondayMorning + 400_000, 100, 320))
    const back = feed(run, flow(3, mondayMorning + 500_000, 30, 40))
    expect(back.some((r) => r.signal === 'latency/shift' && r.state === 'good')).toBe(true)
  })

  test('late answers count with their true time', () => {
    const run = latency.start({ catalogue }, null)
    feed(run, flow(1, mondayMorning, 400, 40))
    const late = Array.from({ length: 30 }, (_, i) => {
      const at = mondayMorning + 400_000 + i * 1000
      return exchanged({
        at,
        outcome: 'unanswered',
        latencyMs: null,
        wire: [{ kind: 'late', at: at + 31_000, afterMs: 31_000 }],
      })
    })
    const readings = feed(run, late)
    expect(readings.map((r) => r.signal)).toContain('latency/shift')
    expect(readings.at(-1)?.facts.p50Ms).toBe(31_000)
  })

  test('a single outlier, however large, is none', () => {
    const run = latency.start({ catalogue }, null)
    feed(run, flow(1, mondayMorning, 400, 40))
    expect(feed(run, [exchanged({ at: mondayMorning + 400_000, latencyMs: 60_000 })])).toEqual([])
  })
})

describe('latency/objective', () => {
  test('slow from the beginning: no baseline could tell, the objective does', () => {
    const found = firstBad(latency.start({ catalogue }, null), flow(4, mondayMorning, 40, 1500), 'latency/objective', true)
    expect(found ?? 99).toBeLessThan(14)
  })

  test('one in twenty over the objective is what was agreed', () => {
    const slow = Array.from({ length: 5000 }, (_, i) =>
      exchanged({ at: mondayMorning + i * 1000, latencyMs: i % 25 === 0 ? 900 : 40 }),
    )
    expect(readingsOf(latency, catalogue, slow)).toEqual([])
  })
})

test('healthy interfaces, 2 to 5000 messages an hour, with the day in their latency: no ticket in sixty interface-weeks', () => {
  const bad: Reading[] = []
  let warnings = 0
  for (const { perHour, seed, to } of healthyWeeks()) {
    const random = seeded(seed)
    const run = latency.start({ catalogue }, null)
    for (const at of arrivals(random, mondayMorning, to, perHour)) {
      const byDay = 1 + 0.3 * Math.sin((2 * Math.PI * at) / 86_400_000)
      const readings = run.assess(exchanged({ at, latencyMs: 60 * byDay * Math.exp(0.5 * normal(random)) }))
      bad.push(...readings.filter((r) => r.state === 'bad' && r.severity === 'ticket'))
      warnings += readings.filter((r) => r.state === 'bad').length
    }
  }
  expect(bad).toEqual([])
  expect(warnings).toBeLessThan(60)
})

test('a kind of message that takes four times as long, a third of all, is no shift', () => {
  const bad: Reading[] = []
  for (let seed = 0; seed < 20; seed += 1) {
    const random = seeded(seed)
    const run = latency.start({ catalogue }, null)
    for (let i = 0; i < 10_000; i += 1) {
      const medianMs = random() < 1 / 3 ? 240 : 60
      const at = mondayMorning + i * 60_000
      bad.push(...run.assess(exchanged({ at, latencyMs: medianMs * Math.exp(0.2 * normal(random)) })))
    }
  }
  expect(bad).toEqual([])
})

test('where slow ones come together every day, as of one patient or in busy minutes, they are no shift', () => {
  const bad: Reading[] = []
  for (let seed = 0; seed < 20; seed += 1) {
    const random = seeded(seed)
    const run = latency.start({ catalogue }, null)
    let score = 0
    for (let i = 0; i < 5_000; i += 1) {
      score = 0.5 * score + Math.sqrt(0.75) * normal(random)
      bad.push(...run.assess(exchanged({ at: mondayMorning + i * 60_000, latencyMs: 60 * Math.exp(0.9 * score) })))
    }
  }
  expect(bad.filter((reading) => reading.severity === 'ticket')).toEqual([])
})

test('slices of a CT among images of an X-ray, which take six times as long every day, are no shift; where all take eight times as long it is one', () => {
  for (let seed = 0; seed < 10; seed += 1) {
    const random = seeded(seed)
    const run = latency.start({ catalogue: archive }, null)
    const readings: Reading[] = []
    let at = mondayMorning
    const study = (slower: number) => {
      const isCt = random() < 0.6
      for (let i = isCt ? 100 : 2 + Math.floor(2 * random()); i > 0; i -= 1) {
        const requestBytes = Math.round((isCt ? 530_000 : 14_000_000) * Math.exp(0.05 * normal(random)))
        const latencyMs = (60 + requestBytes / 40_000) * Math.exp(0.2 * normal(random)) * slower
        readings.push(...run.assess(exchanged({ at, type: 'C-STORE', code: '0000', requestBytes, latencyMs })))
        at += latencyMs + 1
      }
      at += 300_000
    }
    for (let i = 0; i < 200; i += 1) study(1)
    expect(readings).toEqual([])
    for (let i = 0; i < 6; i += 1) study(8)
    const ticket = readings.find((reading) => reading.severity === 'ticket')
    expect(Number(ticket?.facts.ratio)).toBeGreaterThan(6)
    expect(Number(ticket?.facts.ratio)).toBeLessThan(10)
  }
})
