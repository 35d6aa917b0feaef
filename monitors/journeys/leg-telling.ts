import type { Instant, Millis } from '../../gateway/model/time.ts'
import { duringOf, type Rate, shareOf } from '../shared/rate.ts'
import { rounded, type Telling } from '../shared/voice.ts'
import type { Awaited, LegMemory } from './leg-memory.ts'
import type { LegPlan } from './leg-plans.ts'
import { type Ordered, orderedGone } from './ordered.ts'

/** What stays away on a leg now. */
type Episode = Pick<LegMemory, 'rate' | 'threshold' | 'usualShare' | 'passedSince' | 'lateSince' | 'refusedSince'>

const passedMin = 5
const missingMin = 12
/** The same where they were asked for over more than an hour: at night all goes slowly. */
const missingMinOfSlow = 30
/** What may take longer than this may come with the next day's work, as what is measured once a day: until it was so for longer than a day and a night, nothing is missing. */
export const slowMs: Millis = 3_600_000
const nextDayMs: Millis = 30 * 3_600_000
/** When a desk opens again all that waited comes within hours, in any order: for each so many that stay away one other has to have come. */
const othersOfSlow = 2
const lostMin = 3

/** What stays away: past its time, or passed over by what was asked for later. */
export function episodeOf({ kind }: Pick<LegPlan, 'kind'>, leg: LegMemory): Episode | null {
  const { passing } = leg
  if (leg.rate.bad && (kind === 'callback' || !isOnlyLate(leg))) return leg
  // Who is passed over may be on its way yet: some are no matter, whatever else comes.
  if (!passing.rate.bad || passing.rate.hits < enoughOf(passing.rate) || isTooEarly(leg, passing.rate)) return null
  if (isMostlyLate(leg, passing, 'isPassedOver')) return null
  return { ...passing, passedSince: passing.rate.seen - passing.rate.hits, refusedSince: 0 }
}

/** What is ordered and stays away wholly, though it is a small part of all. Where all are late and on their way, those of one kind are too. */
export function goneOf(plan: Pick<LegPlan, 'kind'>, leg: LegMemory, now: Instant): Ordered | null {
  const { ordered, limitMs, rate, passing } = leg
  const gone = orderedGone(ordered, now)
  if (gone === null || (limitMs > slowMs && now - gone.sinceAt < nextDayMs)) return null
  return (rate.bad || passing.rate.bad) && episodeOf(plan, leg) === null ? null : gone
}

/** Nothing passes there but what came late: a few that wait then are a night's, or a silence of that interface; where it takes hours, so are many: a desk may be closed for days. */
function isOnlyLate(leg: LegMemory): boolean {
  const { passedSince, lateSince, rate, stride, limitMs } = leg
  if (isTooEarly(leg, rate) || isMostlyLate(leg, leg, 'isOverdue')) return true
  // All that passes is counted, and of what comes late one in so many is followed.
  const others = passedSince - lateSince * stride
  if (limitMs > slowMs) return others < Math.max(passedMin, (rate.hits * stride) / othersOfSlow)
  return others < passedMin && rate.hits < enoughOf(rate)
}

/** Nobody knows yet how long it takes, or it takes hours. */
function isTooEarly({ limitMs }: LegMemory, { lastHitAt, onsetAt }: Rate): boolean {
  return limitMs === 0 || (limitMs > slowMs && lastHitAt - onsetAt < nextDayMs)
}

function enoughOf({ lastHitAt, onsetAt }: Rate): number {
  return lastHitAt - onsetAt > slowMs ? missingMinOfSlow : missingMin
}

/**
 * What came after all doesn't stay away: where most did, the rest is on its way. Where two ways begin here and one of them is slow, what goes that way comes late, in
 * the order of asking: of what was asked for before the latest of it most has come, and the rest is no older.
 */
function isMostlyLate(leg: LegMemory, late: Late, mark: Mark): boolean {
  const hits = late.lateSince < lostMin ? late.rate.hits : late.rate.hits - youngerOf(leg, late, mark)
  return hits - late.lateSince < Math.max(lostMin, hits / 2)
}

type Late = Pick<LegMemory, 'rate' | 'lateSince' | 'lateAskedAt'>
type Mark = 'isOverdue' | 'isPassedOver'

/** Of what stays away: what was asked for after the latest that came late. */
function youngerOf({ awaited, usualMs }: LegMemory, { rate, lateAskedAt }: Late, mark: Mark): number {
  const isYounger = (one: Awaited) => one[mark] && !one.hasCome && one.at > lateAskedAt && one.at + usualMs >= rate.onsetAt
  return awaited.reduce((count, one) => (isYounger(one) ? count + 1 : count), 0)
}

/** What later ones came before, late themselves: a queue may hold up, and loses none. */
function overtakenOf(leg: LegMemory): number {
  return leg.lateSince === 0 ? 0 : Math.max(0, leg.rate.hits - leg.lateSince - youngerOf(leg, leg, 'isOverdue'))
}

export function tellingOf(plan: LegPlan, leg: LegMemory, { from, now }: { from: string; now: Instant }): Telling {
  const gone = goneOf(plan, leg, now)
  const episode = episodeOf(plan, leg)
  const { rate, threshold, usualShare, passedSince, lateSince, refusedSince } = episode ?? leg
  const ofAll = episode !== null || gone === null
  return {
    onsetAt: ofAll ? rate.onsetAt : gone.sinceAt,
    score: rounded(Math.max(rate.sum / threshold, 1)),
    facts: {
      plan: plan.id,
      from,
      missing: ofAll ? rate.hits : gone.run,
      awaited: ofAll ? duringOf(rate) : gone.run,
      share: ofAll ? rounded(shareOf(rate)) : 1,
      usualShare: rounded(usualShare),
      usualS: rounded(leg.usualMs / 1000),
      limitS: rounded(leg.limitMs / 1000),
      passedSince: ofAll ? passedSince : null,
      lateSince: ofAll ? lateSince : 0,
      overtaken: overtakenOf(leg),
      refusedSince: ofAll ? refusedSince : 0,
      /** Of one thing that is ordered, of which none comes any more. */
      ofOneKind: gone?.run ?? 0,
      sampled: leg.stride,
    },
    exchangeIds: ofAll ? rate.exchangeIds : gone.exchangeIds,
  }
}

export function nothingMissing(now: Instant): Telling {
  return { onsetAt: now, score: 0, facts: {}, exchangeIds: [] }
}
