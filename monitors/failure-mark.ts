import type { Seen } from '../gateway/model/reading.ts'
import { hashOf } from './rate.ts'
import { requestMark } from './repeats.ts'

/**
 * What a failure is known by: two of the same are one. What a receiver has against one patient it has against all of that patient's messages; what it left unanswered is a message's own.
 */
export function failureMark(seen: Seen): string | number {
  const { exchange, item } = seen
  const patient = exchange.outcome === 'failed' ? item.requestFacts?.keys.find(({ kind }) => kind === 'patient') : undefined
  return patient?.value ?? messageOf(seen)
}

/** When so many attempts in a row have failed it may be all that comes, and no longer one patient's messages alone. */
const othersMissedMin = 4

/**
 * The same while it goes on, for who may not wait for another patient: an image is stored or lost by itself, and so is each message once none comes through. Whom the receiver doesn't have
 * (404, RFC 9110 15.5.5) is looked for in many ways all the same.
 */
export function failureMarkNow(seen: Seen, attemptsInRow: number): string | number {
  const { code, type } = seen.exchange
  const isItsOwn = code !== '404' && (type === 'C-STORE' || attemptsInRow >= othersMissedMin)
  return isItsOwn ? messageOf(seen) : failureMark(seen)
}

/** The message, however often it is sent: without an id of its own it is known by what it says or asks for. */
function messageOf(seen: Seen): string | number {
  return seen.exchange.controlId === null ? (requestMark(seen) ?? questionMark(seen) ?? seen.id) : seen.id
}

/** The question and whom or what it is about. Null: it names nothing. */
function questionMark({ exchange, item }: Seen): number | null {
  const keys = item.requestFacts?.keys ?? []
  return keys.length === 0 ? null : keys.reduce((hash, { value }) => hashOf(value, hash), hashOf(exchange.type ?? ''))
}
