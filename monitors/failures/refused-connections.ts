import type { Reading, Seen } from '../../gateway/model/reading.ts'
import { keepLast } from '../shared/rate.ts'
import { amount, flag, type Held, keyed, list, record, word } from '../shared/state.ts'
import { type Saying, say, shownExchanges, voicePart } from '../shared/voice.ts'
import { most } from './failure-tally.ts'

/** Connections in a row that were refused, since when, and how. */
export const refusedPart = record({
  inRow: amount(),
  sinceAt: amount(),
  how: keyed(amount()),
  exchangeIds: list(word()),
  isBad: flag(),
  voice: voicePart,
})
export type RefusedConnections = Held<typeof refusedPart>

const inRowMin = 3

export function noteRefused(refused: RefusedConnections, { exchange, now }: Seen): void {
  const refusal = exchange.wire.find((fact) => fact.kind === 'refused')
  if (refusal === undefined) {
    // The connection was taken: whatever else happened, it was not refused.
    refused.inRow = 0
    refused.isBad = false
    if (refused.how.size > 0) refused.how = new Map()
    return
  }
  if (refused.inRow === 0) {
    refused.sinceAt = Math.min(refusal.at, now)
    refused.exchangeIds = []
  }
  refused.inRow += 1
  refused.how.set(refusal.how, (refused.how.get(refusal.how) ?? 0) + 1)
  keepLast(refused.exchangeIds, exchange.id, shownExchanges)
  if (refused.inRow >= inRowMin) refused.isBad = true
}

export function sayRefused(out: Reading[], refused: RefusedConnections, saying: Omit<Saying, 'signal'>): void {
  say(out, refused.voice, { ...saying, signal: 'refused' }, refused.isBad ? 'ticket' : null, () => ({
    onsetAt: refused.sinceAt,
    score: refused.inRow / inRowMin,
    facts: { refusedInRow: refused.inRow, how: most(refused.how), ...Object.fromEntries(refused.how) },
    exchangeIds: refused.exchangeIds,
  }))
}
