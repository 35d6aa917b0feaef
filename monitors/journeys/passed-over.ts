import type { Instant, Millis } from '../../gateway/model/time.ts'
import { hit, isBeginning, miss, type RateRule, takeBack, thresholdFor, usualShareOf } from '../shared/rate.ts'
import { type Awaited, depthMax, falseAlarmWeeks, type LegMemory } from './leg-memory.ts'
import { noteOrdered } from './ordered.ts'

type Passing = LegMemory['passing']

/** So many that came tell in what order they come. */
const cameMin = 40
const cameMax = 4_000
const learnEvery = 16
const limitMore = 6
const usualShareMin = 0.005
const usualShareMax = 0.2
/** What belongs together is ordered together: a few that come in a row don't show that all come again. */
const recoveredShareMax = 0.2
/** Where it takes longer than this a queue may have been full, and what waited longest been done on paper. */
const recentMsMax: Millis = 4 * 3_600_000
const weekMs: Millis = 7 * 24 * 3_600_000

/** One came that was awaited: those that were asked for before it and still wait were passed by it. `waiting`: what waits, by its keys, in the order of asking. */
export function notePassing(memory: LegMemory, one: Awaited, waiting: ReadonlyMap<number, Awaited>, now: Instant): void {
  const { passing } = memory
  const { limitAll, limitKind } = passing
  let last: Awaited | null = null
  for (const other of waiting.values()) {
    if (other.at >= one.at) break
    if (other === last || other.isPassedOver) continue
    last = other
    other.passed += 1
    const isOfKind = one.what !== 0 && other.what === one.what
    if (isOfKind) other.passedByKind += 1
    // At that moment, and never later: what more had passed before the limit was learned is no fair sample.
    if (other.passed === limitAll || (isOfKind && other.passedByKind === limitKind)) passOver(memory, other, now)
  }
  if (one.isPassedOver) {
    passing.lateSince += 1
    passing.lateAskedAt = Math.max(passing.lateAskedAt, one.at)
    if (passing.rate.bad) return
    takeBack(passing.rate, ruleOf(passing))
    return
  }
  if (passing.sinceAt === 0) passing.sinceAt = now
  if (!passing.rate.bad) learn(passing, one)
  if (passing.rate.sum > 0 || passing.rate.bad)
    miss(passing.rate, ruleOf(passing), { shareMax: recoveredShareMax, untilUsual: true })
}

function passOver(memory: LegMemory, one: Awaited, now: Instant): void {
  const { passing } = memory
  const { rate } = passing
  one.isPassedOver = true
  const isKnown = isOrderly(memory)
  if (!rate.bad) passing.over += 1
  if (!isKnown) return
  if (!one.isOverdue) noteOrdered(memory.ordered, { ...one, at: one.at + memory.usualMs }, true)
  const begins = isBeginning(rate, ruleOf(passing))
  if (begins) {
    passing.lateSince = 0
    passing.lateAskedAt = 0
    settle(passing, now)
  }
  const wasBad = rate.bad
  hit(
    rate,
    ruleOf(passing),
    { id: one.exchangeId + one.keys[0], at: one.at + memory.usualMs, exchangeId: one.exchangeId },
    begins,
  )
  // What turned out to be the beginning of an episode is not what is usual.
  if (rate.bad && !wasBad) passing.over = Math.max(0, passing.over - rate.hits)
}

/** Enough came to say that most come, in some order, and no queue has grown from the beginning. */
function isOrderly({ passing, awaited, stride, recentMs }: LegMemory): boolean {
  const { came, over, rate } = passing
  if (rate.bad) return true
  if (came < cameMin || recentMs > recentMsMax || over - rate.hits > usualShareMax * decidedIn(passing)) return false
  const waiting = awaited.reduce((count, one) => (one.hasCome || one.isPassedOver ? count : count + 1), 0)
  return waiting * stride <= came
}

/** Of how many it is known whether they are passed over: of those that came last it isn't, of the others asked for when they were. */
function decidedIn({ came, over, limitAll }: Passing): number {
  return over + Math.max(0, came - limitAll)
}

function ruleOf({ usualShare, threshold }: Passing): RateRule {
  const usual = usualShare === 0 ? usualShareMin : usualShare
  return { usualShare: usual, badShare: Math.max(0.15, Math.min(3 * usual, (1 + usual) / 2)), threshold, distinctMin: 3 }
}

function settle(passing: Passing, now: Instant): void {
  const { came, over, sinceAt } = passing
  passing.usualShare = Math.min(Math.max(usualShareOf(over - 1, decidedIn(passing)), usualShareMin), 0.4)
  const spanMs = Math.max(now - sinceAt, 3_600_000)
  passing.threshold = thresholdFor(Math.max(((came + over) / spanMs) * weekMs, 100), falseAlarmWeeks)
}

function learn(passing: Passing, { passed, passedByKind, what }: Awaited): void {
  count(passing.ofAll, passed)
  if (what !== 0) count(passing.ofKind, passedByKind)
  passing.came += 1
  if (passing.came >= cameMax) {
    passing.came /= 2
    passing.over /= 2
    passing.ofAll = passing.ofAll.map((n) => n / 2)
    passing.ofKind = passing.ofKind.map((n) => n / 2)
  }
  if (passing.came % learnEvery >= 1) return
  const limits = { limitAll: limitOf(passing.ofAll), limitKind: limitOf(passing.ofKind) }
  const isNew = (limits.limitAll > 0 && passing.limitAll === 0) || (limits.limitKind > 0 && passing.limitKind === 0)
  // How many are passed over by a limit is known by what came since it is there.
  if (isNew) Object.assign(passing, { came: 0, over: 0, sinceAt: 0 })
  Object.assign(passing, limits)
}

function count(depths: number[], passed: number): void {
  const depth = Math.min(passed, depthMax)
  depths[depth] = (depths[depth] ?? 0) + 1
}

function limitOf(depths: readonly number[]): number {
  const all = depths.reduce((sum, n) => sum + n, 0)
  if (all < cameMin - learnEvery) return 0
  let more = all
  for (const [depth, n] of depths.entries()) {
    more -= n
    if (more <= all / 100) return depth === depthMax ? 0 : 2 * depth + limitMore
  }
  return 0
}
