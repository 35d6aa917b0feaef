import { expect, test } from 'vitest'
import { type Leg, legOf, thin } from '../../../../monitors/journeys/followed.ts'
import { type Awaited, type LegMemory, legPart } from '../../../../monitors/journeys/leg-memory.ts'
import { watchLeg } from '../../../../monitors/journeys/legs.ts'
import { hourMs, minuteMs, mondayMorning } from '../stream.ts'

const now = mondayMorning + 100 * hourMs

function asked(hoursAgo: number, more: Partial<Awaited> = {}): Awaited {
  return {
    ...{ at: now - hoursAgo * hourMs, isOverdue: false, isExcused: false, isRefused: false, hasCome: false },
    ...{
      keys: [Math.round(hoursAgo * 1000)],
      exchangeId: `e${hoursAgo}`,
      what: 0,
      passed: 0,
      passedByKind: 0,
      isPassedOver: false,
    },
    ...more,
  }
}

/** A leg that is known well: all come within the limit, one came just now, and three that were asked for half an hour ago. */
function aLeg(changes: Partial<LegMemory>): Leg {
  const memory = {
    ...legPart.fresh(),
    ...{
      limitMs: 50 * minuteMs,
      usualMs: 5 * minuteMs,
      limitAt: mondayMorning,
      due: 400,
      isUnderWay: true,
      watchedAt: now - 1000,
    },
    ...{ lastCameAt: now - minuteMs, recentMs: 5 * minuteMs },
    cameAsked: [0.4, 0.5, 0.6].map((hoursAgo) => now - hoursAgo * hourMs),
    ...changes,
  }
  return legOf(memory, 'journey')
}

function bad(leg: Leg, hits: number, onsetHoursAgo: number): void {
  Object.assign(leg.memory.rate, { bad: true, sum: 10, hits, seen: 2 * hits })
  Object.assign(leg.memory.rate, { onsetAt: now - onsetHoursAgo * hourMs, lastHitAt: now - minuteMs })
}

test('what was asked for before the limit was learned is not counted, and is kept: when it comes, what is late comes', () => {
  const leg = aLeg({ limitAt: now - hourMs, awaited: [asked(1.5), asked(0.9)] })
  watchLeg(leg, now, true)
  expect(leg.memory.awaited).toMatchObject([
    { isExcused: true, isOverdue: false },
    { isExcused: false, isOverdue: true },
  ])
})

test('what usually takes an hour or more may come after a weekend, and is followed until then', () => {
  const long = aLeg({ limitMs: 2 * hourMs, awaited: [asked(73), asked(60)] })
  watchLeg(long, now, true)
  expect(long.memory.awaited).toMatchObject([{ at: now - 60 * hourMs, isOverdue: true }])
  const short = aLeg({ limitMs: 10 * minuteMs, awaited: [asked(60), asked(1)] })
  watchLeg(short, now, true)
  expect(short.memory.awaited).toMatchObject([{ at: now - hourMs }])
})

test('it is one kind that stays away where others that were asked for later come; where nothing comes, it is not that kind', () => {
  const runOf = (changes: Partial<LegMemory>) => {
    const leg = aLeg({ awaited: [asked(0.95, { what: 7 }), asked(0.9, { what: 7 })], ...changes })
    watchLeg(leg, now, true)
    expect(leg.memory.awaited.every(({ isOverdue }) => isOverdue)).toBe(true)
    return leg.memory.ordered.get('7')?.run
  }
  expect(runOf({})).toBe(2)
  expect(runOf({ cameAsked: [], lastCameAt: now - 2 * hourMs })).toBeUndefined()
})

test('after a gap of ours what was not told yet counts no more, and what was told stays', () => {
  const afterGap = (lateSince: number) => {
    const leg = aLeg({ lateSince, passedSince: 60, awaited: [asked(2, { isOverdue: true })] })
    bad(leg, 40, 0.5)
    leg.memory.ordered.set('7', { due: 50, missing: 0, run: 4, sinceAt: now - hourMs, exchangeIds: [] })
    watchLeg(leg, now, false)
    expect(leg.memory.awaited).toEqual([])
    return leg.memory
  }
  // Most of the forty came late: it is a queue, and what would have come of the rest nobody will know.
  const excused = afterGap(35)
  expect(excused.rate).toMatchObject({ bad: false, hits: 0, sum: 0 })
  expect(excused.ordered.get('7')?.run).toBe(0)
  expect(afterGap(1).rate).toMatchObject({ bad: true, hits: 40 })
})

test('where only every second one is followed from now on, what was counted weighs half', () => {
  const leg = aLeg({ lateSince: 9, awaited: Array.from({ length: 40 }, (_, n) => asked(n / 100, { keys: [n] })) })
  bad(leg, 41, 1)
  Object.assign(leg.memory.passing, { lateSince: 4 })
  Object.assign(leg.memory.passing.rate, { bad: true, hits: 20, seen: 60 })
  thin(leg, now, 256)
  const { rate, passing, lateSince, awaited, stride } = leg.memory
  expect({ stride, awaited: awaited.length, lateSince }).toEqual({ stride: 2, awaited: 20, lateSince: 5 })
  expect(rate).toMatchObject({ bad: true, hits: 21, seen: 41 })
  expect(passing).toMatchObject({ lateSince: 2, rate: { hits: 10, seen: 30 } })
})
