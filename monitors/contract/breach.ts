import { duringOf, type RateRule, shareOf } from '../shared/rate.ts'
import type { Breach } from './contract-memory.ts'

/** What began with the traffic may be how this interface always was: until this many messages, only what most of them show is told. */
const learnedMin = 300
const cleanBeforeMin = 30
/** Most: nearly all of a few, or half of several. */
const most = [
  { cleanBefore: cleanBeforeMin, hits: 3, share: 0.9 },
  { cleanBefore: 0, hits: 5, share: 0.9 },
  { cleanBefore: 0, hits: 8, share: 0.5 },
] as const
/** Several, at a share at which so many clean ones before would be no chance: e^-9. */
const changedHits = 5
const changedSurprise = 9
/** An episode of so many that still isn't most is no news. */
export const enoughHits = 8
/** What was never seen is expected at most this often, however little was seen. */
const neverShareMax = 0.02
export const usualMax = 10_000
const usualShareMin = 0.002
const usualShareMax = 0.8
/** e^-18: a busy interface has a million messages a week, and many elements. */
export const surprise = 18
/** Breaches of structure show after three messages where there were none before: within some seventy messages of each other. */
const structureSurprise = 6
const structureRules: ReadonlySet<string> = new Set('masking required structure order cardinality forbidden charset'.split(' '))
/** How a message is built and written: what a release changes at once, for all messages or for those that have the element. */
export const writtenRules: ReadonlySet<string> = new Set(
  'type format required structure order cardinality forbidden'.split(' '),
)
const writtenShare = 0.3
const writtenCleanMin = 10
export const ticketWeight = 2
const distinctMin = 3

/** What came while all was well. */
export function learn(breach: Breach, seen: number, hits: number): void {
  breach.usualSeen += seen
  breach.usualHits += hits
  if (breach.usualSeen <= usualMax) return
  breach.usualHits *= usualMax / 2 / breach.usualSeen
  breach.usualSeen = usualMax / 2
}

/** Against the upper 95 % bound of what is usual; rule of three where it never happened. */
export function ruleFor(breach: Breach, rule: string): RateRule {
  const hits = breach.usualHits
  const bound = (hits + 1.645 * Math.sqrt(hits + 1) + 1.35) / Math.max(breach.usualSeen, 1)
  const upper = hits < 1 ? Math.min(bound, neverShareMax) : bound
  const usualShare = Math.min(Math.max(upper, usualShareMin), usualShareMax)
  const badShare = Math.min(Math.max(10 * usualShare, 0.05), (1 + usualShare) / 2)
  const isStructure = breach.severity === 'ticket' && structureRules.has(rule)
  const wasAbsent = breach.totalHits <= breach.rate.hits
  return { usualShare, badShare, threshold: isStructure && wasAbsent ? structureSurprise : surprise, distinctMin }
}

/** Whether it is news, while little is known of what is usual. */
export function isWorthTelling(breach: Breach): boolean {
  if (breach.usualSeen >= learnedMin) return true
  const { hits, seen } = breach.rate
  const share = Math.min(shareOf(breach.rate), 0.999)
  if (hits >= changedHits && -breach.cleanBefore * Math.log(1 - share) >= changedSurprise) return true
  return most.some((need) => breach.cleanBefore >= need.cleanBefore && hits >= need.hits && hits >= need.share * seen)
}

/** By how much it matters: what is for a ticket over what isn't, then by share. */
export function weightOf(breach: Breach): number {
  return ((breach.severity === 'ticket' || breach.isChange) && !breach.isHabit ? ticketWeight : 0) + shareOf(breach.rate)
}

/**
 * Where none had it before, and so many have it now that so long without any would be no chance, somebody changed how it is written: receivers will stumble, whatever one such message weighs.
 * `same`: the breach in messages of every type, as changes of twelve tables are of twelve.
 */
export function isRewritten(same: readonly Breach[]): boolean {
  const sum = (of: (breach: Breach) => number) => same.reduce((all, breach) => all + of(breach), 0)
  const hits = sum(({ rate }) => rate.hits)
  const during = sum(({ rate }) => duringOf(rate))
  const share = Math.min(hits / Math.max(during, 1), 0.999)
  const clean = sum(({ cleanBefore }) => cleanBefore)
  return hits >= enoughHits && clean >= writtenCleanMin && share >= writtenShare && -clean * Math.log(1 - share) >= surprise
}
