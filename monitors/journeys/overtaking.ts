import type { Instant } from '../../gateway/model/time.ts'
import type { Awaited, LegMemory } from './leg-memory.ts'

/** Overdue is what takes twice as long as the slowest in a hundred. */
export const limitFactor = 2
/**
 * Where things wait in a queue all are late, and none stays away. What stays away is overtaken by so many that were asked for later, while those that come take no longer than they
 * may; or nothing comes any more at all.
 */
const overtakenBy = 3
const recentWeight = 1 / 8
/** Its time is over, and it isn't merely late with all others. */
export function staysAway(memory: LegMemory, one: Awaited, now: Instant): boolean {
  return isStopped(memory, now) || (isOvertaken(memory, one) && (memory.rate.bad || !isSlow(memory)))
}

/** So many that were asked for later have come. */
export function isOvertaken({ cameAsked }: LegMemory, one: Awaited): boolean {
  return (cameAsked[overtakenBy - 1] ?? 0) > one.at
}

/** One came that was asked for at that time. */
export function noteCame(memory: LegMemory, askedAt: Instant, at: Instant): void {
  memory.lastCameAt = at
  memory.recentMs += recentWeight * (at - askedAt - memory.recentMs)
  const { cameAsked } = memory
  const place = cameAsked.findIndex((known) => known < askedAt)
  if (place < 0) cameAsked.push(askedAt)
  else cameAsked.splice(place, 0, askedAt)
  if (cameAsked.length > overtakenBy) cameAsked.pop()
}

/** Nothing at all has come for as long as one usually takes at most. */
function isStopped({ limitMs, lastCameAt }: LegMemory, now: Instant): boolean {
  return now - lastCameAt > limitMs / limitFactor
}

/** All take as long as one usually does at most: what stays away now says nothing, and none of it is held against anybody later. */
export function isSlow({ limitMs, recentMs }: LegMemory): boolean {
  return recentMs > limitMs / limitFactor
}
