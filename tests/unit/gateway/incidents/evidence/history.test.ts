import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TallyHistory } from '../../../../../gateway/incidents/evidence/history.ts'
import { Counter, sumOf } from '../../../../../gateway/incidents/evidence/tally.ts'

function splitOf(history: TallyHistory, onsetAt: number) {
  const { since, before } = history.split(onsetAt)
  return { since: sumOf(since), before: sumOf(before) }
}

test('nothing is lost or counted twice while it is recent, whatever the rate, and memory stays small', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 5000 }), fc.boolean()), { maxLength: 2000 }), (steps) => {
      const history = new TallyHistory()
      let now = 1e12
      for (const [gap, isSound] of steps) {
        now += gap
        history.at(now, isSound).add('n')
      }
      const { since, before } = splitOf(history, Number.NEGATIVE_INFINITY)
      expect(since.count('n') + before.count('n')).toBe(steps.length)
      expect(JSON.stringify(history.save()).length).toBeLessThan(6000)
    }),
    { numRuns: 50 },
  )
})

test('an onset between good and bad splits exactly, though it is told later', () => {
  const history = new TallyHistory()
  for (let i = 0; i < 1000; i += 1) history.at(i * 100, true).add('good')
  for (let i = 0; i < 5; i += 1) history.at(100_000 + i * 100, false).add('bad')
  const { since, before } = splitOf(history, 100_000)
  expect([since.count('bad'), since.count('good'), before.count('bad')]).toEqual([5, 0, 0])
  expect(before.count('good')).toBe(1000)
})

test('what was sound is still known for itself after hundreds of refusals', () => {
  const history = new TallyHistory()
  for (let i = 0; i < 45; i += 1) history.at(i * 1_000_000, true).add('good')
  for (let i = 0; i < 300; i += 1) history.at(45_000_000 + i * 20_000, false).add('bad')
  const { since, before } = splitOf(history, 45_000_000)
  expect([since.count('bad'), before.count('good')]).toEqual([300, 45])
})

test('after two days it is forgotten', () => {
  const history = new TallyHistory()
  history.at(0, true).add('n')
  for (let i = 1; i < 100; i += 1) history.at(i * 3_600_000, true)
  expect(splitOf(history, 0).since.count('n') + splitOf(history, 1).before.count('n')).toBe(0)
})

test('saved and loaded it goes on the same', () => {
  const a = new TallyHistory()
  for (let i = 0; i < 300; i += 1) a.at(i * 333, i % 7 !== 0).note('ms', i)
  const b = new TallyHistory()
  b.load(JSON.parse(JSON.stringify(a.save())))
  for (let i = 300; i < 400; i += 1) for (const h of [a, b]) h.at(i * 333, i % 5 !== 0).add('n')
  expect(b.save()).toEqual(a.save())
})

test('a tally merges sums, extremes and quantiles', () => {
  const parts = [1, 2, 3].map((k) => {
    const counter = new Counter()
    for (let i = 1; i <= 100; i += 1) counter.recordMs(i * k)
    counter.add('n', k)
    counter.note('x', k)
    return counter
  })
  const sum = sumOf(parts)
  expect([sum.count('n'), sum.low('x'), sum.high('x'), sum.high('y')]).toEqual([6, 1, 3, null])
  const p50 = sum.quantileMs(0.5) ?? 0
  expect(p50 / 92).toBeGreaterThan(0.85)
  expect(p50 / 92).toBeLessThan(1.15)
})

test('names from the wire are bounded', () => {
  const counter = new Counter()
  for (let i = 0; i < 5000; i += 1) counter.addNamed('sender', `S${i}`)
  expect(counter.top('sender').length).toBeLessThanOrEqual(161)
  expect(counter.top('sender').reduce((n, s) => n + s.count, 0)).toBe(5000)
})

test('in whatever order names come, each has its own count, and they are saved in the order of first use', () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.nat(30), { maxLength: 40 }), { maxLength: 20 }), (rounds) => {
      const reference = new Map<string, number>()
      const sum = new Counter()
      for (const round of rounds) {
        const part = new Counter()
        for (const n of round) part.add(`k${n}`, n)
        for (const n of round) part.note(`k${n}`, n)
        for (const n of round) reference.set(`k${n}`, (reference.get(`k${n}`) ?? 0) + n)
        sum.merge(part)
      }
      const first = [...reference.keys()].flatMap((key) => [key, Number(key.slice(1))])
      expect(sum.save()).toEqual({ c: [...reference].flat(), h: first, l: first, m: [] })
    }),
  )
})
