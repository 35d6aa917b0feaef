import { localTime } from '../gateway/model/calendar.ts'
import { decidingAnswer, type Exchange } from '../gateway/model/exchange.ts'
import type { Seen } from '../gateway/model/reading.ts'
import type { Millis } from '../gateway/model/time.ts'
import { keep, type Last, lastOf, oldestFirst } from './shared/last.ts'
import { expectedPerWeek, hit, keepLast, miss, type RateRule, ratePart, shareOf, thresholdFor } from './shared/rate.ts'
import { asOfOneSize, largeBytesMin, learnSize, sizesPart } from './shared/sizes.ts'
import { amount, flag, type Held, list, record, word } from './shared/state.ts'
import { rounded, say, shownExchanges, voicePart } from './shared/voice.ts'
import { type InterfaceNow, watchInterfaces } from './shared/watch.ts'
import { adopt, baselinePart, learn, middleMs, type Normal, normalAt, scoreOf, sketchPart } from './statistics/baseline.ts'
import { breakOff, bunchingOf, bunchingPart, noteScore } from './statistics/bunching.ts'
import { quantile } from './statistics/quantile.ts'

const recentMax = 50
const partsMax = 20

const memoryPart = record({
  sizes: sizesPart,
  baseline: baselinePart,
  recent: lastOf(recentMax),
  /** The same of those that a shift was asked of, as if all were of one size. */
  recentOfOneSize: lastOf(recentMax),
  think: lastOf(partsMax),
  connect: lastOf(partsMax),
  send: lastOf(partsMax),
  receive: lastOf(partsMax),
  /** CUSUM upwards of clipped z, and when it last left zero. */
  up: amount(),
  onsetAt: amount(),
  sinceOnset: amount(),
  zSum: amount(),
  bunching: bunchingPart,
  /** CUSUM back to normal, while bad. */
  down: amount(),
  downCount: amount(),
  isBad: flag(),
  isTicket: flag(),
  badSinceAt: amount(),
  baselineMs: amount(),
  exchangeIds: list(word()),
  /** What came while bad: it may turn out to be the new normal. */
  whileBad: sketchPart,
  over: ratePart,
  firstAt: amount(),
  noted: amount(),
  overThreshold: amount(7),
  shiftThreshold: amount(8),
  shiftVoice: voicePart,
  overVoice: voicePart,
})
type Memory = Held<typeof memoryPart>

const slack = 0.5
/** One false alarm in so many weeks of one interface, by each of the two sums; where messages know nothing of each other, or as much longer sums as they bunch. */
const falseAlarmWeeks = 1000
/** Back to normal: the sum of evidence that ends a shift, and the fewest messages. */
const downThreshold = 5
const downMin = 5
/** Less than this more is no shift that anybody feels. */
const differenceMsMin = 5
const ratioMin = 1.3
/** Where this part of the day wasn't learned yet, its latency may well be another than the rest of the day's. */
const ratioMinUnlearned = 3
const ticketRatio = 3
const ticketDifferenceMs = 50
/** So many times as slow is something's fault, be it far from what was agreed. */
const ticketRatioAlways = 6
const weekMs = 7 * 24 * 3_600_000
const adoptAfterMs = weekMs
const adoptCountMin = 200

/**
 * Do answers take longer than they use to, or longer than was agreed? `latency/shift`: one-sided CUSUM on clipped robust z of
 * ln(latency), reference/algorithms.md 2.3. `latency/objective`: more messages than one in twenty over the objective's p95. Late
 * answers count with their true time. A shift is a ticket when people feel it, otherwise a warning.
 */
export const latency = watchInterfaces<Memory>({
  name: 'latency',
  version: 4,
  memory: memoryPart,
  note(memory, seen, at) {
    const ms = latencyOf(seen.exchange)
    if (ms === null) return
    if (memory.noted % 64 === 0) tune(memory, at)
    memory.noted += 1
    keep(memory.recent, ms)
    noteParts(memory, seen.exchange)
    const rule = overRule(memory)
    if (ms > at.iface.objectives.latencyP95Ms)
      hit(memory.over, rule, { id: seen.id, at: seen.at, exchangeId: seen.exchange.id })
    else miss(memory.over, rule)
    const ofOneSize = ofOneSizeOf(memory, seen.exchange, ms)
    if (ofOneSize !== null) noteShift(memory, ofOneSize, seen, at)
  },
  judge(memory, at, out) {
    if (!memory.isBad && !memory.over.bad && !memory.shiftVoice.bad && !memory.overVoice.bad) return
    const context = { monitor: 'latency', subject: { kind: 'interface', id: at.iface.id }, now: at.now } as const
    const shift = memory.isBad ? (memory.isTicket ? 'ticket' : 'warn') : null
    say(out, memory.shiftVoice, { ...context, signal: 'shift' }, shift, () => shiftTelling(memory, at))
    const over = memory.over.bad ? (shareOf(memory.over) >= 0.25 ? 'ticket' : 'warn') : null
    say(out, memory.overVoice, { ...context, signal: 'objective' }, over, () => ({
      onsetAt: memory.over.onsetAt,
      score: rounded(Math.max(memory.over.sum / memory.overThreshold, 1)),
      facts: {
        ...numbers(memory, newest(memory.recent, memory.over.seen)),
        overShare: rounded(shareOf(memory.over)),
        objectiveMs: at.iface.objectives.latencyP95Ms,
      },
      exchangeIds: memory.over.exchangeIds,
    }))
  },
})

/** An answer that came after the time-out tells the true time all the same. Whole microseconds. */
function latencyOf(exchange: Exchange): Millis | null {
  const late = exchange.wire.find((fact) => fact.kind === 'late')
  const ms = exchange.latencyMs ?? late?.afterMs ?? null
  return ms === null ? null : Math.round(ms * 1000) / 1000
}

/** Of large objects as if they were of one size: images of an X-ray and of a CT come in turns. Null before it is known what is usual for its size. */
function ofOneSizeOf(memory: Memory, exchange: Exchange, ms: Millis): Millis | null {
  const bytes = exchange.request?.wireBytes ?? 0
  if (bytes >= largeBytesMin && !memory.isBad && memory.up < memory.shiftThreshold / 2) learnSize(memory.sizes, bytes, ms)
  return asOfOneSize(memory.sizes, bytes, ms)
}

function tune(memory: Memory, { iface, now }: InterfaceNow): void {
  if (memory.firstAt === 0) memory.firstAt = now
  const spanMs = Math.max(now - memory.firstAt, 3_600_000)
  const messagesPerWeek = Math.max(expectedPerWeek(iface) ?? 0, (memory.noted / spanMs) * weekMs, 100)
  const bunching = bunchingOf(memory.bunching)
  memory.overThreshold = bunching * thresholdFor(messagesPerWeek, falseAlarmWeeks)
  memory.shiftThreshold = bunching * shiftThreshold(messagesPerWeek)
}

/** The objective itself lets one message in twenty be slower. */
function overRule(memory: Memory): RateRule {
  return { usualShare: 0.05, badShare: 0.25, threshold: memory.overThreshold, distinctMin: 5 }
}

/**
 * Where the time went: connecting and what the network takes, the asking system's sending (first to last byte of the request), the answering system's
 * thinking (last byte of the request to first of the answer), and receiving (first to last byte of the answer).
 */
function noteParts(memory: Memory, exchange: Exchange): void {
  const answer = decidingAnswer(exchange)
  const { request } = exchange
  if (request !== null) keep(memory.send, rounded(Math.max(request.endAt - request.startAt, 0)))
  if (answer !== null) keep(memory.receive, rounded(Math.max(answer.endAt - answer.startAt, 0)))
  if (answer !== null && request !== null) keep(memory.think, rounded(Math.max(answer.startAt - request.endAt, 0)))
  const { connectMs } = exchange.connection
  if (connectMs !== null) keep(memory.connect, rounded(connectMs))
}

function noteShift(memory: Memory, ms: Millis, seen: Seen, at: InterfaceNow): void {
  keep(memory.recentOfOneSize, ms)
  const local = localTime(at.now, at.hospital)
  const known = normalAt(memory.baseline, local)
  if (known === null) {
    learn(memory.baseline, local, ms)
    return
  }
  const z = scoreOf(known.normal, ms)
  if (memory.isBad) {
    memory.whileBad.record(ms)
    noteWhileBad(memory, z, seen.exchange.id, at)
    return
  }
  const threshold = memory.shiftThreshold
  noteScore(memory.bunching, z)
  if (memory.up < threshold / 2 || !known.isOfDaypart) learn(memory.baseline, local, ms)
  if (memory.up === 0) {
    memory.onsetAt = seen.at
    memory.sinceOnset = 0
    memory.zSum = 0
    memory.exchangeIds = []
  }
  memory.up = Math.min(Math.max(0, memory.up + z - slackFor(known.normal, bunchingOf(memory.bunching))), threshold)
  memory.sinceOnset += 1
  memory.zSum += z
  if (z > 1) keepLast(memory.exchangeIds, seen.exchange.id, shownExchanges)
  if (memory.up >= threshold) beginBad(memory, known, at)
}

/** An estimate from few messages is off by about 1/sqrt(n) deviations: the slack covers twice that. Of those that bunch it takes so many times as many. */
function slackFor({ count }: Normal, bunching: number): number {
  return slack + 2 * Math.sqrt(bunching / count)
}

/** Siegmund: ARL0 = 2 e^(h+1.166) messages for a slack of one half. */
function shiftThreshold(messagesPerWeek: number): number {
  return Math.min(Math.max(Math.log(messagesPerWeek * falseAlarmWeeks) - 1.86, 8), 18)
}

function beginBad(memory: Memory, known: { normal: Normal; isOfDaypart: boolean }, at: InterfaceNow): void {
  memory.baselineMs = middleMs(known.normal)
  const median = quantile(duringShift(memory), 0.5)
  const isFelt = median - memory.baselineMs >= differenceMsMin
  if (!isFelt || median / memory.baselineMs < (known.isOfDaypart ? ratioMin : ratioMinUnlearned)) return
  memory.isBad = true
  breakOff(memory.bunching)
  memory.badSinceAt = at.now
  memory.down = 0
  memory.downCount = 0
  memory.whileBad = sketchPart.fresh()
  weighShift(memory, at)
}

function noteWhileBad(memory: Memory, z: number, exchangeId: string, at: InterfaceNow): void {
  const shift = memory.zSum / memory.sinceOnset
  memory.sinceOnset += 1
  if (z > shift / 2) {
    memory.zSum += z
    keepLast(memory.exchangeIds, exchangeId, shownExchanges)
  } else memory.zSum += shift
  memory.down = Math.max(0, memory.down + shift / 2 - z)
  memory.downCount = memory.down === 0 ? 0 : memory.downCount + 1
  if (memory.down >= downThreshold && memory.downCount >= downMin) {
    endBad(memory)
    return
  }
  if (memory.sinceOnset % 8 === 0) weighShift(memory, at)
  const isOld = at.now - memory.badSinceAt >= adoptAfterMs && memory.whileBad.count >= adoptCountMin
  if (isOld && !memory.isTicket) {
    adopt(memory.baseline, memory.whileBad)
    endBad(memory)
  }
}

function endBad(memory: Memory): void {
  memory.isBad = false
  memory.isTicket = false
  memory.up = 0
  memory.whileBad = sketchPart.fresh()
}

/** Only upwards while it lasts: a ticket doesn't become a warning by one quiet minute. */
function weighShift(memory: Memory, at: InterfaceNow): void {
  const during = duringShift(memory)
  const median = quantile(during, 0.5)
  const { latencyP95Ms } = at.iface.objectives
  const ratio = median / memory.baselineMs
  const differenceMs = median - memory.baselineMs
  const feltMs = ratio >= ticketRatioAlways ? 0 : latencyP95Ms * 0.2
  const isMuch = ratio >= ticketRatio && differenceMs >= Math.max(ticketDifferenceMs, feltMs)
  const isOver = during.length >= 5 && quantile(newest(memory.recent, memory.sinceOnset), 0.5) > latencyP95Ms
  if (isMuch || isOver) memory.isTicket = true
}

function duringShift({ recentOfOneSize, sinceOnset }: Memory): readonly Millis[] {
  return newest(recentOfOneSize, sinceOnset)
}

function newest(recent: Last, count: number): readonly Millis[] {
  return oldestFirst(recent).slice(-Math.max(Math.min(count, recentMax), 1))
}

function shiftTelling(memory: Memory, at: InterfaceNow) {
  const during = duringShift(memory)
  const told = numbers(memory, during)
  return {
    onsetAt: memory.onsetAt,
    score: rounded(Math.max(told.p50Ms / (memory.baselineMs * ratioMin), 1)),
    facts: {
      ...told,
      baselineP50Ms: rounded(memory.baselineMs),
      ratio: rounded(told.p50Ms / memory.baselineMs),
      objectiveMs: at.iface.objectives.latencyP95Ms,
      messages: memory.sinceOnset,
    },
    exchangeIds: memory.exchangeIds,
  }
}

function numbers(memory: Memory, during: readonly Millis[]) {
  return {
    p50Ms: rounded(quantile(during, 0.5)),
    p95Ms: rounded(quantile(during, 0.95)),
    connectMs: medianOfLast(memory.connect, during.length),
    sendMs: medianOfLast(memory.send, during.length),
    thinkMs: medianOfLast(memory.think, during.length),
    receiveMs: medianOfLast(memory.receive, during.length),
  }
}

function medianOfLast(values: Last, count: number): number | null {
  return values.items.length === 0 ? null : quantile(oldestFirst(values).slice(-count), 0.5)
}
