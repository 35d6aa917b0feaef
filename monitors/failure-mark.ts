import type { Seen } from '../gateway/model/reading.ts'
import { hashOf } from './rate.ts'
import { requestMark } from './repeats.ts'

/**
 * What a failure is known by: two of the same are one. What a receiver has against one patient it has against all of that patient's messages; what it left unanswered is a message's own.
 */
export function failureMark(seen: Seen): number {
  return (seen.exchange.outcome === 'failed' ? patientOf(seen) : null) ?? messageOf(seen)
}

/** The patient, as a hash. */
export function patientOf({ item }: Seen): number | null {
  const patient = item.requestFacts?.keys.find(({ kind }) => kind === 'patient')
  return patient === undefined ? null : hashOf(patient.value)
}

/** The message, however often it is sent, as a hash: without an id of its own it is known by what it says or asks for. */
export function messageOf(seen: Seen): number {
  const content = seen.exchange.controlId === null ? (requestMark(seen) ?? questionMark(seen)) : null
  return content ?? hashOf(seen.id)
}

/** The question and whom or what it is about. Null: it names nothing. */
function questionMark({ exchange, item }: Seen): number | null {
  const keys = item.requestFacts?.keys ?? []
  return keys.length === 0 ? null : keys.reduce((hash, { value }) => hashOf(value, hash), hashOf(exchange.type ?? ''))
}
