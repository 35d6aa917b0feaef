import type { Stamp } from '../gateway/model/document.ts'
import type { Exchange } from '../gateway/model/exchange.ts'
import type { Seen } from '../gateway/model/reading.ts'
import type { Instant } from '../gateway/model/time.ts'
import { keep, lastOf } from './shared/last.ts'
import { hit, isBeginning, keepLast, miss, type RateRule, ratePart } from './shared/rate.ts'
import { messageOf } from './shared/repeats.ts'
import { amount, flag, type Held, list, record } from './shared/state.ts'
import { rounded, say, voicePart } from './shared/voice.ts'
import { watchInterfaces } from './shared/watch.ts'
import { quantileOfSorted } from './statistics/quantile.ts'

const stallsMax = 64

const memoryPart = record({
  /** Seconds from stamp to passing, of the last messages that didn't wait; and what of it is usual, learned now and then. */
  usual: list(amount()),
  sinceLearned: amount(),
  /** When the last of them was taken. */
  learnedAt: amount(),
  medianS: amount(),
  lateS: amount(),
  isKnown: flag(),
  lastStampAt: amount(),
  lastAt: amount(),
  rate: ratePart,
  /** Of the last messages that waited: when, and how long. */
  waits: list(list(amount())),
  /** Of the last messages: 1 where the receiver or the wire held it up. */
  stalls: lastOf(stallsMax),
  /** Since when nothing was answered, and from when on something was again; 0: what passes was sent in time again. */
  outageAt: amount(),
  outageEndAt: amount(),
  voice: voicePart,
})
type Memory = Held<typeof memoryPart>

/** One message in fifty waits on a good day; while a queue stands, every second one at least. */
const rule: RateRule = { usualShare: 0.02, badShare: 0.5, threshold: 12, distinctMin: 6 }
const usualMax = 64
const usualMin = 30
const learnEvery = 16
/** What grows by a second every few is no new habit: of what is usual one a minute is taken, and nothing that is on its way to a wait. */
const learnGapMs = 60_000
const learnS = 5
const learnFactor = 1.5
const waitS = 15
/** Older than this is history that is sent again. */
const waitSMax = 6 * 3600
/** No zone is so far off: what was made so long before it passes, or after it, is stored, and what its stamps say is nobody's wait. */
const storedS = 36 * 3600
/** So many times further from the usual than the slowest in twenty. */
const spreadFactor = 6
const waitsMax = 24
const waitsMin = 6
/** A clock that steps makes one wait of all, and one that drifts changes by less than this a second: a queue's waits move. */
const moveMin = 0.05
const moveSMin = 5
const stallsMin = 3
const stallMs = 1000
/** What an outage left waiting drains by at least a second in so many, or something else holds it up. */
const drainSecondsMax = 6
const resolutionMsMax = 60_000

/**
 * Do messages wait before they are sent? `waiting/queue`: they pass ever later after they were made, or in bursts, by more than is usual for that sender, and
 * neither the receiver nor the wire holds them up, nor an outage of theirs that is just over. What keeps still is a clock and none of this monitor's business.
 */
export const waiting = watchInterfaces<Memory>({
  name: 'waiting',
  version: 3,
  memory: memoryPart,
  note(memory, seen) {
    const { exchange, item, at } = seen
    noteOutage(memory, exchange, at)
    keep(memory.stalls, isStalled(exchange, at - memory.lastAt) ? 1 : 0)
    memory.lastAt = at
    const stamp = stampOf(item.requestFacts?.stamps ?? [])
    if (stamp === undefined || stamp.at === null || stamp.resolutionMs > resolutionMsMax || exchange.request === null) return
    if (exchange.wire.some(({ kind }) => kind === 'duplicate')) return
    // Stamps that never change belong to stored messages.
    if (stamp.at === memory.lastStampAt && stamp.resolutionMs < 1000) return
    memory.lastStampAt = stamp.at
    noteDelay(memory, (exchange.request.startAt - stamp.at) / 1000, seen)
  },
  judge(memory, at, out) {
    const isQueue = memory.rate.bad && isMoving(memory.waits) && !isHeldUp(memory.stalls.items)
    // Once told it stays until it drains: a queue that stands is still one.
    const isBad = isQueue || (memory.voice.bad && memory.rate.bad)
    if (!isBad && !memory.voice.bad) return
    const saying = {
      monitor: 'waiting',
      signal: 'queue',
      subject: { kind: 'interface', id: at.iface.id },
      now: at.now,
    } as const
    say(out, memory.voice, saying, isBad ? 'ticket' : null, () => ({
      onsetAt: memory.rate.onsetAt,
      score: rounded(Math.max(1, memory.rate.sum / rule.threshold)),
      facts: {
        waitS: rounded((memory.waits.at(-1)?.[1] ?? 0) - memory.medianS),
        waitSMax: rounded(Math.max(...memory.waits.map(([, waitedS = 0]) => waitedS)) - memory.medianS),
        usualS: rounded(memory.medianS),
        waited: memory.rate.hits,
        seen: memory.rate.seen,
      },
      exchangeIds: memory.rate.exchangeIds,
    }))
  },
})

/**
 * When it was made, as its body says; else when that happened of which it tells. A record that waited in an outbox was stamped for its topic when it left
 * that.
 */
function stampOf(stamps: readonly Stamp[]): Stamp | undefined {
  const isOfBody = ({ path }: Stamp) => !path.startsWith('@')
  return stamps.find((stamp) => stamp.kind === 'message' && isOfBody(stamp)) ?? stamps.find(isOfBody) ?? stamps[0]
}

function noteDelay(memory: Memory, delayS: number, seen: Seen): void {
  const { exchange, at } = seen
  const overS = delayS - memory.medianS
  if (Math.abs(delayS) > storedS) return
  if (memory.isKnown && overS > waitSMax) return
  const spreadS = memory.lateS - memory.medianS
  // What is usually older than any queue, as a recording of last year, has stamps that tell nothing of when it was sent.
  const isWaiting = memory.isKnown && memory.medianS <= waitSMax && overS > Math.max(waitS, spreadFactor * spreadS)
  if (isWaiting && isAftermath(memory, overS, at)) return
  if (isWaiting) {
    if (isBeginning(memory.rate, rule)) memory.waits = []
    // What is sent again has the stamp of the first time.
    if (hit(memory.rate, rule, { id: messageOf(seen), at, exchangeId: exchange.id }))
      keepLast(memory.waits, [at, rounded(delayS)], waitsMax)
    return
  }
  if (exchange.outcome !== 'unanswered') memory.outageAt = 0
  miss(memory.rate, rule)
  if (memory.isKnown && (at - memory.learnedAt < learnGapMs || overS > Math.max(learnS, learnFactor * spreadS))) return
  memory.learnedAt = at
  keepLast(memory.usual, rounded(delayS), usualMax)
  memory.sinceLearned += 1
  if (memory.usual.length < usualMin || (memory.isKnown && memory.sinceLearned < learnEvery)) return
  const ascending = memory.usual.toSorted((a, b) => a - b)
  memory.medianS = quantileOfSorted(ascending, 0.5)
  memory.lateS = quantileOfSorted(ascending, 0.95)
  memory.isKnown = true
  memory.sinceLearned = 0
}

function noteOutage(memory: Memory, { outcome }: Exchange, at: Instant): void {
  if (outcome === 'unanswered') {
    // It may have begun at any moment since the last one that passed.
    if (memory.outageAt === 0) memory.outageAt = memory.lastAt === 0 ? at : memory.lastAt
    memory.outageEndAt = 0
  } else if (memory.outageAt > 0 && memory.outageEndAt === 0) memory.outageEndAt = at
}

/** A queue that an outage left waits no longer than the outage lasted, and drains. */
function isAftermath({ outageAt, outageEndAt }: Memory, overS: number, at: Instant): boolean {
  if (outageAt === 0) return false
  const lengthMs = Math.max(outageEndAt, outageAt) - outageAt
  return overS * 1000 <= lengthMs + waitS * 1000 - (at - outageEndAt) / drainSecondsMax
}

/** The waits differ by seconds, and by more than a clock could have moved meanwhile. */
function isMoving(waits: readonly (readonly number[])[]): boolean {
  if (waits.length < waitsMin) return false
  const waited = waits.map(([, waitedS = 0]) => waitedS)
  const movedS = Math.max(...waited) - Math.min(...waited)
  const spanS = ((waits.at(-1)?.[0] ?? 0) - (waits[0]?.[0] ?? 0)) / 1000
  return movedS >= moveSMin && movedS >= moveMin * spanS
}

/** No answer, a broken connection, or an answer that took as long as the sender had until its next message. */
function isStalled({ outcome, latencyMs }: Exchange, sinceLastMs: Instant): boolean {
  if (outcome === 'unanswered') return true
  return latencyMs !== null && latencyMs >= stallMs && latencyMs >= sinceLastMs / 2
}

function isHeldUp(stalls: readonly number[]): boolean {
  return stalls.reduce((sum, one) => sum + one, 0) >= stallsMin
}
