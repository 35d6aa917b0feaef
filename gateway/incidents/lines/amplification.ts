import { factOf } from '../cause.ts'
import type { Evidence } from '../evidence/evidence.ts'

/**
 * So many requests for each distinct message are a storm. A little more than two: when every message comes twice, and now and then one once more,
 * that is still somebody who sends twice.
 */
export const amplifiedMin = 2.2

/**
 * Whether copies multiply the load, and nobody's silence is why: by the monitor's word, or before it by so many copies of so few messages. It makes any
 * receiver slow.
 */
export function isAmplified(e: Evidence): boolean {
  if (e.reading('retries/storm') !== null) return true
  const { requests, copies } = { requests: e.since.count('requests'), copies: e.since.count('duplicate') }
  const isAnswered = copies > 2 * (e.since.count('late') + e.since.count('unheard'))
  return isAnswered && copies >= copiesMin && amplificationOf(e, { requests, copies }) >= amplifiedMin
}

/** Of messages that were sent again, same content: the monitor knows some that pairing doesn't, and counts them among what it saw itself. */
export function copiesOf(e: Evidence): { readonly requests: number; readonly copies: number } {
  const told = e.reading('retries/duplicate')
  return {
    requests: Math.max(e.since.count('requests'), factOf(told, 'seen') ?? 0),
    copies: Math.max(e.since.count('duplicate'), factOf(told, 'count') ?? 0),
  }
}

/**
 * Requests for each distinct message. Who sends a block of old messages once more floods nobody, though for that while all that comes are copies: no message is
 * sent more often than what was copied is on average.
 */
export function amplificationOf(e: Evidence, { requests, copies }: { requests: number; copies: number }): number {
  const each = 1 + copies / Math.max(1, e.since.count('duplicate-first'))
  return Math.min(requests / Math.max(1, requests - copies), each)
}

export const copiesMin = 10
