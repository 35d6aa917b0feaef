import type { Chance } from '../../fixtures/hospital/chance.ts'
import type { Instant } from '../../gateway/model/time.ts'
import { hourMs } from '../../tests/unit/monitors/stream.ts'
import { patientsInHouse } from './patients.ts'

/** What a refusal may depend on. */
export interface Sending {
  readonly at: Instant
  readonly patient: number
  /** How many messages of this interface come now. */
  readonly perHour: number
}

/** How refusals come on a healthy interface, of which this share of messages is refused. */
export interface Refusals {
  readonly words: string
  isRefused(sending: Sending): boolean
}

type Manner = (chance: Chance, share: number) => Refusals

/** Somebody mistyped a field: what was refused says nothing of the next message. */
export const byChance: Manner = (chance, share) => ({
  words: `${percent(share)} refused by chance`,
  isRefused: () => chance.happens(share),
})

/** The receiver doesn't have a patient yet, or has closed the visit: all that is sent of that patient is refused until somebody sees to it, within two hours. */
export const byPatient: Manner = (chance, share) => {
  const untilOf = new Map<number, Instant>()
  const hoursMax = 2
  return {
    words: `${percent(share)} refused by patient`,
    isRefused({ at, patient, perHour }) {
      if ((untilOf.get(patient) ?? 0) > at) return true
      untilOf.delete(patient)
      // The first refusal brings those of the patient's other messages with it.
      const begins = chance.happens(share / (1 + (perHour / patientsInHouse) * (hoursMax / 2)))
      if (begins) untilOf.set(patient, at + hoursMax * hourMs * chance.next())
      return begins
    },
  }
}

export const refusalManners: readonly Manner[] = [byChance, byPatient]

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`
}
