import type { Seen } from '../gateway/model/reading.ts'
import { hashOf } from './rate.ts'
import { requestMark } from './repeats.ts'

/** When so many attempts in a row have failed it may be all that comes, and no longer one patient's messages alone. */
const othersMissedMin = 4

/**
 * What a failure is known by: two of the same are one. What a receiver has against one patient (404 over HTTP: it doesn't have him, RFC 9110 15.5.5) it has against all of that patient's
 * messages, as long as others come through; an image is stored or lost by itself. A request without an id of its own is known by what it says or asks for, as whoever fails with it sends it again.
 */
export function whatFailed(seen: Seen, attemptsInRow: number): string | number {
  const { exchange, item, id } = seen
  const isPatients =
    exchange.outcome === 'failed' && exchange.type !== 'C-STORE' && (attemptsInRow < othersMissedMin || exchange.code === '404')
  const patient = isPatients ? item.requestFacts?.keys.find(({ kind }) => kind === 'patient') : undefined
  if (patient !== undefined) return patient.value
  return exchange.controlId === null ? (requestMark(seen) ?? questionMark(seen) ?? id) : id
}

/** The question and whom or what it is about. Null: it names nothing. */
function questionMark({ exchange, item }: Seen): number | null {
  const keys = item.requestFacts?.keys ?? []
  return keys.length === 0 ? null : keys.reduce((hash, { value }) => hashOf(value, hash), hashOf(exchange.type ?? ''))
}
