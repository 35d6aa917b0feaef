import type { Instant } from '../gateway/model/time.ts'
import type { LegMemory } from './leg-memory.ts'
import type { LegPlan } from './leg-plans.ts'
import { orderedGone } from './ordered.ts'
import { shareOf } from './rate.ts'
import { rounded, type Telling } from './voice.ts'

/** What stays away on a leg now. */
type Episode = Pick<LegMemory, 'rate' | 'threshold' | 'usualShare' | 'passedSince' | 'lateSince' | 'refusedSince'>

const passedMin = 5
const missingMin = 12
/** The same where they were asked for over more than an hour: at night all goes slowly. */
const missingMinOfSlow = 30
const slowMs = 3_600_000
const lostMin = 3

/** What stays away: past its time, or passed over by what was asked for later. */
export function episodeOf({ kind }: LegPlan, leg: LegMemory): Episode | null {
  if (leg.rate.bad && (kind === 'callback' || !isOnlyLate(leg))) return leg
  const { passing } = leg
  // Who is passed over may be on its way yet: some are no matter, whatever else comes.
  if (!passing.rate.bad || isMostlyLate(passing) || passing.rate.hits < enoughOf(passing.rate)) return null
  return { ...passing, passedSince: passing.rate.seen - passing.rate.hits, refusedSince: 0 }
}

/**
 * Nothing passes there but what came late: a few that wait then are a night's or a weekend's, or a silence of that interface. And what may take hours takes
 * longer on a weekend, whatever else comes: a few of that are no proof either.
 */
function isOnlyLate(leg: LegMemory): boolean {
  const { passedSince, lateSince, rate, limitMs } = leg
  if (isMostlyLate(leg)) return true
  return passedSince - lateSince < passedMin ? rate.hits < enoughOf(rate) : limitMs > slowMs && rate.hits < missingMin
}

function enoughOf({ lastHitAt, onsetAt }: LegMemory['rate']): number {
  return lastHitAt - onsetAt > slowMs ? missingMinOfSlow : missingMin
}

/** What came after all doesn't stay away: where most did, the rest is on its way. */
function isMostlyLate({ rate, lateSince }: Pick<Episode, 'rate' | 'lateSince'>): boolean {
  return rate.hits - lateSince < Math.max(lostMin, rate.hits / 2)
}

export function tellingOf(plan: LegPlan, leg: LegMemory, { from, now }: { from: string; now: Instant }): Telling {
  const gone = orderedGone(leg.ordered, now)
  const { rate, threshold, usualShare, passedSince, lateSince, refusedSince } = episodeOf(plan, leg) ?? leg
  const ofAll = rate.bad || gone === null
  return {
    onsetAt: ofAll ? rate.onsetAt : gone.sinceAt,
    score: rounded(Math.max(rate.sum / threshold, 1)),
    facts: {
      plan: plan.id,
      from,
      missing: ofAll ? rate.hits : gone.run,
      awaited: ofAll ? Math.max(rate.seen - rate.cleanRun, rate.hits) : gone.run,
      share: ofAll ? rounded(shareOf(rate)) : 1,
      usualShare: rounded(usualShare),
      usualS: rounded(leg.usualMs / 1000),
      limitS: rounded(leg.limitMs / 1000),
      passedSince: ofAll ? passedSince : null,
      lateSince: ofAll ? lateSince : 0,
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
