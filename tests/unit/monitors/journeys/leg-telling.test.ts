import { expect, test } from 'vitest'
import { legPart } from '../../../../monitors/journeys/leg-memory.ts'
import type { LegPlan } from '../../../../monitors/journeys/leg-plans.ts'
import { episodeOf, goneOf } from '../../../../monitors/journeys/leg-telling.ts'
import { mondayMorning } from '../stream.ts'

const plan: LegPlan = { id: 'lab:0:1', kind: 'journey', from: ['orders'], to: ['results'], length: 1 }
const minuteMs = 60_000

/** A leg of which so many were passed over by what was asked for later, within these minutes. */
function passedOver({ hits, minutes, lateSince = 0 }: { hits: number; minutes: number; lateSince?: number }) {
  const leg = { ...legPart.fresh(), limitMs: 50 * minuteMs }
  const { passing } = leg
  Object.assign(passing.rate, { bad: true, hits, seen: 4 * hits })
  Object.assign(passing.rate, { onsetAt: mondayMorning, lastHitAt: mondayMorning + minutes * minuteMs })
  passing.lateSince = lateSince
  return episodeOf(plan, leg)
}

test('a dozen that later ones came before stay away; fewer, or as few over hours, may be on their way', () => {
  expect(passedOver({ hits: 12, minutes: 20 })).toMatchObject({ passedSince: 36, lateSince: 0 })
  expect(passedOver({ hits: 11, minutes: 20 })).toBeNull()
  expect(passedOver({ hits: 29, minutes: 600 })).toBeNull()
  expect(passedOver({ hits: 30, minutes: 600 })).not.toBeNull()
})

test('where most came after all the rest is on its way', () => {
  expect(passedOver({ hits: 40, minutes: 20, lateSince: 21 })).toBeNull()
  expect(passedOver({ hits: 40, minutes: 20, lateSince: 19 })).not.toBeNull()
})

interface PastTime {
  readonly hits: number
  readonly limitMinutes: number
  readonly hours?: number
  readonly passedSince?: number
  readonly lateSince?: number
  readonly stride?: number
}

/** A leg of which so many are past their time, asked for within these hours, while others come. */
function pastTime({ hits, limitMinutes, hours = 0.5, passedSince = 10, lateSince = 0, stride = 1 }: PastTime) {
  const leg = { ...legPart.fresh(), limitMs: limitMinutes * minuteMs, passedSince, lateSince, stride }
  Object.assign(leg.rate, { bad: true, hits, seen: 2 * hits, onsetAt: mondayMorning })
  leg.rate.lastHitAt = mondayMorning + hours * 60 * minuteMs
  return episodeOf(plan, leg)
}

test('a few past their time stay away though others come; where it may take hours only what did for a day and a night', () => {
  expect(pastTime({ hits: 6, limitMinutes: 50 })).not.toBeNull()
  expect(pastTime({ hits: 60, limitMinutes: 600, hours: 25, passedSince: 90 })).toBeNull()
  expect(pastTime({ hits: 12, limitMinutes: 600, hours: 31 })).not.toBeNull()
})

test('where it may take hours, a desk that was closed opens with all that waited: as long as few others have come, they are on their way', () => {
  expect(pastTime({ hits: 60, limitMinutes: 600, hours: 40, passedSince: 0 })).toBeNull()
  expect(pastTime({ hits: 60, limitMinutes: 600, hours: 40, passedSince: 29 })).toBeNull()
  expect(pastTime({ hits: 60, limitMinutes: 600, hours: 40, passedSince: 30 })).not.toBeNull()
  expect(pastTime({ hits: 60, limitMinutes: 50, hours: 40, passedSince: 0 })).not.toBeNull()
})

test('where one in four is followed, one that came late stands for four of those that passed', () => {
  expect(pastTime({ hits: 10, limitMinutes: 50, passedSince: 12, lateSince: 2, stride: 4 })).toBeNull()
  expect(pastTime({ hits: 10, limitMinutes: 50, passedSince: 13, lateSince: 2, stride: 4 })).not.toBeNull()
})

test('one kind that stays away is told; where all of them are late and on their way, so is that kind', () => {
  const leg = { ...legPart.fresh(), limitMs: 50 * minuteMs, passedSince: 100 }
  leg.ordered.set('7', { due: 50, missing: 0, run: 9, sinceAt: mondayMorning, exchangeIds: [] })
  const now = mondayMorning + 300 * minuteMs
  expect(goneOf(plan, leg, now)).not.toBeNull()
  Object.assign(leg.rate, { bad: true, hits: 60, seen: 90, onsetAt: mondayMorning, lastHitAt: now })
  expect(goneOf(plan, { ...leg, lateSince: 40 }, now)).toBeNull()
  expect(goneOf(plan, { ...leg, lateSince: 10 }, now)).not.toBeNull()
  expect(
    goneOf(plan, { ...leg, limitMs: 600 * minuteMs, rate: legPart.fresh().rate }, mondayMorning + 25 * 60 * minuteMs),
  ).toBeNull()
})

test('of two ways that begin here the slow one is no loss: all of it comes late, in the order of asking', () => {
  /** Forty past their time: so many of the eldest came late, and this many of those that were asked for before the latest of them did not. */
  const slowWay = (lateSince: number, lost: number) => {
    const leg = { ...legPart.fresh(), limitMs: 50 * minuteMs, passedSince: 30, lateSince }
    Object.assign(leg.rate, { bad: true, hits: 40, seen: 80, onsetAt: mondayMorning, lastHitAt: mondayMorning + 40 * minuteMs })
    leg.lateAskedAt = mondayMorning + (lateSince + lost) * minuteMs
    leg.awaited = Array.from({ length: 40 - lateSince }, (_, n) => ({
      ...{ at: mondayMorning + (n < lost ? n + 1 : lateSince + n + 1) * minuteMs, isOverdue: true, isExcused: false },
      ...{
        isRefused: false,
        hasCome: false,
        keys: [n],
        exchangeId: '',
        what: 0,
        passed: 0,
        passedByKind: 0,
        isPassedOver: false,
      },
    }))
    return episodeOf(plan, leg)
  }
  expect(slowWay(8, 0)).toBeNull()
  expect(slowWay(8, 6)).toBeNull()
  expect(slowWay(8, 12)).not.toBeNull()
  expect(slowWay(2, 0)).not.toBeNull()
})
