import type { Instant, Millis } from '../../gateway/model/time.ts'
import {
  endEpisode,
  hit,
  isBeginning,
  keepLast,
  miss,
  type Rate,
  type RateRule,
  takeBack,
  thresholdFor,
  usualShareOf,
} from '../shared/rate.ts'
import { sketchPart } from '../statistics/baseline.ts'
import { awaitedMax, drop, forget, type Leg, thicken, thin } from './followed.ts'
import { learnDelay } from './leg-delays.ts'
import { type Awaited, falseAlarmWeeks, type LegMemory, passingPart } from './leg-memory.ts'
import { episodeOf, goneOf, slowMs } from './leg-telling.ts'
import { noteOrdered } from './ordered.ts'
import { isOvertaken, isSlow, noteCame, staysAway } from './overtaking.ts'
import { notePassing } from './passed-over.ts'

export interface Asked {
  /** Hashes. */
  readonly keys: readonly number[]
  /** Hash of what was ordered; 0: unknown. */
  readonly what: number
  readonly at: Instant
  readonly exchangeId: string
}

/** Where nothing has ever come, and perhaps never will, fewer are enough to notice the first. */
const awaitedUnlearnedMax = 64
const doneMax = 128
const keysMax = 4
/** Where more than this share never comes even on good days, staying away says nothing. */
const usualShareMax = 0.2
const usualShareMin = 0.005
/** What belongs together is ordered together: a few that come in a row don't show that all come again. */
const recoveredShareMax = 0.2
/**
 * So many that were asked for after the limit was learned tell what is usual, followed to their end, and so long after it: the first minutes of anything are odd, and what takes
 * longer than was watched for isn't learned yet. A callback is awaited from one program that promised it, and twenty tell; orders go their way through people's hands.
 */
const enough = { callback: { due: 20, afterMs: 180_000 }, journey: { due: 60, afterMs: 600_000 } } as const
/** Of the first, some were half way when we began to listen, and end where we don't. */
const firstDue = 40
const knownAfterLimits = 3
const dueMax = 4_000
/** An overdue one is kept for so many limits, and for so long at least: what usually takes a second may come minutes late, and what usually takes an hour after a weekend. */
const lateFactor = 8
const lateMsMin: Millis = 900_000
const lateMsMinOfSlow: Millis = 3 * 24 * 3_600_000
/** While the limit isn't known, nothing is awaited longer than this; and what may take longer is late by what patients there were, which a week has too few days to tell. */
const dayMs: Millis = 24 * 3_600_000
/** Between two looks at most this passes; more is a gap of ours, in which anything may have come. */
const watchMsMax: Millis = 5_000
const weekMs: Millis = 7 * 24 * 3_600_000

/** Something passed that the next message should follow on. */
export function expectNext(leg: Leg, asked: Asked): void {
  const { memory, index } = leg
  const [first] = asked.keys
  if (first === undefined || first % memory.stride !== 0) return
  if (asked.keys.some((key) => index.has(key) || memory.done.includes(key))) return
  const one = {
    at: asked.at,
    isOverdue: false,
    isExcused: false,
    isRefused: false,
    hasCome: false,
    keys: asked.keys.slice(0, keysMax),
    exchangeId: asked.exchangeId,
    what: asked.what,
    passed: 0,
    passedByKind: 0,
    isPassedOver: false,
  }
  memory.awaited.push(one)
  for (const key of one.keys) index.set(key, one)
  const max = memory.limitMs === 0 && memory.delays.count === 0 ? awaitedUnlearnedMax : awaitedMax
  if (memory.awaited.length > max) thin(leg, asked.at, max)
}

/** What was asked for was called off: nothing follows on it. */
export function callOff(leg: Leg, keys: readonly number[]): void {
  for (const key of keys) {
    const one = leg.index.get(key)
    if (one !== undefined) drop(leg, one)
  }
}

/** Something passed where the next message is awaited. */
export function passedThere({ memory }: Leg): void {
  memory.passedSince += 1
}

/** Something with these keys was sent where it is awaited, and wasn't taken: it stays awaited. False: it was not awaited. */
export function refusedNext({ index }: Leg, keys: readonly number[]): boolean {
  let isAwaited = false
  for (const key of keys) {
    const one = index.get(key)
    if (one === undefined) continue
    one.isRefused = true
    isAwaited = true
  }
  return isAwaited
}

/** Something with these keys passed where the next message is awaited: how many awaited it. */
export function cameNext(leg: Leg, keys: readonly number[], at: Instant): number {
  let count = 0
  for (const key of keys) {
    const one = leg.index.get(key)
    if (one === undefined) continue
    come(leg, one, at)
    count += 1
  }
  return count
}

function come(leg: Leg, one: Awaited, at: Instant): void {
  const { memory, index } = leg
  for (const key of one.keys) {
    keepLast(memory.done, key, doneMax)
    if (index.get(key) === one) index.delete(key)
  }
  noteCame(memory, one.at, at)
  if (leg.kind === 'journey') notePassing(memory, one, index, at)
  if (memory.limitMs > 0) noteOrdered(memory.ordered, one, false)
  if (!memory.rate.bad) learnDelay(leg, at - one.at, at)
  if (one.isOverdue) {
    memory.lateSince += 1
    memory.lateAskedAt = Math.max(memory.lateAskedAt, one.at)
  }
  if (one.isOverdue && !memory.rate.bad) takeBack(memory.rate, ruleOf(memory))
  // By what is known now it came in time: it was overdue by a limit of the first minutes.
  if (one.isOverdue && !memory.rate.bad && at - one.at <= memory.limitMs) memory.overdue = Math.max(0, memory.overdue - 1)
  if (one.isOverdue || memory.limitMs === 0) drop(leg, one)
  else one.hasCome = true
}

/** Lets watched time pass: what is overdue now didn't come. After a gap of ours, or when we lost something, nothing is known of what was awaited. */
export function watchLeg(leg: Leg, now: Instant, isWhole: boolean): void {
  const { memory } = leg
  const passedMs = now - memory.watchedAt
  memory.watchedAt = now
  if (passedMs > watchMsMax || !isWhole) loseSight(leg, now)
  thicken(memory, now)
  const { rate, passing } = memory
  const isFor = (one: Rate) => one.bad && now - one.onsetAt > weekMs
  if (isFor(rate) || isFor(passing.rate)) learnAnew(leg)
  const limitMs = memory.limitMs === 0 ? dayMs : memory.limitMs
  // In order of time, but for the few that were logged late: the oldest stand first.
  let kept = 0
  for (let one = memory.awaited[0]; one !== undefined; one = memory.awaited[kept]) {
    const ageMs = now - one.at
    if (ageMs <= limitMs) break
    // Of what was asked before the limit was learned those that came are gone: the rest is no fair sample. When it comes it tells that what is late comes.
    if (one.at < memory.limitAt && !memory.rate.bad) one.isExcused = true
    // In slow times nothing is counted: neither what stays away nor what comes.
    if (one.hasCome && !one.isExcused && (memory.rate.bad || !isSlow(memory))) {
      noteDue(memory, false)
      miss(memory.rate, ruleOf(memory), { shareMax: recoveredShareMax, untilUsual: true })
    }
    if (one.hasCome || ageMs > keptMs(limitMs) || memory.limitMs === 0) {
      drop(leg, one)
      continue
    }
    kept += 1
    if (one.isOverdue || one.isExcused) continue
    if (staysAway(memory, one, now)) overdue(leg, one)
    else if (isSlow(memory)) one.isExcused = true
  }
}

function keptMs(limitMs: Millis): Millis {
  return Math.max(lateFactor * limitMs, limitMs > slowMs ? lateMsMinOfSlow : lateMsMin)
}

/** Whether enough was seen to say what is usual, and it is usual that the next message comes. */
function isKnown({ kind, memory }: Leg, now: Instant): boolean {
  const { limitMs, limitAt, due, overdue: late, rate } = memory
  // What may be the beginning of an episode is not what is usual.
  const usual = rate.bad ? late : late - rate.hits
  return (
    limitMs > 0 &&
    limitMs <= dayMs &&
    due >= enough[kind].due &&
    now - limitAt >= Math.max(enough[kind].afterMs, knownAfterLimits * limitMs) &&
    usual <= due * usualShareMax
  )
}

function ruleOf(memory: LegMemory): RateRule {
  const usualShare = memory.usualShare === 0 ? usualShareMin : memory.usualShare
  return {
    usualShare,
    badShare: Math.max(0.15, Math.min(3 * usualShare, (1 + usualShare) / 2)),
    threshold: memory.threshold,
    distinctMin: 3,
  }
}

function overdue(leg: Leg, one: Awaited): void {
  const { memory } = leg
  one.isOverdue = true
  const wasKnown = isKnown(leg, memory.watchedAt)
  noteDue(memory, true)
  if (!wasKnown) return
  // Where nothing comes at all, it is not that kind.
  if (!one.isPassedOver && isOvertaken(memory, one)) noteOrdered(memory.ordered, { ...one, at: one.at + memory.usualMs }, true)
  const begins = isBeginning(memory.rate, ruleOf(memory))
  if (begins) {
    memory.passedSince = 0
    memory.lateSince = 0
    memory.lateAskedAt = 0
    memory.refusedSince = 0
    settle(memory)
  }
  if (one.isRefused) memory.refusedSince += 1
  const wasBad = memory.rate.bad
  // It began to stay away when the answer would usually have come.
  const what = { id: one.exchangeId, at: one.at + memory.usualMs, exchangeId: one.exchangeId }
  hit(memory.rate, ruleOf(memory), what, begins)
  // What turned out to be the beginning of an episode is not what is usual.
  if (memory.rate.bad && !wasBad) memory.overdue = Math.max(0, memory.overdue - memory.rate.hits)
}

/** Before an episode may begin: how many usually don't come, with room for chance, and how much proof it needs. */
function settle(memory: LegMemory): void {
  memory.usualShare = Math.min(Math.max(usualShareOf(memory.overdue, memory.due), usualShareMin), 0.4)
  const spanMs = Math.max(memory.watchedAt - memory.limitAt, 3_600_000)
  memory.threshold = thresholdFor(Math.max((memory.due / spanMs) * weekMs, 100), falseAlarmWeeks)
}

function noteDue(memory: LegMemory, isOverdue: boolean): void {
  if (memory.rate.bad || memory.limitMs === 0) return
  memory.due += 1
  if (isOverdue) memory.overdue += 1
  if (!memory.isUnderWay && memory.due >= firstDue) {
    memory.isUnderWay = true
    memory.due = 0
    memory.overdue = 0
  }
  if (memory.due < dueMax) return
  memory.due /= 2
  memory.overdue /= 2
}

/** Of what was awaited nobody will know what came meanwhile. What is told stays; what was counted and might have come yet counts no more. */
function loseSight(leg: Leg, now: Instant): void {
  const { memory } = leg
  const { rate, passing, ordered } = memory
  const isTold = episodeOf(leg, memory) !== null
  if (goneOf(leg, memory, now) === null) for (const one of ordered.values()) one.run = 0
  if (!isTold) {
    endEpisode(rate)
    endEpisode(passing.rate)
  }
  forget(leg)
}

/** What has been so for a week is how it is now. */
function learnAnew(leg: Leg): void {
  const { memory } = leg
  endEpisode(memory.rate)
  forget(leg)
  memory.delays = sketchPart.fresh()
  memory.passing = passingPart.fresh()
  memory.limitMs = 0
}
