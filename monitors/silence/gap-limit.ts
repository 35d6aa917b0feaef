import { gammaQuantile } from '../statistics/gamma.ts'

/**
 * Chance of a false alarm an interface-week. The table of algorithms.md 2.5 is for 0.037 and a known rate: at 1.1 times it Poisson traffic of 26 an hour alone gives 0.011, two
 * tickets in two hundred interface-weeks. None in two hundred takes 0.0015, which is 1.27 times the table, and a little more with rates and spreads that were learned from 150 messages.
 */
const falsePerWeek = 0.0015
/** Gaps count as if so many had been seen before: of somebody who speaks singly, a little more than a Poisson's variance; of somebody who speaks in bursts, much more. */
const priorGaps = 50
const singleVariance = 1.25
const burstVariance = 3
/** In expected messages. Of single messages a quarter come so soon after the one before, of bursts more than half: the short ones tell them apart long before the long ones do. */
export const shortGap = 0.3
const singleShare = 0.3
const burstShare = 0.5
/** Who has hardly spoken may speak in bursts. */
const priorShort = { count: 12, short: 7 }

/** In expected messages. Gaps that are longer tell by themselves how fast they grow rarer. */
export const longGap = 3
const longMin = 2
/** Beyond chance, in deviations, they are longer than those of single messages are. */
const longDeviations = 4

/** Of the gaps that ended by themselves, in expected messages. */
export interface Gaps {
  readonly count: number
  readonly sum: number
  readonly squares: number
  /** How many were short, and how many long; and by how much the long ones were longer than that, in all. */
  readonly short: number
  readonly long: number
  readonly excess: number
}

/**
 * How many expected messages may stay away before it is no chance (algorithms.md 2.5): the gamma tail of a week's gaps, or where the long ones fall off more slowly, their own.
 */
export function gapLimit(gaps: Gaps, messagesPerWeek: number): number {
  const n = gaps.count + priorGaps
  const mean = (gaps.sum + priorGaps) / n
  const variance = Math.max((gaps.squares + priorGaps * (1 + priorVarianceOf(gaps))) / n - mean * mean, 0.25 * mean * mean)
  const shape = Math.min(Math.max((mean * mean) / variance, 0.15), 4)
  const chance = falsePerWeek / Math.max(messagesPerWeek, 100)
  const scale = Math.max(mean, 1)
  return Math.max(gammaQuantile(shape, chance) * scale, tailLimit(gaps, chance, scale))
}

/** Where pauses and bursts take turns, what is longer than most gaps falls off as an exponential of its own (Pickands 1975), which their variance shows late. */
function tailLimit({ count, long, excess }: Gaps, chance: number, scale: number): number {
  const mean = excess / Math.max(long, 1)
  if (long < longMin || mean < scale * (1 + longDeviations / Math.sqrt(long))) return 0
  return longGap + mean * (1 + 1 / Math.sqrt(long)) * Math.log(Math.max(long / (count * chance), 1))
}

function priorVarianceOf({ count, short }: Gaps): number {
  const share = (short + priorShort.short) / (count + priorShort.count)
  const towardsBursts = Math.min(Math.max((share - singleShare) / (burstShare - singleShare), 0), 1)
  return singleVariance + towardsBursts * (burstVariance - singleVariance)
}
