import { expect, test } from 'vitest'
import { arrivals, dayShapes, hourOfDay, type Pace, perHourAt } from '../../../../bench/healthy/arrivals.ts'
import { upTo } from '../../../../bench/healthy/attempts.ts'
import { ranked, scaled } from '../../../../bench/healthy/chance.ts'
import { heavyTail, logNormal, slowNights } from '../../../../bench/healthy/latencies.ts'
import { patientsOf } from '../../../../bench/healthy/patients.ts'
import { byChance, byPatient, type Refusals } from '../../../../bench/healthy/refusals.ts'
import { createChance } from '../../../../fixtures/hospital/chance.ts'
import { dayMs, hourMs, mondayMorning, weekMs } from '../../monitors/stream.ts'

const paceOf = (name: string, perHour: number): Pace => {
  const shape = dayShapes.find((one) => one.name === name)
  if (shape === undefined) throw new Error(`no ${name}`)
  return { shape, perHour, weekendFactor: 0.4 }
}

test('as many messages come as the hours of a week say, weekends included', () => {
  const pace = paceOf('clinic', 200)
  const perDay = 200 * pace.shape.parts.reduce((sum, part) => sum + part, 0)
  const times = [...arrivals(createChance(1), pace, 1, mondayMorning, mondayMorning + weekMs)]
  const expected = perDay * (5 + 2 * 0.4)
  expect(Math.abs(times.length - expected)).toBeLessThan(4 * Math.sqrt(expected))
  const saturday = times.filter((at) => at >= mondayMorning + 4.75 * dayMs && at < mondayMorning + 5.75 * dayMs)
  expect(Math.abs(saturday.length - 0.4 * perDay)).toBeLessThan(4 * Math.sqrt(perDay))
  expect(perHourAt(pace, mondayMorning)).toBeCloseTo(190)
  expect(hourOfDay(mondayMorning)).toBe(8)
})

test.each([1, 2, 8])('gaps have mean 1 and a CV² of %s, as drawn', (cv2) => {
  const pace = { ...paceOf('even', 600), weekendFactor: 1 }
  const times = [...arrivals(createChance(2), pace, cv2, mondayMorning, mondayMorning + 4 * weekMs)]
  const gaps = times.slice(1).map((at, n) => at - (times[n] ?? 0))
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length
  const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length
  expect(mean / (hourMs / 600)).toBeCloseTo(1, 1)
  expect(variance / mean ** 2 / cv2).toBeCloseTo(1, 1)
})

/** A hundred thousand messages, 300 an hour, and which of them were refused. */
function* sendings(refusals: Refusals): Generator<{ at: number; patient: number; isRefused: boolean }> {
  const patient = patientsOf(createChance(3))
  for (let n = 0; n < 100_000; n += 1) {
    const sending = { at: mondayMorning + (n * hourMs) / 300, patient: patient(), perHour: 300 }
    yield { ...sending, isRefused: refusals.isRefused(sending) }
  }
}

test.each([
  [byChance, 0.002],
  [byChance, 0.1],
  [byPatient, 0.002],
  [byPatient, 0.1],
])('%o refuses a share of %d', (manner, share) => {
  const refused = [...sendings(manner(createChance(4), share))].filter(({ isRefused }) => isRefused)
  expect(refused.length / 100_000 / share).toBeGreaterThan(0.75)
  expect(refused.length / 100_000 / share).toBeLessThan(1.25)
})

test('what is refused by patient is refused together, for two hours at most; what is refused by chance is not', () => {
  const together = (refusals: Refusals) => {
    const sinceOf = new Map<number, number>()
    let [refused, following, longest] = [0, 0, 0]
    for (const { at, patient, isRefused } of sendings(refusals)) {
      const since = isRefused ? sinceOf.get(patient) : undefined
      if (since === undefined) sinceOf.delete(patient)
      if (!isRefused) continue
      refused += 1
      if (since === undefined) sinceOf.set(patient, at)
      else following += 1
      longest = Math.max(longest, at - (since ?? at))
    }
    return { share: following / refused, longest }
  }
  const ofPatients = together(byPatient(createChance(5), 0.005))
  expect(ofPatients.share).toBeGreaterThan(0.7)
  expect(ofPatients.longest).toBeLessThan(2.2 * hourMs)
  expect(together(byChance(createChance(5), 0.005)).share).toBeLessThan(0.05)
})

test('half of what is refused is sent again, as often as the sender tries', () => {
  const attempts = upTo(10)(createChance(6))
  const copies = Array.from({ length: 1000 }, () => attempts.again())
  expect(new Set(copies)).toEqual(new Set([0, 10]))
  expect(copies.reduce((sum, count) => sum + count, 0) / 10_000).toBeCloseTo(0.5, 1)
})

test('answers take the median that was drawn, slow ones come as often as they should, and nights are slower', () => {
  const at = mondayMorning
  const some = <T>(next: () => T) => Array.from({ length: 20_000 }, next).sort()
  const plain = logNormal(createChance(7), 100, 0.4)
  const sorted = some(() => plain.next(at, 99)).sort((a, b) => a - b)
  expect((sorted[10_000] ?? 0) / 100).toBeCloseTo(1, 1)
  const flat = { words: '', next: () => 10 }
  const tailed = heavyTail(flat, createChance(8))
  const slow = some(() => tailed.next(at, 0)).filter((ms) => ms >= 30)
  expect(slow.length / 20_000).toBeGreaterThan(0.008)
  expect(slow.length / 20_000).toBeLessThan(0.023)
  const nightly = slowNights(flat, createChance(9))
  expect(nightly.next(at, 0)).toBe(10)
  expect(nightly.next(at + 18 * hourMs, 0)).toBeGreaterThanOrEqual(15)
})

test('what is drawn evenly in the logarithm keeps to its range, and ranks to their shares', () => {
  const chance = createChance(10)
  const drawn = Array.from({ length: 2000 }, () => scaled(chance, { low: 2, high: 800 }))
  expect(Math.min(...drawn)).toBeGreaterThanOrEqual(2)
  expect(Math.max(...drawn)).toBeLessThan(800)
  expect(drawn.filter((one) => one < 40).length / 2000).toBeCloseTo(0.5, 1)
  const rank = ranked(chance, 3, 1)
  const first = Array.from({ length: 5000 }, rank).filter((n) => n === 0)
  expect(first.length / 5000).toBeCloseTo(6 / 11, 1)
})
