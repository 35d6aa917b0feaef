import type { Interface } from '../../gateway/model/interface.ts'
import type { Instant } from '../../gateway/model/time.ts'
import { amount, flag, type Held, list, record, word } from './state.ts'
import { shownExchanges } from './voice.ts'

/**
 * Bernoulli CUSUM (reference/algorithms.md 2.2): a hit adds ln(p1/p0), a miss takes off ln((1-p0)/(1-p1)), never below zero.
 * The episode began with the first hit after the sum was last zero, or after what came before was as good as forgotten. It works at any rate of messages, because it counts
 * messages and not minutes. Copies of one message (same id) are one hit, so that a poison message that is sent again and
 * again is one failure.
 */
export const ratePart = record({
  sum: amount(),
  onsetAt: amount(),
  lastHitAt: amount(),
  /** Since the onset: messages, and distinct ones that were hits. */
  seen: amount(),
  hits: amount(),
  cleanRun: amount(),
  bad: flag(),
  /** Hashes of the last hits' ids. */
  recent: list(amount()),
  exchangeIds: list(word()),
})
export type Rate = Held<typeof ratePart>

export interface RateRule {
  /** p0 and p1, 0..1. */
  readonly usualShare: number
  readonly badShare: number
  readonly threshold: number
  /** Fewer distinct messages than this never make it bad. */
  readonly distinctMin: number
}

const recentMax = 32
/** A run of clean messages ends an episode when it would be this unlikely while the episode went on: e^-6.9 = 0.1 %. */
const recoverySurprise = 6.9
const cleanRunMin = 5
const cleanRunMax = 200
/** After a single hit and so many times the misses that a fault has between two, the hit was a stray before the fault, whose onset it would put off by as much as an hour. */
const strayAfter = 1.5

/**
 * Whether a hit would begin an episode now. Who keeps something for as long as an episode lasts asks before the hit; where that changes the rule, it is told to the hit.
 */
export function isBeginning(rate: Rate, rule: RateRule): boolean {
  return !rate.bad && rate.sum <= Math.max(0, hitWeight(rule) - (strayAfter / rule.badShare) * missWeight(rule))
}

/** Takes a hit: `id` is what tells its message from others, or the hash of that. False: it was a copy of a recent one and changed nothing. */
export function hit(
  rate: Rate,
  rule: RateRule,
  what: { id: string | number; at: Instant; exchangeId: string },
  begins = isBeginning(rate, rule),
): boolean {
  rate.cleanRun = 0
  rate.lastHitAt = what.at
  const key = typeof what.id === 'number' ? what.id : hashOf(what.id)
  if (rate.recent.includes(key)) return false
  keepLast(rate.recent, key, recentMax)
  if (begins) beginEpisode(rate, what.at)
  rate.seen += 1
  rate.hits += 1
  keepLast(rate.exchangeIds, what.exchangeId, shownExchanges)
  rate.sum = Math.min(rate.sum + hitWeight(rule), 2 * rule.threshold)
  if (rate.sum >= rule.threshold && rate.hits >= rule.distinctMin) rate.bad = true
  return true
}

/**
 * Takes `count` messages that were no hits. A bad episode ends by evidence only: a run of them, long enough for its share of hits, or for
 * `shareMax` where somebody knows that the share may be no more than that. Where many hits are usual there is no such run: `untilUsual` ends it when the sum is used up, too.
 */
export function miss(
  rate: Rate,
  rule: RateRule,
  { count = 1, shareMax = 1, untilUsual = false }: { count?: number; shareMax?: number; untilUsual?: boolean } = {},
): void {
  rate.cleanRun += count
  // Nearly always nothing is odd, and there is nothing that it would take anything off.
  if (rate.sum === 0 && !rate.bad) return
  rate.seen += count
  rate.sum = Math.max(0, rate.sum - count * missWeight(rule))
  if (!rate.bad) return
  const isOver = rate.cleanRun >= cleanRunNeeded(Math.min(shareOf(rate), shareMax))
  if (isOver || (untilUsual && rate.sum === 0)) endEpisode(rate)
}

function hitWeight({ usualShare, badShare }: RateRule): number {
  return Math.log(badShare / usualShare)
}

function missWeight({ usualShare, badShare }: RateRule): number {
  return Math.log((1 - usualShare) / (1 - badShare))
}

/** A hit was none after all. */
export function takeBack(rate: Rate, rule: RateRule): void {
  rate.hits = Math.max(0, rate.hits - 1)
  rate.sum = Math.max(0, rate.sum - hitWeight(rule))
}

/** How many clean messages in a row show that a share of hits is over. */
export function cleanRunNeeded(share: number): number {
  const needed = Math.ceil(recoverySurprise / -Math.log(1 - Math.min(Math.max(share, 0.001), 0.999)))
  return Math.min(Math.max(needed, cleanRunMin), cleanRunMax)
}

/** From now on every second message is counted: what was counted before weighs half. */
export function halve(rate: Rate): void {
  rate.hits = Math.ceil(rate.hits / 2)
  rate.seen = Math.ceil(rate.seen / 2)
  rate.cleanRun = Math.ceil(rate.cleanRun / 2)
}

export function endEpisode(rate: Rate): void {
  rate.bad = false
  rate.sum = 0
  rate.seen = 0
  rate.hits = 0
  rate.recent = []
}

/** Messages since the onset, up to the last hit: what came clean after it is not part of the episode. */
export function duringOf({ seen, cleanRun, hits }: Rate): number {
  return Math.max(seen - cleanRun, hits)
}

/** Hits among those. */
export function shareOf(rate: Rate): number {
  const during = duringOf(rate)
  return during === 0 ? 0 : rate.hits / during
}

/**
 * The threshold at which healthy traffic of this volume gives one false alarm in `weeks`: ln(messages / 50), as measured
 * (ARL0 = 50 e^h). Capped for the default, so that total failure shows within six messages at any volume.
 */
export function thresholdFor(messagesPerWeek: number, weeks = 100): number {
  return Math.min(Math.max(Math.log((messagesPerWeek * weeks) / 50), 7), 12.6 + Math.log(weeks / 100))
}

/** What share may be usual where `hits` of `seen` were hits: two deviations above the estimate, so that chance has its room. */
export function usualShareOf(hits: number, seen: number): number {
  const share = (hits + 1) / (seen + 2)
  return share + 2 * Math.sqrt((share * (1 - share)) / (seen + 2))
}

/** By the catalogue; null where it says nothing. Two days of seven are a weekend. */
export function expectedPerWeek(iface: Interface): number | null {
  if (iface.expectedVolume === null) return null
  const perDay = iface.expectedVolume.perHour.reduce((sum, n) => sum + n, 0)
  return perDay * (5 + 2 * iface.expectedVolume.weekendFactor)
}

/** FNV-1a, 32 bits: to compare identifiers without keeping them. `from`: the hash of what stands before the text. */
export function hashOf(text: string, from = 0x811c9dc5): number {
  let hash = from
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}

/** Adds at the end and drops the oldest beyond `max`. */
export function keepLast<T>(items: T[], item: T, max: number): void {
  items.push(item)
  if (items.length > max) items.shift()
}

function beginEpisode(rate: Rate, at: Instant): void {
  rate.onsetAt = at
  rate.seen = 0
  rate.hits = 0
  rate.exchangeIds = []
}
