import type { Stamp } from '../../gateway/model/document.ts'
import type { Instant, Millis } from '../../gateway/model/time.ts'
import { hit, isBeginning, miss, type RateRule, ratePart } from '../shared/rate.ts'
import { amount, flag, type Held, record, word } from '../shared/state.ts'

/** One element that states a time beside the message's own, as `OBR-22`: how far it usually is behind that. */
export const elementPart = record({
  seen: amount(),
  leastMs: amount(),
  mostMs: amount(),
  /** Its times are of when things happened, not of when the message was made: only what is ahead of the message, decades away or unreadable tells how they are written. */
  isLoose: flag(),
  /** By how much the running episode's are off: half hours, `far`, `unreadable`, `coarse` or `minute 11`. */
  shift: word(),
  /** Of an episode whose minutes are always the same: the time that came last, and whether it was ever ahead of its message, or of another hour than the first. */
  lastAt: amount(),
  lastBesideAt: amount(),
  isWrapped: flag(),
  rate: ratePart,
})
export type Element = Held<typeof elementPart>

/** A loose element is looked at again after so many: one odd message among the first is no reason for ever. */
const looseMax = 2_000
/** What happened is told when it is over; where none of so many was to come, what is hours ahead is written wrongly. */
const looseLearnedMin = 40
const looseAheadMs: Millis = 3_600_000
/** Of an element that was unreadable from the beginning: a vendor's own, of which nothing is odd. */
const anyMs: Millis = 1e15
const halfHourMs: Millis = 1_800_000
/** What is written with the message is at most so far from its stamp, and varies by less. */
const besideMsMax: Millis = 600_000
const spreadMsMax: Millis = 120_000
/** Zones, twelve hours and stray zeros are hours off. */
const halfHoursMin = 4
/** Of a fault in how it is written every one is off by the same, to within this. */
const slackMs: Millis = 60_000
const hourMs: Millis = 3_600_000
const farMs: Millis = 365 * 24 * 3_600_000
export const rule: RateRule = { usualShare: 0.005, badShare: 0.3, threshold: 9, distinctMin: 6 }

export interface What {
  readonly id: string
  readonly at: Instant
  readonly exchangeId: string
}

/** By how much it is off, as a word; null: as usual; empty: nobody can say. Learns what is usual. */
export function shiftOf(element: Element, { at, resolutionMs }: Stamp, besideAt: Instant, seenMin: number): string | null {
  const gapMs = at === null ? null : besideAt - at
  element.seen += 1
  if (element.isLoose) {
    if (element.seen < looseMax) return looseShiftOf(element, gapMs)
    element.isLoose = false
    element.seen = 1
  }
  const isLearned = element.seen > seenMin
  if (at === null || gapMs === null) {
    // A vendor that always writes something else there.
    if (isLearned) return 'unreadable'
    element.isLoose = true
    element.leastMs = -anyMs
    element.mostMs = anyMs
    return ''
  }
  const { leastMs, mostMs } = element
  if (!isLearned) {
    element.leastMs = element.seen === 1 ? gapMs : Math.min(leastMs, gapMs)
    element.mostMs = element.seen === 1 ? gapMs : Math.max(mostMs, gapMs)
    element.isLoose = element.mostMs - element.leastMs > spreadMsMax || Math.abs(gapMs) > besideMsMax
    return ''
  }
  if (gapMs >= leastMs - slackMs && gapMs <= mostMs + slackMs) return null
  if (resolutionMs >= hourMs || at % hourMs === 0) return 'coarse'
  const byMs = gapMs - (leastMs + mostMs) / 2
  if (Math.abs(byMs) > farMs) return 'far'
  const halfHours = Math.round(byMs / halfHourMs)
  const restMs = Math.abs(byMs - halfHours * halfHourMs)
  if (Math.abs(halfHours) >= halfHoursMin && restMs <= (mostMs - leastMs) / 2 + slackMs) return String(halfHours)
  // The month written for the minute: the hour is right, so that it is less than one off.
  return Math.abs(byMs) < hourMs ? `${stuck}${Math.floor((at % hourMs) / 60_000)}` : ''
}

/** It was as usual. */
export function calm({ rate }: Element): void {
  if (rate.sum > 0 || rate.bad) miss(rate, rule)
}

/** Of an element that says when something happened. */
function looseShiftOf(element: Element, gapMs: Millis | null): string | null {
  const { seen, leastMs, mostMs } = element
  if (gapMs !== null && gapMs >= leastMs && gapMs <= mostMs) return null
  const isLearned = seen > looseLearnedMin && leastMs > -slackMs
  if (isLearned && gapMs === null) return 'unreadable'
  if (isLearned && gapMs !== null && gapMs < -looseAheadMs) return 'ahead'
  if (isLearned && gapMs !== null && gapMs > mostMs + 10 * farMs) return 'far'
  if (gapMs === null) return ''
  element.leastMs = Math.min(leastMs, gapMs)
  element.mostMs = Math.max(mostMs, gapMs)
  return isLearned ? null : ''
}

export const stuck = 'minute '

export interface Shifted {
  readonly shift: string
  readonly stamp: Stamp
  readonly besideAt: Instant
}

export function noteShift(element: Element, { shift, stamp, besideAt }: Shifted, what: What): void {
  const begins = isBeginning(element.rate, rule)
  if (begins) element.shift = shift
  if (element.shift !== shift) calm(element)
  else if (!shift.startsWith(stuck) || stamp.at === null) hit(element.rate, rule, what)
  // What happened at one time and is told of again and again is no new evidence, nor is what is said within one minute.
  else if (begins || (stamp.at !== element.lastAt && minuteOf(besideAt) !== minuteOf(element.lastBesideAt))) {
    const isOtherHour = !begins && Math.floor(stamp.at / hourMs) !== Math.floor(element.lastAt / hourMs)
    element.isWrapped = (!begins && element.isWrapped) || isOtherHour || stamp.at > besideAt + slackMs
    element.lastAt = stamp.at
    element.lastBesideAt = besideAt
    hit(element.rate, rule, what)
  }
}

function minuteOf(at: Instant): number {
  return Math.floor(at / 60_000)
}
