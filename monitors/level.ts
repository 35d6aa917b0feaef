import type { Instant } from '../gateway/model/time.ts'
import { amount, flag, type Held, record } from './state.ts'

/**
 * Where an amount stands on the scale of its logarithm: its usual centre and spread, learned slowly, and a one-sided CUSUM of clipped z for when it rises
 * (reference/algorithms.md 2.3). A few numbers, for questions that are asked of many things at once; `baseline.ts` knows parts of the day.
 */
export const levelPart = record({
  centre: amount(),
  /** Mean distance from the centre. */
  spread: amount(),
  count: amount(),
  sum: amount(),
  onsetAt: amount(),
  /** Since the onset: how many, and the sum of their logarithms. */
  since: amount(),
  lnSum: amount(),
  /** Back to what is usual, while risen. */
  back: amount(),
  isRisen: flag(),
})
export type Level = Held<typeof levelPart>

/** Fewer say nothing of what is usual. */
const countMin = 20
/** From so many on what is usual is known well enough; before, the slack covers what the estimate may be off. */
const countWell = 40
const memoryCount = 500
const clip = 3
const slack = 0.5
/** Siegmund: about a million usual ones between two false alarms. */
const threshold = 12
const backThreshold = 6
/** Amounts that hardly vary must not make a difference of some percent look like a change. */
const spreadMin = 0.15
/** Of a normal distribution, the deviation is so many mean distances. */
const deviationsPerSpread = 1.2533

export function isLearned({ count }: Level): boolean {
  return count >= countMin
}

/** Takes an amount above zero. */
export function noteLevel(level: Level, value: number, at: Instant): void {
  const ln = Math.log(Math.max(value, 0.001))
  if (!isLearned(level)) {
    learn(level, ln)
    return
  }
  const z = clipped((ln - level.centre) / (deviationsPerSpread * Math.max(level.spread, spreadMin)))
  if (level.isRisen) {
    level.since += 1
    level.lnSum += ln
    level.back = Math.max(0, level.back + slack - z)
    if (level.back >= backThreshold) settle(level)
    return
  }
  if (level.sum < threshold / 2) learn(level, ln)
  if (level.sum === 0) {
    level.onsetAt = at
    level.since = 0
    level.lnSum = 0
  }
  level.since += 1
  level.lnSum += ln
  level.sum = Math.max(0, level.sum + z - slackFor(level))
  if (level.sum < threshold) return
  level.isRisen = true
  level.back = 0
}

/** By how much it stands above what is usual since the onset: 2 = twice. */
export function riseOf(level: Level): number {
  return level.since === 0 ? 1 : Math.exp(level.lnSum / level.since - level.centre)
}

export function usualOf(level: Level): number {
  return Math.exp(level.centre)
}

function slackFor({ count }: Level): number {
  return slack + Math.max(0, 2 / Math.sqrt(count) - 2 / Math.sqrt(countWell))
}

function settle(level: Level): void {
  level.isRisen = false
  level.sum = 0
  level.since = 0
  level.lnSum = 0
}

function learn(level: Level, ln: number): void {
  level.count += 1
  const weight = 1 / Math.min(level.count, memoryCount)
  const distance = ln - level.centre
  level.centre +=
    weight * (level.count === 1 ? distance : clippedBy(distance, 3 * Math.max(level.spread, spreadMin), level.count))
  level.spread += weight * (Math.abs(ln - level.centre) - level.spread)
}

/** What is learned already isn't thrown off by one odd amount. */
function clippedBy(distance: number, max: number, count: number): number {
  return count < countMin ? distance : Math.min(Math.max(distance, -max), max)
}

function clipped(z: number): number {
  return Math.min(Math.max(z, -clip), clip)
}
