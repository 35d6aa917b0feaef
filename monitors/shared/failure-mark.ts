import type { Seen } from '../../gateway/model/reading.ts'
import { hashOf } from './rate.ts'
import { messageOf } from './repeats.ts'

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
