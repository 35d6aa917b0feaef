import type { Key, KeyKind } from './document.ts'
import type { Text } from './text.ts'

/** One step of a journey: any of these interfaces does it. */
export interface JourneyStep {
  readonly interfaces: readonly string[]
  readonly name: Text
  /** It is late when it hasn't come so long after the step before. Left out: nothing is said of when. */
  readonly withinMin?: number
  /** Many orders never come here: it is not missed. */
  readonly isOptional?: boolean
}

/** The way that an order of one kind takes through the hospital's interfaces. Data, never code: gateway/catalogue/journeys.json. */
export interface JourneyPlan {
  readonly id: string
  readonly name: Text
  readonly steps: readonly JourneyStep[]
}

/**
 * Kinds of keys that tell one order, study, prescription or settlement from every other, so that two exchanges that carry the same one belong together.
 * Patients, visits and devices have many orders each and never join; control ids and requests name one message; a batch holds a thousand packs.
 */
export const linkingKinds: ReadonlySet<KeyKind> = new Set<KeyKind>([
  'placer',
  'filler',
  'group',
  'accession',
  'specimen',
  'study',
  'prescription',
  'appointment',
  'surgery',
  'settlement',
  'document',
  'donation',
  'task',
  'trace',
])

/** Kinds of which one order has one: what carries several names several orders. Not patients: one of them has several numbers. */
export const singleKinds: ReadonlySet<KeyKind> = new Set<KeyKind>(['accession', 'study', 'prescription'])

/** Whether these keys name several orders at once, as the answer to a worklist query does. */
export function namesSeveral(keys: readonly Key[]): boolean {
  for (const [i, key] of keys.entries()) {
    if (!singleKinds.has(key.kind)) continue
    for (let j = i + 1; j < keys.length; j += 1) {
      const other = keys[j]
      if (other !== undefined && other.kind === key.kind && other.value !== key.value) return true
    }
  }
  return false
}
