import { expect, test } from 'vitest'
import { legPart } from '../../../monitors/leg-memory.ts'
import type { LegPlan } from '../../../monitors/leg-plans.ts'
import { episodeOf } from '../../../monitors/leg-telling.ts'
import { mondayMorning } from './stream.ts'

const plan: LegPlan = { id: 'lab:0:1', kind: 'journey', from: ['orders'], to: ['results'], length: 1 }
const minuteMs = 60_000

/** A leg of which so many were passed over by what was asked for later, within these minutes. */
function passedOver({ hits, minutes, lateSince = 0 }: { hits: number; minutes: number; lateSince?: number }) {
  const leg = legPart.fresh()
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

/** A leg of which so many are past their time, while others come. */
function pastTime({ hits, limitMinutes }: { hits: number; limitMinutes: number }) {
  const leg = { ...legPart.fresh(), limitMs: limitMinutes * minuteMs, passedSince: 10 }
  Object.assign(leg.rate, { bad: true, hits, seen: 2 * hits, onsetAt: mondayMorning, lastHitAt: mondayMorning + 30 * minuteMs })
  return episodeOf(plan, leg)
}

test('a few past their time stay away though others come; not where it may take hours, as a weekend is slower', () => {
  expect(pastTime({ hits: 6, limitMinutes: 50 })).not.toBeNull()
  expect(pastTime({ hits: 6, limitMinutes: 600 })).toBeNull()
  expect(pastTime({ hits: 12, limitMinutes: 600 })).not.toBeNull()
})
