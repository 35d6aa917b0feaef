import { decidingAnswer } from '../gateway/model/exchange.ts'
import type { Reading, Seen } from '../gateway/model/reading.ts'
import type { Instant, Millis } from '../gateway/model/time.ts'
import { type InFlight, inFlight, intervalsPart, meanInFlight, took } from './in-flight/intervals.ts'
import { keepLast } from './shared/rate.ts'
import { amount, flag, type Held, list, record, word } from './shared/state.ts'
import { rounded, say, shownExchanges, type Telling, voicePart } from './shared/voice.ts'
import { type InterfaceNow, watchInterfaces } from './shared/watch.ts'
import { quantileOfSorted } from './statistics/quantile.ts'

const memoryPart = record({
  intervals: intervalsPart,
  window: amount(),
  /** What is usual: looks that found nothing odd, the median time, and the highest number in flight, which fades. */
  looks: amount(),
  usualMs: amount(),
  usualPeak: amount(),
  oddLooks: amount(),
  calmLooks: amount(),
  /** Since when answers take longer than usual, odd or not: what may be the beginning of a plateau is not learned from. 0: they don't. */
  slowSinceAt: amount(),
  isBad: flag(),
  onsetAt: amount(),
  peak: amount(),
  atPeakShare: amount(),
  perS: amount(),
  meanMs: amount(),
  fastShare: amount(),
  slowShare: amount(),
  slowMs: amount(),
  slowSpread: amount(),
  exchangeIds: list(word()),
  voice: voicePart,
})
type Memory = Held<typeof memoryPart>

const windowMs: Millis = 10_000
/** Long enough for every place to have been taken several times. */
const spanMsMin: Millis = 1_000
const turnsMin = 3
const calmEvery = 6
const begunMin = 40
const looksMin = 10
/** A pool of fewer is one connection after the other. */
const peakMin = 4
/** By chance the number in flight is at its highest a few per cent of the time; at a limit it stays there. */
const atPeakMin = 0.5
const nearPeakMin = 0.85
const peakFactor = 2
const slowFactor = 2.5
const looksToTell = 2
const learnRate = 0.1
const fade = 0.98
/** What stayed so for a week is what is usual now. */
const adoptAfterMs: Millis = 7 * 24 * 3_600_000

/**
 * Does the number of exchanges in flight stand at a limit? `in-flight/plateau`: it stays at one number most of the time, far above what is usual, while
 * answers take much longer: whoever comes waits until one of so many places is free. By Little's law a receiver that is merely slow has more in
 * flight, in no fixed number.
 */
export const flight = watchInterfaces<Memory>({
  name: 'in-flight',
  version: 1,
  memory: memoryPart,
  note(memory, seen, at) {
    noteInterval(memory, seen)
    look(memory, at.now)
  },
  beat(memory, _health, at) {
    look(memory, at.now)
  },
  judge(memory, at, out) {
    if (!memory.isBad && !memory.voice.bad) return
    sayPlateau(memory, at, out)
  },
})

/** From the request's first byte until it was answered, or given up. */
function noteInterval(memory: Memory, { exchange, item }: Seen): void {
  const { request } = exchange
  if (request === null || exchange.outcome === 'one-way') return
  const endAt = decidingAnswer(exchange)?.endAt ?? item.entry.at
  took(memory.intervals, request.startAt, endAt)
  if (memory.isBad || memory.oddLooks > 0) keepLast(memory.exchangeIds, exchange.id, shownExchanges)
}

/** Once in ten seconds; what is remembered decides, not how often it is looked at. */
function look(memory: Memory, now: Instant): void {
  const window = Math.floor(now / windowMs)
  if (window === memory.window) return
  memory.window = window
  // With fewer than half a pool's places taken on average nothing stands at a limit: what is usual is looked at now and then.
  const isEmpty = meanInFlight(memory.intervals) < peakMin * atPeakMin
  if (isEmpty && !memory.isBad && memory.looks >= looksMin && window % calmEvery !== 0) return
  const seen = inFlight(memory.intervals, now, begunMin)
  if (seen === null || seen.spanMs < Math.max(spanMsMin, turnsMin * seen.tookMeanMs)) return
  if (isOdd(memory, seen)) noteOdd(memory, seen, now)
  else noteCalm(memory, seen, now)
}

function isOdd(memory: Memory, seen: InFlight): boolean {
  if (memory.looks < looksMin || seen.peak < peakMin || seen.peak < peakFactor * memory.usualPeak) return false
  const isPinned = seen.atPeakShare >= atPeakMin || seen.nearPeakShare >= nearPeakMin
  return isPinned && seen.tookMeanMs >= slowFactor * memory.usualMs
}

function noteOdd(memory: Memory, seen: InFlight, now: Instant): void {
  if (memory.oddLooks === 0 && !memory.isBad) {
    memory.onsetAt = now - seen.spanMs - (seen.tookMs.at(-1) ?? 0)
    memory.exchangeIds = []
  }
  memory.oddLooks += 1
  memory.calmLooks = 0
  const slowFrom = Math.max(5 * memory.usualMs, memory.usualMs + 200)
  const slow = seen.tookMs.filter((ms) => ms >= slowFrom)
  const fast = seen.tookMs.filter((ms) => ms <= 2 * memory.usualMs + 20)
  memory.peak = seen.peak
  memory.atPeakShare = seen.atPeakShare
  memory.perS = (seen.tookMs.length / seen.spanMs) * 1000
  memory.meanMs = seen.tookMeanMs
  memory.fastShare = fast.length / seen.tookMs.length
  memory.slowShare = slow.length / seen.tookMs.length
  memory.slowMs = quantileOfSorted(slow, 0.5)
  const quartilesMs = quantileOfSorted(slow, 0.75) - quantileOfSorted(slow, 0.25)
  memory.slowSpread = slow.length === 0 ? 1 : quartilesMs / Math.max(memory.slowMs, 1)
  if (memory.oddLooks >= looksToTell) memory.isBad = true
}

function noteCalm(memory: Memory, seen: InFlight, now: Instant): void {
  memory.oddLooks = 0
  memory.calmLooks += 1
  if (memory.isBad) {
    const isOver = seen.peak < memory.peak && seen.tookMeanMs < slowFactor * memory.usualMs
    if (memory.calmLooks < looksToTell || !isOver) return
    memory.isBad = false
  }
  const isSlow = memory.looks >= looksMin && seen.tookMeanMs >= slowFactor * memory.usualMs
  if (!isSlow) memory.slowSinceAt = 0
  else if (memory.slowSinceAt === 0) memory.slowSinceAt = now
  if (isSlow && now - memory.slowSinceAt < adoptAfterMs) return
  const median = quantileOfSorted(seen.tookMs, 0.5)
  memory.usualMs = memory.looks === 0 ? median : memory.usualMs + learnRate * (median - memory.usualMs)
  memory.usualPeak = Math.max(seen.peak, memory.usualPeak * fade)
  memory.looks += 1
}

function sayPlateau(memory: Memory, { iface, now }: InterfaceNow, out: Reading[]): void {
  const saying = { monitor: 'in-flight', signal: 'plateau', subject: { kind: 'interface', id: iface.id }, now } as const
  say(out, memory.voice, saying, memory.isBad ? 'ticket' : null, () => telling(memory))
}

function telling(memory: Memory): Telling {
  return {
    onsetAt: memory.onsetAt,
    score: rounded(Math.max(memory.peak / Math.max(peakFactor * memory.usualPeak, 1), 1)),
    facts: {
      inFlight: memory.peak,
      usualPeak: Math.round(memory.usualPeak),
      atLimitShare: rounded(memory.atPeakShare),
      perS: rounded(memory.perS),
      meanMs: rounded(memory.meanMs),
      usualMs: rounded(memory.usualMs),
      /** Of the exchanges: as fast as ever, and much slower; how long these took, and how far their quartiles lie apart (of their median). */
      fastShare: rounded(memory.fastShare),
      slowShare: rounded(memory.slowShare),
      slowMs: rounded(memory.slowMs),
      slowSpread: rounded(memory.slowSpread),
    },
    exchangeIds: memory.exchangeIds,
  }
}
