import type { Seen } from '../../gateway/model/reading.ts'
import type { Instant } from '../../gateway/model/time.ts'
import { patientOf } from '../shared/failure-mark.ts'
import { hashOf, keepLast } from '../shared/rate.ts'
import { messageOf } from '../shared/repeats.ts'
import { amount, flag, type Held, list, record, word } from '../shared/state.ts'
import { isReceiversOwn } from './failure-tally.ts'

/**
 * Which failures count. What a receiver has against one patient it has against all that is sent of that patient: the first failure of a patient counts, and further ones don't while others'
 * messages come through and nothing of the patient's does. Those that fail in a row may be all that comes, or one patient's: they are held back until it is known.
 */
export const rowPart = record({
  /** The first messages that failed since one last came through. */
  messages: list(record({ id: amount(), at: amount(), exchangeId: word(), patient: amount(), isHeld: flag() })),
  /** [patient, type, association]: of whom the receiver may have something against, by what was refused; and the association of which nothing else passed since (0: none). */
  suspects: list(list(amount())),
})
export type FailureRow = Held<typeof rowPart>

/** A message that failed, whenever that is known to count. */
export interface Failure {
  readonly id: number
  readonly at: Instant
  readonly exchangeId: string
}

const nothing: readonly Failure[] = []
const suspectsMax = 32
/** When so many messages in a row have failed it may be all that comes, and no longer one patient's messages alone. */
const othersMissedMin = 4

/** Takes a failure in; those that count now. A message that is sent again may be among them once more. */
export function rowFailed(row: FailureRow, seen: Seen): readonly Failure[] {
  const patient = blamedOf(seen)
  const association = associationOf(seen)
  const known = patient === null ? [] : row.suspects.filter(([suspect]) => suspect === patient)
  // An association is one device's: where nothing of it passes, it may be the device.
  const isHeld = known.length > 0 && !known.some(([, , own]) => own === association && own !== 0)
  // Whom the receiver doesn't have (RFC 9110 15.5.5) is looked for in many ways all the same.
  if (isHeld && seen.exchange.code === '404') return nothing
  const failure = { id: messageOf(seen), at: seen.at, exchangeId: seen.exchange.id }
  if (patient !== null) suspect(row, [patient, typeOf(seen), association])
  if (row.messages.length < othersMissedMin) {
    if (row.messages.some(({ id }) => id === failure.id)) return nothing
    row.messages.push({ ...failure, patient: patient ?? 0, isHeld })
  }
  if (row.messages.length >= othersMissedMin) return [...release(row, () => true), failure]
  return isHeld ? nothing : [failure]
}

/** Takes a success in: it ends the row. Of whom the receiver takes what it just refused, it has nothing against the patient, and what was held back counts. */
export function rowPassed(row: FailureRow, seen: Seen): readonly Failure[] {
  if (row.suspects.length === 0 && row.messages.length === 0) return nothing
  const counted = acquit(row, seen) ? release(row, ({ patient }) => patient === patientOf(seen)) : nothing
  if (row.messages.length > 0) row.messages = []
  const association = associationOf(seen)
  if (association !== 0) for (const one of row.suspects) if (one[2] === association) one[2] = 0
  return counted
}

/** Whether the receiver seemed to have something against that patient, and took what it had refused. */
function acquit(row: FailureRow, seen: Seen): boolean {
  const patient = patientOf(seen)
  if (patient === null || !row.suspects.some(([suspect]) => suspect === patient)) return false
  const type = typeOf(seen)
  const others = row.suspects.filter(([suspect, refused]) => suspect !== patient || refused !== type)
  const isAcquitted = others.length < row.suspects.length
  row.suspects = others
  return isAcquitted
}

function release({ messages }: FailureRow, isKnown: (message: FailureRow['messages'][number]) => boolean): readonly Failure[] {
  const held = messages.filter((message) => message.isHeld && isKnown(message))
  for (const message of held) message.isHeld = false
  return held
}

/** The patient whom the refusal may be about. What nobody answered is the message's own, and what a receiver says of itself is of nobody. */
function blamedOf(seen: Seen): number | null {
  return seen.exchange.outcome === 'failed' && !isReceiversOwn(seen.item) ? patientOf(seen) : null
}

function suspect(row: FailureRow, one: [patient: number, type: number, association: number]): void {
  row.suspects = row.suspects.filter(([patient, type]) => patient !== one[0] || type !== one[1])
  keepLast(row.suspects, one, suspectsMax)
}

function associationOf({ exchange, iface }: Seen): number {
  return iface.protocol === 'dimse' ? hashOf(exchange.connection.id) : 0
}

function typeOf({ exchange }: Seen): number {
  return hashOf(exchange.type ?? '')
}
