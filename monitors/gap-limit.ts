import { gammaQuantile } from './gamma.ts'

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

/**
 * How many expected messages may stay away before it is no chance (algorithms.md 2.5): the gamma tail of a week's gaps. Of the gaps that ended by themselves, in expected
 * messages: how many there were, their sum, the sum of their squares, and how many were short.
 */
export function gapLimit(
  gaps: { count: number; sum: number; squares: number; short: number },
  messagesPerWeek: number,
): number {
  const n = gaps.count + priorGaps
  const mean = (gaps.sum + priorGaps) / n
  const variance = Math.max((gaps.squares + priorGaps * (1 + priorVarianceOf(gaps))) / n - mean * mean, 0.25 * mean * mean)
  const shape = Math.min(Math.max((mean * mean) / variance, 0.15), 4)
  return gammaQuantile(shape, falsePerWeek / Math.max(messagesPerWeek, 100)) * Math.max(mean, 1)
}

function priorVarianceOf({ count, short }: { count: number; short: number }): number {
  const share = (short + priorShort.short) / (count + priorShort.count)
  const towardsBursts = Math.min(Math.max((share - singleShare) / (burstShare - singleShare), 0), 1)
  return singleVariance + towardsBursts * (burstVariance - singleVariance)
}
