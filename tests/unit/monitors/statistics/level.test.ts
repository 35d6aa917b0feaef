import { expect, test } from 'vitest'
import { isLearned, levelPart, noteLevel, riseOf, usualOf } from '../../../../monitors/statistics/level.ts'
import { mondayMorning, normal, seeded } from '../stream.ts'

/** How many of so many levels rise while two thousand healthy amounts come. */
function risen(levels: number, amounts: (random: () => number) => () => number): number {
  let count = 0
  for (let seed = 0; seed < levels; seed += 1) {
    const next = amounts(seeded(seed))
    const level = levelPart.fresh()
    for (let i = 0; i < 2_000 && !level.isRisen; i += 1) noteLevel(level, next(), mondayMorning + i * 60_000)
    if (level.isRisen) count += 1
  }
  return count
}

/** Each keeps so much of the one before. */
function keeping(kept: number, deviation: number) {
  return (random: () => number) => {
    let score = 0
    return () => {
      score = kept * score + Math.sqrt(1 - kept * kept) * normal(random)
      return 60 * Math.exp(deviation * score)
    }
  }
}

/** How many it takes until one rises that has seen so many, from one moment to the next by so much. */
function risenAfter(history: number, ratio: number, seed = 1): number {
  const random = seeded(seed)
  const level = levelPart.fresh()
  const note = (ms: number, i: number) => noteLevel(level, ms * Math.exp(0.4 * normal(random)), mondayMorning + i * 60_000)
  for (let i = 0; i < history; i += 1) note(60, i)
  let count = 0
  for (; count < 100 && !level.isRisen; count += 1) note(60 * ratio, history + count)
  return count
}

test('two kinds of amounts in one are no rise, be the larger one in seven and ten times the smaller, or two in five and twenty times', () => {
  const mixed = (share: number, ratio: number) => (random: () => number) => () =>
    (random() < share ? 60 * ratio : 60) * Math.exp(0.3 * normal(random))
  expect(risen(40, mixed(1 / 7, 10))).toBe(0)
  expect(risen(40, mixed(0.4, 20))).toBe(0)
})

test('heavy tails are no rise', () => {
  const heavy = (random: () => number) => () => 60 * Math.min((1 - random()) ** -0.8, 500)
  expect(risen(40, heavy)).toBe(0)
})

test('where large ones come together, each keeping half of the one before, few rise', () => {
  expect(risen(40, keeping(0, 0.6))).toBe(0)
  expect(risen(40, keeping(0.5, 0.6))).toBeLessThanOrEqual(4)
})

test('what is four times as much from one moment to the next rises within ten, once many were seen, and within fifteen of thirty', () => {
  for (let seed = 0; seed < 20; seed += 1) {
    expect(risenAfter(30, 4, seed)).toBeLessThanOrEqual(15)
    expect(risenAfter(500, 4, seed)).toBeLessThanOrEqual(10)
  }
})

test('it says how much is usual and by how much it has risen, and ends when it is back', () => {
  const random = seeded(7)
  const level = levelPart.fresh()
  let at = mondayMorning
  const note = (ms: number) => {
    at += 60_000
    noteLevel(level, ms * Math.exp(0.3 * normal(random)), at)
  }
  for (let i = 0; i < 19; i += 1) note(60)
  expect(isLearned(level)).toBe(false)
  for (let i = 0; i < 400; i += 1) note(60)
  expect(isLearned(level)).toBe(true)
  expect(usualOf(level)).toBeGreaterThan(54)
  expect(usualOf(level)).toBeLessThan(66)
  const beganAt = at
  for (let i = 0; i < 60; i += 1) note(300)
  expect(level.isRisen).toBe(true)
  expect(level.onsetAt - beganAt).toBeLessThanOrEqual(2 * 60_000)
  expect(riseOf(level)).toBeGreaterThan(4)
  expect(riseOf(level)).toBeLessThan(6)
  for (let i = 0; i < 40; i += 1) note(60)
  expect(level.isRisen).toBe(false)
})

test('of two kinds in one, a rise is told against the usual mean of both', () => {
  const random = seeded(9)
  const level = levelPart.fresh()
  const mixed = (ratio: number) => (random() < 0.3 ? 600 : 60) * ratio * Math.exp(0.3 * normal(random))
  for (let i = 0; i < 1000; i += 1) noteLevel(level, mixed(1), mondayMorning + i)
  expect(level.isRisen).toBe(false)
  for (let i = 0; i < 400; i += 1) noteLevel(level, mixed(8), mondayMorning + 1000 + i)
  expect(riseOf(level)).toBeGreaterThan(6)
  expect(riseOf(level)).toBeLessThan(10)
})

test('it goes on from what was saved', () => {
  const random = seeded(5)
  let one = levelPart.fresh()
  const other = levelPart.fresh()
  for (let i = 0; i < 300; i += 1) {
    const ms = (i < 200 ? 60 : 300) * Math.exp(0.3 * normal(random))
    one = levelPart.read(JSON.parse(JSON.stringify(levelPart.write(one))))
    noteLevel(one, ms, i)
    noteLevel(other, ms, i)
  }
  expect(one).toEqual(other)
})
