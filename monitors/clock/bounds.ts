import type { Instant, Millis } from '../../gateway/model/time.ts'
import { keep, lastOf } from '../shared/last.ts'
import { hashOf, keepLast } from '../shared/rate.ts'
import { amount, flag, type Held, list, maybe, record, word } from '../shared/state.ts'
import { rounded, shownExchanges } from '../shared/voice.ts'
import { type Drift, type DriftPoint, driftOf } from './drift.ts'
import { zoneFit } from './zones.ts'

/** What one stamp says of its maker's clock minus ours: it lies in [lo, hi]. Milliseconds. */
export interface Observation {
  readonly lo: Millis
  readonly hi: Millis
  readonly at: Instant
  /** What the stamp says. */
  readonly madeAt: Instant
  /** Control id: copies of a message are no new evidence. */
  readonly id: string
  readonly exchangeId: string
  /** Of the message. */
  readonly type: string
}

const spanPart = record({ lo: amount(), hi: amount(), count: amount(), fromAt: amount() })
/** What `count` observations since `fromAt` allow. */
export type Span = Held<typeof spanPart>

const recentMax = 32

/**
 * What is known of one clock by one kind of evidence. The offset that all observations since `sinceAt` allow is their
 * intersection, kept in two halves so that it slides. Observations that contradict it make a challenger; a challenger that holds
 * becomes what is believed, and a change was seen.
 */
export const trackPart = record({
  /** Two-sided evidence (acknowledgments). One-sided: the upper bound is only a prior on delay. */
  isHard: flag(),
  count: amount(),
  sinceAt: amount(),
  lastAt: amount(),
  resolutionMs: amount(1),
  current: spanPart,
  previous: maybe(spanPart),
  challenger: maybe(spanPart),
  challengerAt: amount(),
  challengerIds: list(word()),
  /** Another offset that comes again and again between those that agree: another host under the same name. */
  rival: maybe(spanPart),
  rivalIds: list(word()),
  /** The one type of its messages, empty for several; and how many of that type agreed since. */
  rivalType: word(),
  rivalOfTypeRight: amount(),
  /** Observations that agreed since its last. */
  sinceRival: amount(),
  changedAt: maybe(amount()),
  offsetBefore: amount(),
  ids: list(word()),
  recent: lastOf(recentMax),
  points: list(list(amount())),
  driftPpm: maybe(amount()),
  driftDeviation: amount(),
  driftSpanMs: amount(),
  lastMadeAt: amount(),
  /** The first stamp of the challenger, and of what is believed, lay well before the one that had come before it. */
  hasChallengerJumped: flag(),
  hasJumped: flag(),
  /** One-sided evidence as it came, a while apart: what runs away is never believed, and yet it is as straight as a clock. */
  looks: list(list(amount())),
  /** Parts per million that it runs away by, and over how long; null: it doesn't. */
  runawayPpm: maybe(amount()),
  runawaySpanMs: amount(),
})
export type Track = Held<typeof trackPart>

/** A sender's message is taken to be at most this old when it passes, as long as nothing else is known. */
export const delayPriorMs: Millis = 5_000
/** Stamps of a second and rounding make half a second of noise; less than two seconds is never called a fault. */
export const toleranceMs: Millis = 2_000
/** So many observations on each side make a change; so many of the new are worth telling. */
export const changeCount = 10
export const tellCount = 3
/** Lateness that is no zone may be a queue: it must stay as it is for longer. */
const queueCount = 20
const queueSpanMs: Millis = 10 * 60_000
const steadySpanMs: Millis = 2 * 60_000
/** A queue that keeps its order sends no stamp that is older than the last one; more than this is no shuffle of two programs either. */
const jumpMs: Millis = 60_000

const lookMs: Millis = 90_000
const lineLooks = 14
/** A line is laid through the last looks, through every second, and through every fourth: the slower a clock runs away, the longer until it shows. */
const strides = [1, 2, 4] as const
const looksMax = lineLooks * 4
const runawayPpmMax = 50_000
const runawaySpanMs: Millis = 20 * 60_000
const runawayMsMin: Millis = 4_000
const runawaySpreadMax = 0.02

/** So many that agree in a row: the rival is gone. */
const sinceRivalMax = 40

const halfCountMax = 100
const halfMs: Millis = 15 * 60_000
const halfMsMax: Millis = 6 * 3_600_000
const pointsMax = 64
const pointMs: Millis = 10 * 60_000

export function observe(track: Track, seen: Observation): void {
  const key = hashOf(seen.id)
  if (track.recent.items.includes(key)) return
  keep(track.recent, key)
  track.lastAt = seen.at
  if (!track.isHard) look(track, seen)
  const isJump = track.lastMadeAt - seen.madeAt > jumpMs
  track.lastMadeAt = seen.madeAt
  if (track.count === 0) believe(track, { lo: seen.lo, hi: seen.hi, count: 1, fromAt: seen.at }, [seen.exchangeId])
  else if (touches(bounds(track), seen, toleranceMs)) absorb(track, seen)
  else challenge(track, seen, isJump)
}

/** The interval that the believed observations allow, how many agree on it, and since when. */
export function bounds(track: Track): Span {
  const { current, previous } = track
  if (previous === null) return current
  if (current.count === 0) return previous
  const lo = Math.max(current.lo, previous.lo)
  const hi = Math.min(current.hi, previous.hi)
  return lo <= hi ? { lo, hi, count: current.count + previous.count, fromAt: previous.fromAt } : current
}

/** Best estimate of the offset and half the width of what is possible. One-sided: the lower envelope, as if the least delay were none. */
export function estimate(track: Track, of: { lo: Millis; hi: Millis } = bounds(track)): { offsetMs: Millis; errorMs: Millis } {
  if (track.isHard) return { offsetMs: (of.lo + of.hi) / 2, errorMs: (of.hi - of.lo) / 2 }
  // Width: the stamp's step, and as much delay as the observations differ by.
  const spread = Math.max(delayPriorMs + track.resolutionMs - (of.hi - of.lo), 0)
  return { offsetMs: of.lo + track.resolutionMs / 2, errorMs: track.resolutionMs / 2 + spread }
}

function touches(span: { lo: Millis; hi: Millis }, seen: { lo: Millis; hi: Millis }, tolerance: Millis): boolean {
  return seen.lo <= span.hi + tolerance && seen.hi >= span.lo - tolerance
}

function absorb(track: Track, seen: Observation): void {
  track.challenger = null
  if (track.rival !== null) {
    track.sinceRival += 1
    if (seen.type === track.rivalType) track.rivalOfTypeRight += 1
    if (track.sinceRival > sinceRivalMax) track.rival = null
  }
  track.count += 1
  keepLast(track.ids, seen.exchangeId, shownExchanges)
  const { current } = track
  const isDue = seen.at - current.fromAt >= halfMs && current.count >= 10
  if (current.count >= halfCountMax || isDue || seen.at - current.fromAt >= halfMsMax) turn(track, seen.at)
  // A clock that runs away faster than its messages come contradicts itself before a half is full.
  else if (track.isHard && (seen.lo > current.hi || seen.hi < current.lo)) point(track, seen.at, current)
  narrow(track.current, seen)
}

/** Takes the intersection; an empty one (a slow drift, a small correction) starts again from what was seen last. */
function narrow(span: Span, seen: Observation): void {
  const lo = span.count === 0 ? seen.lo : Math.max(span.lo, seen.lo)
  const hi = span.count === 0 ? seen.hi : Math.min(span.hi, seen.hi)
  if (lo > hi) Object.assign(span, { lo: seen.lo, hi: seen.hi, count: 0, fromAt: seen.at })
  else Object.assign(span, { lo, hi })
  span.count += 1
}

function turn(track: Track, at: Instant): void {
  const { current } = track
  track.previous = current
  track.current = { lo: 0, hi: 0, count: 0, fromAt: at }
  point(track, at, current)
}

function point(track: Track, at: Instant, span: Span): void {
  if (span.count === 0 || at - (track.points.at(-1)?.[0] ?? Number.NEGATIVE_INFINITY) < pointMs) return
  const { offsetMs } = estimate(track, span)
  track.points.push([Math.round((span.fromAt + track.lastAt) / 2), rounded(offsetMs)])
  if (track.points.length > pointsMax) track.points = track.points.filter((_, i) => i % 2 === 0)
  const drift = driftOf(track.points.map(([pointAt = 0, offset = 0]): DriftPoint => [pointAt, offset]))
  track.driftPpm = drift === null ? null : rounded(drift.ppm)
  track.driftDeviation = drift === null ? 0 : rounded(drift.ppmDeviation)
  track.driftSpanMs = drift === null ? 0 : drift.spanMs
}

function look(track: Track, seen: Observation): void {
  const last = track.looks.at(-1)?.[0]
  if (last !== undefined && seen.at - last < lookMs) return
  keepLast(track.looks, [seen.at, rounded(seen.lo)], looksMax)
  const lines = strides.map((stride) => lineThrough(track.looks, stride))
  const line = lines.find((one) => one !== null && isRunaway(one, lineLooks, track)) ?? null
  track.runawayPpm = line === null ? null : rounded(line.ppm)
  track.runawaySpanMs = line === null ? 0 : line.spanMs
}

/** Null: too few looks for that yet. */
function lineThrough(looks: Track['looks'], stride: number): Drift | null {
  if (looks.length < lineLooks * stride) return null
  const chosen = looks.slice(-lineLooks * stride).filter((_, i) => (i + 1) % stride === 0)
  return driftOf(chosen.map(([at = 0, lo = 0]): DriftPoint => [at, lo]))
}

/** A slope of a few per cent at most, by seconds, and so straight that only the stamp's step is left: queues grow faster or by leaps. */
export function isRunaway({ ppm, ppmDeviation, spanMs }: Drift, pointCount: number, { resolutionMs }: Track): boolean {
  const changeMs = Math.abs(ppm) * 1e-6 * spanMs
  const spreadMs = (ppmDeviation * 1e-6 * spanMs) / Math.sqrt(12 / pointCount)
  if (Math.abs(ppm) > runawayPpmMax || spanMs < runawaySpanMs || changeMs < runawayMsMin + resolutionMs) return false
  return spreadMs <= runawaySpreadMax * changeMs + 0.4 * resolutionMs
}

function challenge(track: Track, seen: Observation, isJump: boolean): void {
  // A stamp ahead of a one-sided estimate disproves only the delay prior of few earlier messages: those were late.
  if (!track.isHard && track.count < changeCount && seen.lo > bounds(track).hi) {
    believe(track, { lo: seen.lo, hi: seen.hi, count: 1, fromAt: seen.at }, [seen.exchangeId])
    return
  }
  // One-sided evidence that wanders is a queue: it has to agree exactly.
  if (track.challenger === null || !touches(track.challenger, seen, track.isHard ? 1_000 : 0)) {
    track.challenger = { lo: seen.lo, hi: seen.hi, count: 0, fromAt: seen.at }
    track.challengerIds = []
    track.hasChallengerJumped = isJump
  }
  narrow(track.challenger, seen)
  keepLast(track.challengerIds, seen.exchangeId, shownExchanges)
  noteRival(track, seen)
  if (holds(track, track.challenger, seen.at)) {
    const { offsetMs } = estimate(track)
    const wasEstablished = track.count >= changeCount
    const changedAt = track.challenger.fromAt
    const hasJumped = track.hasChallengerJumped
    believe(track, track.challenger, track.challengerIds)
    track.hasJumped = hasJumped
    track.changedAt = wasEstablished ? changedAt : null
    track.offsetBefore = wasEstablished ? rounded(offsetMs) : 0
  }
}

/** What comes once stands for a while, so that what wanders doesn't take its place. */
function noteRival(track: Track, seen: Observation): void {
  const { rival } = track
  if (rival === null || (rival.count <= 1 && !touches(rival, seen, 0))) {
    track.rival = { lo: seen.lo, hi: seen.hi, count: 1, fromAt: seen.at }
    track.rivalIds = [seen.exchangeId]
    track.rivalType = seen.type
    track.rivalOfTypeRight = 0
    track.sinceRival = 0
    return
  }
  if (!touches(rival, seen, 0)) return
  narrow(rival, seen)
  if (seen.type !== track.rivalType) track.rivalType = ''
  keepLast(track.rivalIds, seen.exchangeId, shownExchanges)
  track.sinceRival = 0
}

function holds(track: Track, challenger: Span, at: Instant): boolean {
  if (challenger.count < changeCount) return false
  if (track.isHard || challenger.hi >= bounds(track).lo) return true
  // Lateness: a queue can do that too, but no queue keeps to whole quarters of an hour.
  const { offsetMs, errorMs } = estimate(track, challenger)
  if (zoneFit(offsetMs / 1000, errorMs / 1000).isZone) {
    return isSteady(track, challenger, at) && (track.resolutionMs < 1000 || challenger.count >= queueCount)
  }
  // From one message to the next, back past what was sent before, and still there: that is the clock.
  if (track.hasChallengerJumped && at - challenger.fromAt >= steadySpanMs) return isSteady(track, challenger, at)
  return challenger.count >= queueCount && at - challenger.fromAt >= queueSpanMs
}

/**
 * Whether one-sided lateness keeps still, as a clock does. A queue that drains passes every offset on its way, a few messages at
 * each: it wanders by more than a second, or doesn't stay for two minutes.
 */
export function isSteady(track: Track, span: Span, at: Instant): boolean {
  if (track.isHard || span.lo > 0) return true
  const spread = delayPriorMs + track.resolutionMs - (span.hi - span.lo)
  return spread <= 1_000 + track.resolutionMs || (span.count >= queueCount && at - span.fromAt >= steadySpanMs)
}

function believe(track: Track, span: Span, ids: readonly string[]): void {
  track.count = span.count
  track.sinceAt = span.fromAt
  track.current = span
  track.previous = null
  track.challenger = null
  track.ids = [...ids]
  track.changedAt = null
  track.hasJumped = false
  track.rival = null
  track.points = []
  track.driftPpm = null
}
