import type { Seen } from '../../gateway/model/reading.ts'
import { hit, miss, type RateRule, ratePart } from '../shared/rate.ts'
import { amount, type Held, record } from '../shared/state.ts'

/** How often a receiver takes a request and answers in a code that it doesn't know what the request names. */
export const unknownCodesPart = record({
  rate: ratePart,
  /** While all is well: answers, and those that say so. */
  usualSeen: amount(),
  usualHits: amount(),
})
export type UnknownCodes = Held<typeof unknownCodesPart>

const usualShareMin = 0.01
const usualShareMax = 0.5
/** So much may be usual where little was seen. */
const unlearnedShare = 0.03
const learnedMin = 100
const usualSeenMax = 10_000
/** The rule of a whole month of busy traffic: ln(messages / 50), rounded up. */
const threshold = 9
const distinctMin = 4

export function unknownRule({ usualSeen, usualHits }: UnknownCodes): RateRule {
  const upper = usualSeen < learnedMin ? unlearnedShare : (usualHits + 2 * Math.sqrt(usualHits)) / usualSeen
  const usualShare = Math.min(Math.max(upper, usualShareMin), usualShareMax)
  return { usualShare, badShare: Math.max(0.3, Math.min(10 * usualShare, (1 + usualShare) / 2)), threshold, distinctMin }
}

/** Takes a request that was taken, and whether its answer says so. */
export function noteUnknown(memory: UnknownCodes, isUnknown: boolean, { id, at, exchange }: Seen): void {
  const rule = unknownRule(memory)
  const { rate } = memory
  if (isUnknown) hit(rate, rule, { id, at, exchangeId: exchange.id })
  else miss(rate, rule)
  if (rate.bad) return
  memory.usualSeen += 1
  if (isUnknown) memory.usualHits += 1
  if (memory.usualSeen < usualSeenMax) return
  memory.usualSeen /= 2
  memory.usualHits /= 2
}
