import type { InspectedExchange } from '../../gateway/model/reading.ts'
import { hit, isBeginning, miss, type RateRule, ratePart } from '../shared/rate.ts'
import { amount, type Held, record } from '../shared/state.ts'
import { fixShare, learnShare, ruleFor, usualSharePart } from '../shared/usual-share.ts'

/** Batches that were answered well, and those of which fewer items were taken than were sent. */
export const batchesPart = record({
  rate: ratePart,
  /** While all was well: of all batches, those taken in part. */
  usual: usualSharePart,
  /** Since it began: items sent, and not taken. */
  due: amount(),
  lacking: amount(),
})
export type Batches = Held<typeof batchesPart>

const base: RateRule = { usualShare: 0.02, badShare: 0.3, threshold: 9, distinctMin: 4 }
/** So many tell what is usual: where more than this share is always taken in part, as what was there already is left out, that says nothing. */
const seenMin = 20
/** Where the standard has an answer for each, so many that were whole tell that it is kept to. */
const wholeMin = 4
const usualShareMax = 0.1

export function noteBatch(
  memory: Batches,
  { entry, requestFacts, answerFacts }: InspectedExchange,
  what: { id: string | number; at: number; exchangeId: string },
): void {
  if (entry.exchange.outcome !== 'answered') return
  const { sent: told, taken, left, isOneEach = false } = answerFacts?.reckoning ?? {}
  if (taken === undefined && left === undefined) return
  // A total may be of several batches: no more was sent than what the least of the numbers says.
  const sent = Math.min(...[told, requestFacts?.reckoning?.sent, requestFacts?.parts?.length].filter((n) => n !== undefined))
  if (!Number.isFinite(sent)) return
  const lacking = left ?? sent - (taken ?? 0)
  const isOdd = lacking > 0
  const { rate, usual } = memory
  const wasBad = rate.bad
  if (isOdd) fixShare(usual, rate, base)
  const rule = ruleFor(usual, base)
  if (!wasBad) learnShare(usual, isOdd)
  if (!isOdd) {
    miss(rate, rule)
    return
  }
  const isKnown = usual.seen >= seenMin || (isOneEach && usual.seen - usual.odd >= wholeMin)
  // Some of the first few may be what is wrong now.
  if (!isKnown || usual.odd - rate.hits > usualShareMax * Math.max(usual.seen, seenMin)) return
  const begins = isBeginning(rate, rule)
  if (begins) {
    memory.due = 0
    memory.lacking = 0
  }
  memory.due += sent
  memory.lacking += lacking
  hit(rate, rule, what, begins)
  if (rate.bad && !wasBad) usual.odd = Math.max(0, usual.odd - rate.hits)
}
