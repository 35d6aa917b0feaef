import { isBeginning, type Rate, type RateRule } from './rate.ts'
import { amount, type Held, record } from './state.ts'

/** What share of all is odd on days when nothing is wrong: users cancel, and some of what is sent was there before. */
export const usualSharePart = record({
  /** Older ones count by half, and half again. */
  seen: amount(),
  odd: amount(),
  /** As it stood when something began to be odd. */
  share: amount(),
})
export type UsualShare = Held<typeof usualSharePart>

/** Of fewer a share isn't known. */
const seenMin = 50
const seenMax = 2_000
/** What is so many times as much as usual is a fault. */
const badRatio = 5
const badShareMax = 0.9

/** Takes one while nothing is wrong. */
export function learnShare(usual: UsualShare, isOdd: boolean): void {
  usual.seen += 1
  if (isOdd) usual.odd += 1
  if (usual.seen < seenMax) return
  usual.seen /= 2
  usual.odd /= 2
}

/** Before a hit: where it begins an episode, what was odd before it is usual. Asked before it is learned. */
export function fixShare(usual: UsualShare, rate: Rate, rule: RateRule): void {
  if (isBeginning(rate, rule)) usual.share = usual.odd / Math.max(usual.seen, seenMin)
}

/** The rule where more is usual than it takes for usual. */
export function ruleFor({ share }: UsualShare, rule: RateRule): RateRule {
  if (share <= rule.usualShare) return rule
  return { ...rule, usualShare: share, badShare: Math.min(Math.max(rule.badShare, badRatio * share), badShareMax) }
}
