import { expect, test } from 'vitest'
import { type Leg, legOf } from '../../../monitors/followed.ts'
import { type Awaited, type LegMemory, legPart } from '../../../monitors/leg-memory.ts'
import { watchLeg } from '../../../monitors/legs.ts'
import { hourMs, minuteMs, mondayMorning } from './stream.ts'

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
