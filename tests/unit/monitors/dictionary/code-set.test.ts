import { expect, test } from 'vitest'
import {
  absenceSurprise,
  adopt,
  type CodeSet,
  codeSetPart,
  formerOf,
  isClosed,
  occur,
  unseenBound,
} from '../../../../monitors/dictionary/code-set.ts'
import { mondayMorning } from '../stream.ts'

function filled(occurrences: number, codeOf: (i: number) => number): CodeSet {
  const set = codeSetPart.fresh()
  for (let i = 0; i < occurrences; i += 1) occur(set, codeOf(i), mondayMorning + i * 1000)
  return set
}

test('closed: enough seen, few values, hardly one that came once', () => {
  expect(isClosed(filled(299, (i) => i % 10))).toBe(false)
  expect(isClosed(filled(300, (i) => i % 10))).toBe(true)
  expect(isClosed(filled(300, (i) => i % 20))).toBe(false)
  // Of two thousand occurrences thirty values came once: more than one in a hundred.
  expect(isClosed(filled(2000, (i) => (i < 30 ? 100 + i : i % 10)))).toBe(false)
})

test('a new value of a closed set isn’t learned by itself; one of an open set is', () => {
  const set = filled(1000, (i) => i % 10)
  expect(occur(set, 99, mondayMorning)).toBe('new')
  expect(occur(set, 99, mondayMorning)).toBe('new')
  adopt(set, 99, 2, mondayMorning)
  expect(occur(set, 99, mondayMorning)).toBe('known')
  expect(
    occur(
      filled(100, (i) => i % 10),
      99,
      mondayMorning,
    ),
  ).toBe('known')
})

test('more than two hundred values are forgotten, and it stays open', () => {
  const set = filled(201, (i) => i)
  expect(set).toMatchObject({ isOpen: true })
  expect(set.codes.size).toBe(0)
  expect(occur(set, 1, mondayMorning)).toBe('open')
})

test('the chance of something unseen is bounded by what came once', () => {
  expect(unseenBound(filled(1000, (i) => i % 10))).toBeCloseTo(0.0027, 3)
  expect(unseenBound(filled(1010, (i) => (i < 10 ? 100 + i : i % 10)))).toBeGreaterThan(0.0099)
  expect(unseenBound(codeSetPart.fresh())).toBe(1)
})

test('a code that is away: the longer and the commoner, the stranger; and who came in its place', () => {
  const set = filled(1000, (i) => i % 10)
  const gone = set.codes.get(3)
  const before = set.seen
  for (let i = 0; i < 100; i += 1) {
    const code = i % 10
    occur(set, code === 3 ? 77 : code, mondayMorning)
  }
  expect(gone && absenceSurprise(set, gone)).toBeCloseTo(106 * -Math.log(1 - 100 / 994), 1)
  expect(formerOf(set, { sinceSeen: before + 4, count: 10 }, new Set())).toBe(3)
  expect(formerOf(set, { sinceSeen: before + 4, count: 60 }, new Set())).toBeNull()
  expect(formerOf(set, { sinceSeen: before + 4, count: 10 }, new Set([3]))).toBeNull()
})

test('it comes back from the database as it was', () => {
  for (const set of [filled(500, (i) => i % 7), filled(300, (i) => i), codeSetPart.fresh()]) {
    expect(codeSetPart.read(JSON.parse(JSON.stringify(codeSetPart.write(set))))).toEqual(set)
  }
  expect(() => codeSetPart.read(['x'])).toThrow(RangeError)
})
