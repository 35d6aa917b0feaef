import type { InspectedExchange } from '../../gateway/model/reading.ts'
import { wordedOf } from '../../gateway/model/wording-digest.ts'
import { amount, type Held, keyed, record } from '../shared/state.ts'

/** What the failed attempts since the onset were. */
export const tallyPart = record({
  nak: amount(),
  unanswered: amount(),
  refused: amount(),
  reset: amount(),
  timeout: amount(),
  /** Refused for what is the receiver's own, and no word about the message: no room, no free connection, a lock, a trigger. */
  own: amount(),
  codes: keyed(amount()),
})
export type Tally = Held<typeof tallyPart>

const codesMax = 8

/** Takes one failed attempt, copies included. */
export function tallyFailure(tally: Tally, item: InspectedExchange): void {
  const { exchange } = item.entry
  if (exchange.outcome === 'failed') tally.nak += 1
  else tally.unanswered += 1
  if (isReceiversOwn(item)) tally.own += 1
  for (const fact of exchange.wire) {
    if (fact.kind === 'refused') tally.refused += 1
    else if (fact.kind === 'reset') tally.reset += 1
    else if (fact.kind === 'timeout') tally.timeout += 1
  }
  if (exchange.code === null) return
  // A code is a word of the protocol; anything longer might be somebody's text.
  const code = /^[\w.-]{1,16}$/.test(exchange.code) ? exchange.code : 'other'
  if (tally.codes.has(code) || tally.codes.size < codesMax) tally.codes.set(code, (tally.codes.get(code) ?? 0) + 1)
}

/** PS3.4 B.2.3, A7xx: out of resources; or what databases and pools say of themselves (vocabulary.ts). */
export function isReceiversOwn({ entry, answerFacts }: InspectedExchange): boolean {
  if (entry.exchange.code?.startsWith('A7') === true) return true
  return (answerFacts?.ack?.errors ?? []).some(({ textDigest }) => {
    const worded = textDigest === null ? null : wordedOf(textDigest)
    return worded === 'pool' || worded === 'lock' || worded === 'trigger'
  })
}

/** The most frequent; the first seen of several. */
export function most(counts: ReadonlyMap<string, number>): string | null {
  let best: string | null = null
  for (const [key, count] of counts) if (best === null || count > (counts.get(best) ?? 0)) best = key
  return best
}
