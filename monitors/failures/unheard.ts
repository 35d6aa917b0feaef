import type { Exchange } from '../../gateway/model/exchange.ts'
import type { Reading, Seen } from '../../gateway/model/reading.ts'
import { hit, miss, type RateRule, ratePart, shareOf } from '../shared/rate.ts'
import { amount, type Held, record } from '../shared/state.ts'
import { rounded, type Saying, say, voicePart } from '../shared/voice.ts'

/** Messages that ran into their time-out with nothing else wrong, and how many did, of how many, while all was well. */
export const unheardPart = record({ rate: ratePart, voice: voicePart, hits: amount(), seen: amount() })
export type Unheard = Held<typeof unheardPart>

/** An answer that never comes is rarer than a refusal: where so few are usual, one in fifty is a fault that the share of all failures wouldn't show. */
const usualShareMin = 0.0005
const usualShareMax = 0.05
const badShareMin = 0.02
const distinctMin = 4
const seenMin = 500
const seenMax = 20_000

export function noteUnheard(unheard: Unheard, { exchange, id, at }: Seen, threshold: number): void {
  const { rate } = unheard
  if (isUnheard(exchange)) {
    const wasBad = rate.bad
    if (!hit(rate, ruleOf(unheard, threshold), { id, at, exchangeId: exchange.id }) || wasBad) return
    // What made it bad is not what is usual.
    unheard.hits = rate.bad ? Math.max(0, unheard.hits - rate.hits + 1) : unheard.hits + 1
  } else if (exchange.outcome !== 'unanswered') {
    learn(unheard)
    if (rate.sum > 0 || rate.bad) miss(rate, ruleOf(unheard, threshold))
  }
}

/** `isTold`: the share of all failures calls for a ticket already; it is the same fault. */
export function sayUnheard(
  out: Reading[],
  unheard: Unheard,
  saying: Omit<Saying, 'signal'>,
  isTold: boolean,
  threshold: number,
): void {
  const { rate, voice, hits, seen } = unheard
  say(out, voice, { ...saying, signal: 'unheard' }, rate.bad && !isTold ? 'ticket' : null, () => ({
    onsetAt: rate.onsetAt,
    score: rounded(Math.max(rate.sum / threshold, 1)),
    facts: {
      failureRate: rounded(shareOf(rate)),
      unanswered: rate.hits,
      timeout: rate.hits,
      seen: rate.seen,
      usualRate: rounded(hits / Math.max(seen, 1)),
    },
    exchangeIds: rate.exchangeIds,
  }))
}

function learn(unheard: Unheard): void {
  if (unheard.rate.bad) return
  unheard.seen += 1
  if (unheard.seen < seenMax) return
  unheard.seen /= 2
  unheard.hits /= 2
}

function ruleOf({ hits, seen }: Unheard, threshold: number): RateRule {
  const usualShare = Math.min(Math.max(seen >= seenMin ? hits / seen : 0, usualShareMin), usualShareMax)
  return { usualShare, badShare: Math.max(10 * usualShare, badShareMin), threshold, distinctMin }
}

function isUnheard({ outcome, wire }: Exchange): boolean {
  return outcome === 'unanswered' && wire.length > 0 && wire.every(({ kind }) => kind === 'timeout' || kind === 'duplicate')
}
