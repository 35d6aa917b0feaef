import { ratePart } from '../shared/rate.ts'
import { amount, flag, type Held, list, record, word } from '../shared/state.ts'
import { sketchPart } from '../statistics/baseline.ts'
import { orderedMemoryPart } from './ordered.ts'

const awaitedPart = record({
  at: amount(),
  /** Its time is over; it is kept for a while, so that what comes late is learned from. */
  isOverdue: flag(),
  /** Its time was over while all were slow: whether it comes is no more asked. */
  isExcused: flag(),
  /** The next message was sent, and refused or not delivered. */
  isRefused: flag(),
  /** The next message came. It is counted when its time would have been over: in the order in which was asked, as what doesn't come is. */
  hasCome: flag(),
  /** Hashes of the keys that it may be recognised by. */
  keys: list(amount()),
  exchangeId: word(),
  /** Hash of what was ordered, where that is one thing; 0: several, or nothing that is named. */
  what: amount(),
  /** So many that were asked for later came before it; of them, of its own kind; and they are more than ever pass one that comes. */
  passed: amount(),
  passedByKind: amount(),
  isPassedOver: flag(),
})
export type Awaited = Held<typeof awaitedPart>

/** One false alarm in so many weeks of one leg, by each of its two sums: a hospital has some sixteen legs, so that all of them make one in more than two thousand interface-weeks. */
export const falseAlarmWeeks = 4000

/** What came was passed by so many that were asked for later: 0, 1, ... each; the last stands for more. */
export const depthMax = 32

/**
 * What stays away is passed by what was asked for later and comes. How many pass one that comes is learned, of all and of its own kind; twice as many as pass the
 * slowest in a hundred, and some, pass none that comes. Unlike a time, it holds while all are slow and their queue grows.
 */
export const passingPart = record({
  ofAll: list(amount(), depthMax + 1),
  ofKind: list(amount(), depthMax + 1),
  /** Passed by so many it is passed over; 0: not known, or there is no order in which they come. */
  limitAll: amount(),
  limitKind: amount(),
  /** While nothing was wrong: how many came, and how many were passed over. */
  came: amount(),
  over: amount(),
  sinceAt: amount(),
  rate: ratePart,
  threshold: amount(7),
  usualShare: amount(),
  /** Since it began: what was passed over and came after all, and when the latest of that was asked for. */
  lateSince: amount(),
  lateAskedAt: amount(),
})

/** What is known of one leg of a way: how long it takes until the next message, how many never come, and what is awaited now. */
export const legPart = record({
  awaited: list(awaitedPart),
  /** Keys of the last that were followed to their end: a message that comes after the answer awaits nothing more. */
  done: list(amount()),
  /** Only what falls on every so many-th hash is followed. */
  stride: amount(1),
  strideAt: amount(),
  delays: sketchPart,
  limitMs: amount(),
  usualMs: amount(),
  limitAt: amount(),
  /** Since the limit was learned, while nothing was wrong: what was awaited to its end, and what of it didn't come in time. */
  due: amount(),
  overdue: amount(),
  /** The first of them are over and forgotten. */
  isUnderWay: flag(),
  watchedAt: amount(),
  rate: ratePart,
  threshold: amount(7),
  usualShare: amount(),
  /**
   * Since it began to stay away: what passed where it is awaited, what came after its time and when the latest of that was asked for, and what of what stays
   * away was sent and wasn't taken.
   */
  passedSince: amount(),
  lateSince: amount(),
  lateAskedAt: amount(),
  refusedSince: amount(),
  /** When those were asked for that came and were asked for latest, latest first; when one came last; and how long they take at present. */
  cameAsked: list(amount()),
  lastCameAt: amount(),
  recentMs: amount(),
  /** By hash of what was ordered. */
  ordered: orderedMemoryPart,
  passing: passingPart,
})
export type LegMemory = Held<typeof legPart>
