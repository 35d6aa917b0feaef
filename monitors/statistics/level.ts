import type { Instant } from '../../gateway/model/time.ts'
import { amount, flag, type Held, list, record } from '../shared/state.ts'
import { bunchingOf, bunchingPart, noteScore } from './bunching.ts'
import { knotsAmong, logOf, meanOf, middleOf, moveKnots, scoreAmong } from './knots.ts'

/**
 * What amounts are usual, learned slowly, and a one-sided CUSUM of scores among them for when they rise (reference/algorithms.md 2.3). Some numbers, for questions that are asked of many
 * things at once; `baseline.ts` knows parts of the day.
 */
export const levelPart = record({
  /** Quantiles of logarithms; before enough were seen, those of all in ascending order. */
  knots: list(amount()),
  count: amount(),
  bunching: bunchingPart,
  sum: amount(),
  onsetAt: amount(),
  /** Since the onset: how many, and by how much their logarithms stand above the usual mean, in all. */
  since: amount(),
  above: amount(),
  /** Back to what is usual, while risen. */
  back: amount(),
  isRisen: flag(),
})
export type Level = Held<typeof levelPart>

/** Fewer say nothing of what is usual. */
const countMin = 20
/** From so many on it is known well enough; before, the slack covers what the estimate may be off. */
const countWell = 100
const memoryCount = 500
const slack = 0.5
/** Siegmund: about a million usual ones between two false alarms. */
const threshold = 12
const backThreshold = 6

export function isLearned({ count }: Level): boolean {
  return count >= countMin
}

/** Nothing is odd so far that must not be learned from. */
export function isCalm({ sum, isRisen }: Level): boolean {
  return !isRisen && sum < threshold / 2
}

/** Takes an amount above zero. */
export function noteLevel(level: Level, value: number, at: Instant): void {
  const ln = logOf(value)
  if (!isLearned(level)) {
    begin(level, ln)
    return
  }
  const z = scoreAmong(level.knots, ln)
  noteScore(level.bunching, z)
  if (level.isRisen) {
    add(level, ln)
    level.back = Math.max(0, level.back + slack - z)
    if (level.back >= backThreshold) settle(level)
    return
  }
  if (isCalm(level)) learn(level, ln)
  const bunching = bunchingOf(level.bunching)
  const sum = level.sum + (z - slackFor(level, bunching)) / bunching
  if (sum <= 0) {
    if (level.sum > 0) settle(level)
    return
  }
  if (level.sum === 0) level.onsetAt = at
  level.sum = sum
  add(level, ln)
  if (sum < threshold) return
  level.isRisen = true
  level.back = 0
}

/** By how much it stands above what is usual since the onset: 2 = twice. */
export function riseOf({ since, above }: Level): number {
  return since === 0 ? 1 : Math.exp(above / since)
}

/** The middle one. */
export function usualOf({ knots, count }: Level): number {
  return Math.exp(count < countMin ? (knots[Math.floor(count / 2)] ?? 0) : middleOf(knots))
}

/** Of those that bunch it takes so many times as many to know as much. */
function slackFor({ count }: Level, bunching: number): number {
  return slack + Math.max(0, 2 * Math.sqrt(bunching / count) - 2 / Math.sqrt(countWell))
}

function add(level: Level, ln: number): void {
  level.since += 1
  level.above += ln - meanOf(level.knots)
}

function settle(level: Level): void {
  level.isRisen = false
  level.sum = 0
  level.since = 0
  level.above = 0
}

function begin(level: Level, ln: number): void {
  const { knots } = level
  const place = knots.findIndex((knot) => knot > ln)
  knots.splice(place < 0 ? knots.length : place, 0, ln)
  level.count += 1
  if (isLearned(level)) level.knots = knotsAmong(knots)
}

function learn(level: Level, ln: number): void {
  level.count += 1
  moveKnots(level.knots, ln, 1 / Math.min(level.count, memoryCount))
}
