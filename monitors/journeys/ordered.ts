import type { Instant, Millis } from '../../gateway/model/time.ts'
import { keepLast, usualShareOf } from '../shared/rate.ts'
import { amount, type Held, heldAt, keyed, list, record, word } from '../shared/state.ts'
import { shownExchanges } from '../shared/voice.ts'

/** Of one thing that is ordered: what was awaited to its end while it came, what of it stayed away, and how many in a row since one came last. */
const orderedPart = record({ due: amount(), missing: amount(), run: amount(), sinceAt: amount(), exchangeIds: list(word()) })
export type Ordered = Held<typeof orderedPart>

/** By hash of what was ordered. */
export const orderedMemoryPart = keyed(orderedPart)
type OrderedMemory = Held<typeof orderedMemoryPart>

/** What was asked for: the hash of what it is, 0 for unknown, and when it should have come. */
interface Asked {
  readonly what: number
  readonly at: Instant
  readonly exchangeId: string
}

/** Things that are ordered; so many that came must tell that one comes, and so many in a row be missing; e^-14 is one false alarm in a thousand weeks of a hundred things. */
const orderedMax = 64
const orderedDueMin = 12
const orderedSeenMax = 400
const orderedRunMin = 5
const orderedSurprise = 14
const weekMs: Millis = 7 * 24 * 3_600_000

/** What was ordered and stays away wholly is told though it is a small part of all: so many in a row, where hardly one stayed away before. */
export function noteOrdered(all: OrderedMemory, { what, at, exchangeId }: Asked, isOverdue: boolean): void {
  if (what === 0) return
  const ordered = heldAt(all, String(what), orderedPart, orderedMax)
  if (ordered === null) return
  if (!isOverdue) {
    ordered.due += 1
    ordered.missing += ordered.run
    ordered.due += ordered.run
    ordered.run = 0
    ordered.exchangeIds = []
    if (ordered.due < orderedSeenMax) return
    ordered.due /= 2
    ordered.missing /= 2
    return
  }
  if (ordered.run === 0) ordered.sinceAt = at
  ordered.run += 1
  keepLast(ordered.exchangeIds, exchangeId, shownExchanges)
}

/** Of what is ordered: what stays away wholly now. For a week; then it is how it is. */
export function orderedGone(all: OrderedMemory, now: Instant): Ordered | null {
  for (const [what, ordered] of all) {
    if (ordered.run > 0 && now - ordered.sinceAt > weekMs) all.delete(what)
    if (ordered.run < orderedRunMin || ordered.due < orderedDueMin) continue
    const usual = Math.min(usualShareOf(ordered.missing, ordered.due), 0.99)
    if (ordered.run * -Math.log(usual) >= orderedSurprise) return ordered
  }
  return null
}
