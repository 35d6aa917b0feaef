import { expect, test } from 'vitest'
import { answers } from '../../../monitors/answers.ts'
import { aCatalogue, anInterface, exchanged, feed, mondayMorning, readingsOf, seeded } from './stream.ts'

const catalogue = aCatalogue(anInterface('his-lis-lab-order'))
const at = (i: number) => mondayMorning + i * 1000
const healthy = (count: number, from = 0) => Array.from({ length: count }, (_, i) => exchanged({ at: at(from + i) }))
const wrong = (i: number) => exchanged({ at: at(i), wire: [{ kind: 'wrong-control-id', distance: 1, at: at(i) }] })

test('answers/mismatch: the second answer to another message is a fault, and says that it is off by one', () => {
  const run = answers.start({ catalogue }, null)
  feed(run, healthy(100))
  expect(run.assess(wrong(100))).toEqual([])
  expect(run.assess(wrong(101))).toEqual([
    expect.objectContaining({
      signal: 'answers/mismatch',
      state: 'bad',
      severity: 'ticket',
      onsetAt: at(100),
      facts: expect.objectContaining({ distance: '1', distanceShare: 1, count: 2 }),
    }),
  ])
  expect(feed(run, healthy(20, 110)).map((r) => r.state)).toEqual(['good'])
})

test('answers/late: three late answers', () => {
  const run = answers.start({ catalogue }, null)
  const late = (i: number) => exchanged({ at: at(i), wire: [{ kind: 'late', at: at(i) + 9000, afterMs: 9000 + i }] })
  const readings = feed(run, [...healthy(50), late(50), late(51), late(52)])
  expect(readings.map((r) => [r.signal, r.facts.lateMsMax])).toEqual([['answers/late', 9052]])
})

test('answers/orphan: three answers that nobody asked for', () => {
  const orphans = [1, 2, 3].map((i) => exchanged({ at: at(50 + i), outcome: 'orphan' }))
  expect(readingsOf(answers, catalogue, [...healthy(50), ...orphans]).map((r) => r.signal)).toEqual(['answers/orphan'])
})

test('one in a thousand of each is nothing', () => {
  const random = seeded(3)
  const items = Array.from({ length: 20_000 }, (_, i) => {
    const draw = random()
    if (draw < 0.0005) return exchanged({ at: at(i), wire: [{ kind: 'late', at: at(i), afterMs: 9000 }] })
    return draw < 0.001 ? exchanged({ at: at(i), outcome: 'orphan' }) : exchanged({ at: at(i) })
  })
  expect(readingsOf(answers, catalogue, items)).toEqual([])
})

test('answers/mismatch: bodies that always repeated the request’s number name another; where they have numbers of their own, they tell nothing', () => {
  const asked = (i: number, named: string) =>
    exchanged({
      at: at(i),
      keys: [{ kind: 'request', value: `R${i}`, authority: null }],
      answerKeys: [{ kind: 'request', value: named, authority: null }],
    })
  const repeated = Array.from({ length: 40 }, (_, i) => asked(i, `R${i}`))
  const others = Array.from({ length: 4 }, (_, i) => asked(40 + i, `R${38 + i}`))
  expect(readingsOf(answers, catalogue, [...repeated, ...others]).map((r) => r.signal)).toEqual(['answers/mismatch'])
  expect(
    readingsOf(
      answers,
      catalogue,
      Array.from({ length: 60 }, (_, i) => asked(i, `own${i}`)),
    ),
  ).toEqual([])
})
