import type { Stamp } from '../../model/document.ts'
import type { Instant } from '../../model/time.ts'

/**
 * An event's time that can't be: unreadable, or more than six hours ahead of its arrival. Twelve-hour clocks, swapped days and
 * months, a stray `Z` and milliseconds for seconds all go further; a slow or hand-set clock doesn't.
 */
export function isOddStamp(stamp: Stamp, arrivedAt: Instant): boolean {
  return pastElementOf(stamp.path) !== null && (stamp.at === null || stamp.at - arrivedAt > 6 * 3_600_000)
}

/**
 * The element of a time of what has happened already, where a value ahead of now is impossible; null for others: appointments (SCH,
 * AIS, ...) may lie ahead. Messages have the same few paths, so each is looked at once.
 */
export function pastElementOf(path: string): string | null {
  const known = pastElements.get(path)
  if (known !== undefined) return known
  const isPast = /^(EVN-2|EVN-6|OBR(\[\d+\])?-(7|14|22)|OBX(\[\d+\])?-14|ORC(\[\d+\])?-9)/.test(path)
  const element = isPast ? path.replaceAll(/\[\d+\]/g, '') : null
  if (pastElements.size < pastElementsMax) pastElements.set(path, element)
  return element
}

const pastElements = new Map<string, string | null>()
/** Paths count the segments of a message, so their number has no bound of its own. */
const pastElementsMax = 500
