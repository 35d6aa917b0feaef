import type { Exchange } from '../gateway/model/exchange.ts'
import type { Seen } from '../gateway/model/reading.ts'
import { burnPart, burnVerdict, countBurn, forgetFailures } from './failures/burn.ts'
import { type Failure, rowFailed, rowPart, rowPassed } from './failures/failure-row.ts'
import { isReceiversOwn, most, tallyFailure, tallyPart } from './failures/failure-tally.ts'
import { noteRefused, refusedPart, sayRefused } from './failures/refused-connections.ts'
import { noteUnheard, sayUnheard, unheardPart } from './failures/unheard.ts'
import { endEpisode, expectedPerWeek, hit, miss, type RateRule, ratePart, shareOf, thresholdFor } from './shared/rate.ts'
import { amount, flag, type Held, record } from './shared/state.ts'
import { rounded, say, voicePart } from './shared/voice.ts'
import { type InterfaceNow, watchInterfaces } from './shared/watch.ts'

const memoryPart = record({
  rate: ratePart,
  /** Attempts since the onset, copies included. */
  failedCount: amount(),
  tally: tallyPart,
  burn: burnPart,
  /** The burn and the share that made it bad, where the windows did and not the CUSUM. */
  burnNow: amount(),
  burnShare: amount(),
  isSlow: flag(),
  usualSeen: amount(),
  usualHits: amount(),
  firstAt: amount(),
  noted: amount(),
  usualShare: amount(0.005),
  threshold: amount(7),
  /** A second sum, that of a fault in which every other message fails. */
  halfSum: amount(),
  halfThreshold: amount(11),
  rateVoice: voicePart,
  unheard: unheardPart,
  /** Attempts in a row that got no answer, copies included, and since when: a queue that is blocked by its first message. */
  unansweredInRow: amount(),
  row: rowPart,
  /** Distinct messages in a row that failed, of those that count. */
  failedInRow: amount(),
  failedSinceAt: amount(),
  unansweredSinceAt: amount(),
  refused: refusedPart,
})
type Memory = Held<typeof memoryPart>

const usualShareMin = 0.005
const usualShareMax = 0.05
const badShareMin = 0.05
const distinctMin = 3
/**
 * One false alarm in so many weeks of one interface, by each of the two sums: a benchmark of two hundred weeks has room for none. Measured at the usual share, a sum is
 * over its threshold once in 50 e^h messages where one in twenty is bad, and once in 6 e^h (6.5 to 25) where half are.
 */
const falseAlarmWeeks = 1000
const halfMessages = 6
const halfShare = 0.5
/** A restart breaks all that is under way: three tell by running into their time-outs alone. */
const halfDistinctMin = 4
/** Of messages that wait for their answer in vain by themselves, one in four does so when it is sent again; while the receiver is ill, nearly all do. */
const againWeight = Math.log(4)
/** Of everyday's refusals not one in ten is for want of room, of a connection, or for a lock. */
const ownWeight = Math.log(10)
/** So few that fail before a row of failures are no beginning of it. */
const strayShare = 0.1
/** The usual share is learned from this many messages on, and forgets by halving. */
const usualSeenMin = 500
const usualSeenMax = 20_000
/** So many attempts in a row over so long, and not one answer: nothing gets through, however few messages are behind it. */
const blockedAttemptsMin = 4
const blockedMsMin = 10_000
/** When so many in a row fail that nothing gets through, nobody waits for more: the alert book calls at once. */
const totalInRow = 5
const totalScore = 2
const weekMs = 7 * 24 * 3_600_000

/**
 * Do this interface's messages fail? `failures/rate`: the share of distinct messages that were refused by word (failed) or got no answer
 * (unanswered). `failures/unheard`: the share of those alone that nobody answered. `failures/refused`: the connection itself is refused, three times in a row
 * without one that came through.
 * Orphans are answers without a question and belong to `answers`.
 */
export const failures = watchInterfaces<Memory>({
  name: 'failures',
  version: 11,
  memory: memoryPart,
  note(memory, seen, at) {
    const { exchange } = seen
    noteRefused(memory.refused, seen)
    if (exchange.outcome === 'orphan' || exchange.outcome === 'one-way' || isOverture(exchange)) return
    if (memory.noted % 64 === 0) tune(memory, at)
    memory.noted += 1
    const isFailed = exchange.outcome === 'failed' || exchange.outcome === 'unanswered'
    noteUnheard(memory.unheard, seen, memory.threshold)
    if (isFailed) noteFailure(memory, seen, at)
    else noteSuccess(memory, seen, at)
  },
  judge(memory, at, out) {
    const { rate, rateVoice, refused, unheard, threshold } = memory
    if (!rate.bad && !refused.isBad && !unheard.rate.bad && !rateVoice.bad && !refused.voice.bad && !unheard.voice.bad) return
    const context = { monitor: 'failures', subject: { kind: 'interface', id: at.iface.id }, now: at.now } as const
    const state = rate.bad ? (memory.isSlow ? 'warn' : 'ticket') : null
    say(out, rateVoice, { ...context, signal: 'rate' }, state, () => rateTelling(memory, at))
    sayUnheard(out, unheard, context, state === 'ticket', threshold)
    sayRefused(out, refused, context)
  },
})

function ruleOf(memory: Memory): RateRule {
  const usualShare = memory.usualShare
  return { usualShare, badShare: Math.max(10 * usualShare, badShareMin), threshold: memory.threshold, distinctMin }
}

/** What is usual here, and how sure one must be at this volume. Now and then: both change slowly. */
function tune(memory: Memory, { iface, now }: InterfaceNow): void {
  if (memory.firstAt === 0) memory.firstAt = now
  const learned = memory.usualSeen >= usualSeenMin ? memory.usualHits / memory.usualSeen : 0
  const share = Math.max(usualShareMin, 1 - iface.objectives.successRate, learned)
  memory.usualShare = Math.min(share, usualShareMax)
  const spanMs = Math.max(now - memory.firstAt, 3_600_000)
  const perWeek = Math.max(expectedPerWeek(iface) ?? 0, (memory.noted / spanMs) * weekMs)
  memory.threshold = thresholdFor(perWeek, falseAlarmWeeks)
  memory.halfThreshold = Math.max(Math.log((perWeek * falseAlarmWeeks) / halfMessages), 9)
}

function noteFailure(memory: Memory, seen: Seen, at: InterfaceNow): void {
  const { exchange, now, item } = seen
  const { rate } = memory
  const wasBad = rate.bad
  const isDistinct = countFailures(memory, rowFailed(memory.row, seen), at)
  memory.failedCount += 1
  tallyFailure(memory.tally, item)
  if (isDistinct && isReceiversOwn(item)) addHalf(memory, ownWeight)
  if (!isDistinct && isSentAgain(exchange) && isReceivers(memory)) addHalf(memory, againWeight)
  if (isBlocked(memory, exchange, now) || isHalf(memory)) rate.bad = true
  if (!wasBad && rate.bad) beginBad(memory)
}

/** Whether any of them is new. */
function countFailures(memory: Memory, failures: readonly Failure[], at: InterfaceNow): boolean {
  const { rate, burn } = memory
  const rule = ruleOf(memory)
  let isAny = false
  for (const failure of failures) {
    if (!hit(rate, rule, failure)) continue
    isAny = true
    if (rate.hits === 1 && failures.length === 1) clearTally(memory)
    if (memory.failedInRow === 0) memory.failedSinceAt = failure.at
    memory.failedInRow += 1
    addHalf(memory, Math.log(halfShare / memory.usualShare))
    countBurn(burn, at.now, true)
    if (!rate.bad) learnUsual(memory, true)
  }
  if (isAny) weighBurn(memory, rule, at)
  return isAny
}

function weighBurn(memory: Memory, rule: RateRule, { iface, now }: InterfaceNow): void {
  const { rate, burn } = memory
  const verdict = burnVerdict(burn, now, Math.max(1 - iface.objectives.successRate, 0.001), memory.usualShare)
  if (verdict !== null && rate.hits >= 1) {
    memory.burnNow = verdict.burn
    memory.burnShare = verdict.share
    if (!rate.bad) memory.isSlow = verdict.isSlow
    rate.bad = true
  }
  if (rate.bad && (rate.sum >= rule.threshold || verdict?.isSlow === false)) memory.isSlow = false
}

function beginBad(memory: Memory): void {
  beginWithRow(memory)
  // What made it bad is not what is usual.
  memory.usualSeen = Math.max(0, memory.usualSeen - memory.rate.seen)
  memory.usualHits = Math.max(0, memory.usualHits - memory.rate.hits)
}

/** The few that failed before a row in which nothing comes through are of every day: the fault began with the row. */
function beginWithRow({ rate, failedInRow, failedSinceAt, unansweredInRow }: Memory): void {
  const isRow = failedInRow >= distinctMin || unansweredInRow >= blockedAttemptsMin
  const [hitsBefore, seenBefore] = [rate.hits - failedInRow, rate.seen - failedInRow]
  if (isRow && hitsBefore <= Math.max(1, strayShare * seenBefore)) rate.onsetAt = failedSinceAt
}

function addHalf(memory: Memory, weight: number): void {
  memory.halfSum = Math.min(memory.halfSum + weight, 2 * memory.halfThreshold)
}

function isSentAgain({ wire }: Exchange): boolean {
  return wire.some((fact) => fact.kind === 'duplicate' && fact.copy === 1)
}

/** All that failed has run into its time-out, or was refused for what is the receiver's own: whatever is sent may be. */
function isReceivers({ tally, failedCount }: Memory): boolean {
  return tally.timeout + tally.own === failedCount
}

/** Half of all fail, or more: each failure weighs twice as much as where one in twenty is looked for. Where nothing comes through between, more are wanted. */
function isHalf(memory: Memory): boolean {
  const { halfSum, halfThreshold, rate, failedInRow } = memory
  const needed = isReceivers(memory) ? distinctMin : failedInRow >= halfDistinctMin ? totalInRow : halfDistinctMin
  return halfSum >= halfThreshold && rate.hits >= needed
}

/** An association that was accepted or released is no message that came through: every image in it may be refused. */
function isOverture({ type, outcome }: Exchange): boolean {
  return outcome === 'answered' && (type === 'A-ASSOCIATE' || type === 'A-RELEASE')
}

/** Three distinct messages are never reached when the sender tries its first one for ever. A receiver that says no is another matter: it works. */
function isBlocked(memory: Memory, { outcome }: Exchange, now: number): boolean {
  if (outcome !== 'unanswered') {
    memory.unansweredInRow = 0
    return false
  }
  if (memory.unansweredInRow === 0) memory.unansweredSinceAt = now
  memory.unansweredInRow += 1
  return memory.unansweredInRow >= blockedAttemptsMin && now - memory.unansweredSinceAt >= blockedMsMin
}

function noteSuccess(memory: Memory, seen: Seen, at: InterfaceNow): void {
  const { rate } = memory
  const wasBad = rate.bad
  if (countFailures(memory, rowPassed(memory.row, seen), at)) {
    if (isHalf(memory)) rate.bad = true
    if (!wasBad && rate.bad) beginBad(memory)
  }
  memory.unansweredInRow = 0
  memory.failedInRow = 0
  memory.halfSum = Math.max(0, memory.halfSum - Math.log((1 - memory.usualShare) / (1 - halfShare)))
  countBurn(memory.burn, at.now, false)
  const isBad = rate.bad
  // An episode that the windows found is over when a run of successes is unlikely for the windows' share too.
  miss(rate, ruleOf(memory), { shareMax: memory.burnShare > 0 ? memory.burnShare : 1 })
  if (!isBad) learnUsual(memory, false)
  else if (!rate.bad) {
    memory.halfSum = 0
    memory.burnNow = 0
    memory.burnShare = 0
    memory.isSlow = false
    forgetFailures(memory.burn)
    endEpisode(rate)
  }
}

function learnUsual(memory: Memory, isFailed: boolean): void {
  memory.usualSeen += 1
  if (isFailed) memory.usualHits += 1
  if (memory.usualSeen < usualSeenMax) return
  memory.usualSeen /= 2
  memory.usualHits /= 2
}

function clearTally(memory: Memory): void {
  memory.failedCount = 0
  memory.tally = tallyPart.fresh()
}

function rateTelling(memory: Memory, at: InterfaceNow) {
  const { rate, tally } = memory
  const share = Math.max(shareOf(rate), memory.burnShare)
  const inRow = tally.own > 0 && isReceivers(memory) ? distinctMin : totalInRow
  const isTotal = memory.failedInRow >= inRow || memory.unansweredInRow >= blockedAttemptsMin
  const budget = Math.max(1 - at.iface.objectives.successRate, 0.001)
  return {
    onsetAt: rate.onsetAt,
    score: rounded(Math.max(rate.sum / memory.threshold, isTotal ? totalScore : 1)),
    facts: {
      failureRate: rounded(share),
      failedCount: memory.failedCount,
      distinctFailed: rate.hits,
      unansweredInRow: memory.unansweredInRow,
      seen: rate.seen,
      usualRate: rounded(memory.usualShare),
      nak: tally.nak,
      unanswered: tally.unanswered,
      refused: tally.refused,
      reset: tally.reset,
      timeout: tally.timeout,
      topCode: most(tally.codes),
      burn: rounded(Math.max(memory.burnNow, share / budget)),
    },
    exchangeIds: rate.exchangeIds,
  }
}
