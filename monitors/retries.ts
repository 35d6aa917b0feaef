import type { Seen } from '../gateway/model/reading.ts'
import type { Instant } from '../gateway/model/time.ts'
import { hashOf, hit, keepLast, miss, type RateRule, ratePart, shareOf } from './shared/rate.ts'
import { isStoredAgain, repeatOf, repeatsPart, requestMark, storedPart } from './shared/repeats.ts'
import { amount, flag, type Held, list, record, word } from './shared/state.ts'
import { rounded, say, shownExchanges, voicePart } from './shared/voice.ts'
import { type InterfaceNow, watchInterfaces } from './shared/watch.ts'

const memoryPart = record({
  repeats: repeatsPart,
  stored: storedPart,
  copies: ratePart,
  copiesVoice: voicePart,
  reuse: ratePart,
  reuseVoice: voicePart,
  /** Of the last messages that failed: the hash, when the newest attempt ended, and 1 where it was refused. */
  failed: list(list(amount())),
  /** The minute that is being counted, and what came in it; of the repeated, those that were sent again without a pause. */
  minute: amount(),
  total: amount(),
  repeated: amount(),
  /** Of the repeated, messages that were so for the first time. */
  copied: amount(),
  /** When the first of the repeated came. */
  repeatedAt: amount(),
  /** The same of the minute before. */
  totalBefore: amount(),
  repeatedBefore: amount(),
  copiedBefore: amount(),
  repeatedAtBefore: amount(),
  stormMinutes: amount(),
  stormSinceAt: amount(),
  calmMinutes: amount(),
  factor: amount(),
  isStorm: flag(),
  stormIds: list(word()),
  stormVoice: voicePart,
})
type Memory = Held<typeof memoryPart>

const minuteMs = 60_000
/** A sender that waits so long before it tries again gives the receiver room: interface engines wait ten seconds by default. */
const pauseMs = 5000
const failedMax = 32
const noneBefore = { wasRefused: false, hasPaused: false } as const
/** Attempts per distinct message, above which a minute counts (domain.md 3.3), and how many such minutes in a row are a storm. */
const stormFactor = 2
const stormMinutesMin = 3
/** A minute of fewer attempts shows nothing. */
const stormTotalMin = 6
/** Nobody waits for the third minute while several messages go out again and again: so many copies within two minutes, of so many messages, so many of each. */
const burstCopiesMin = 10
const burstMessagesMin = 2
const burstCopiesEach = 3
const copiesRule: RateRule = { usualShare: 0.01, badShare: 0.1, threshold: 9, distinctMin: 3 }
const reuseRule: RateRule = { usualShare: 0.0005, badShare: 0.05, threshold: 9, distinctMin: 3 }

/**
 * Are messages sent again? `retries/duplicate`: the same message, same content, more than once. `retries/storm`: more than two attempts
 * for each distinct message, three minutes in a row, or at once where several messages go out four times and more; without a pause between, for what waits is no storm. `retries/id-reuse`: the same control id with another content, as after a
 * counter was reset.
 */
export const retries = watchInterfaces<Memory>({
  name: 'retries',
  version: 6,
  memory: memoryPart,
  note(memory, seen, at) {
    turnMinute(memory, at.now)
    const attempt = attemptOf(memory, seen)
    if (attempt === null) return
    const what = { id: attempt.id, at: seen.at, exchangeId: seen.exchange.id }
    const before = attemptBefore(memory, attempt, seen)
    // What was refused has to come again, and was taken no more than once.
    if (attempt.copy > 0 && !before.wasRefused) hit(memory.copies, copiesRule, what)
    else miss(memory.copies, copiesRule)
    if (attempt.isReuse) hit(memory.reuse, reuseRule, what)
    else miss(memory.reuse, reuseRule)
    // What its sender tries again in its own time is no new attempt on the receiver.
    if (attempt.copy === 0 || !before.hasPaused) noteAttempt(memory, seen, attempt.copy)
  },
  beat(memory, _health, at) {
    turnMinute(memory, at.now)
  },
  judge(memory, at, out) {
    if (isQuiet(memory)) return
    const context = { monitor: 'retries', subject: { kind: 'interface', id: at.iface.id }, now: at.now } as const
    say(out, memory.stormVoice, { ...context, signal: 'storm' }, memory.isStorm ? 'ticket' : null, () => ({
      onsetAt: memory.stormSinceAt,
      score: rounded(memory.factor / stormFactor),
      facts: { attemptsPerMessage: rounded(memory.factor), minutes: memory.stormMinutes },
      exchangeIds: memory.stormIds,
    }))
    sayRate(memory, 'duplicate', at, out)
    sayRate(memory, 'id-reuse', at, out)
  },
})

interface Attempt {
  /** Of the message, or its mark. */
  readonly id: string | number
  /** The how manieth of its message; 0 is the message itself. */
  readonly copy: number
  readonly isReuse: boolean
}

/** By the control id, which pairing knows, or else by what the request says of itself. Null: nobody can say whether it is the same message. */
function attemptOf({ repeats, stored }: Memory, seen: Seen): Attempt | null {
  const { exchange, id } = seen
  if (exchange.type === 'C-STORE')
    return exchange.outcome !== 'answered'
      ? null
      : { id: exchange.id, copy: isStoredAgain(stored, seen) ? 1 : 0, isReuse: false }
  // A record's number is its place in the topic: what is published twice has two.
  if (exchange.controlId !== null && exchange.outcome !== 'one-way') {
    const duplicate = exchange.wire.find((fact) => fact.kind === 'duplicate')
    return { id, copy: duplicate?.sameBody === true ? duplicate.copy : 0, isReuse: duplicate?.sameBody === false }
  }
  const mark = requestMark(seen)
  return mark === null ? null : { id: mark, copy: repeatOf(repeats, mark), isReuse: false }
}

/** Whether the attempt before was refused, and whether its sender waited since that had failed. */
function attemptBefore(
  memory: Memory,
  { id, copy }: Attempt,
  { exchange, at, now }: Seen,
): { wasRefused: boolean; hasPaused: boolean } {
  const { outcome } = exchange
  if (copy === 0 && outcome === 'answered') return noneBefore
  const hash = typeof id === 'number' ? id : hashOf(id)
  const [, failedAt = at, refused = 0] = memory.failed.find(([one]) => one === hash) ?? []
  memory.failed = memory.failed.filter(([one]) => one !== hash)
  if (outcome !== 'answered') keepLast(memory.failed, [hash, now, outcome === 'failed' ? 1 : 0], failedMax)
  return { wasRefused: refused === 1, hasPaused: at - failedAt >= pauseMs }
}

/** Nothing is bad, and nothing was said that would have to be taken back. */
function isQuiet({ isStorm, stormVoice, copies, copiesVoice, reuse, reuseVoice }: Memory): boolean {
  return !isStorm && !stormVoice.bad && !copies.bad && !copiesVoice.bad && !reuse.bad && !reuseVoice.bad
}

function sayRate(memory: Memory, signal: 'duplicate' | 'id-reuse', at: InterfaceNow, out: Parameters<typeof say>[0]): void {
  const [rate, voice, rule] =
    signal === 'duplicate'
      ? ([memory.copies, memory.copiesVoice, copiesRule] as const)
      : ([memory.reuse, memory.reuseVoice, reuseRule] as const)
  const saying = { monitor: 'retries', signal, subject: { kind: 'interface', id: at.iface.id }, now: at.now } as const
  say(out, voice, saying, rate.bad ? 'ticket' : null, () => ({
    onsetAt: rate.onsetAt,
    score: rounded(Math.max(rate.sum / rule.threshold, 1)),
    facts: { count: rate.hits, seen: rate.seen, share: rounded(shareOf(rate)) },
    exchangeIds: rate.exchangeIds,
  }))
}

function noteAttempt(memory: Memory, { exchange, at }: Seen, copy: number): void {
  memory.total += 1
  if (copy === 0) return
  if (memory.repeated === 0) memory.repeatedAt = at
  memory.repeated += 1
  if (copy === 1) memory.copied += 1
  keepLast(memory.stormIds, exchange.id, shownExchanges)
  if (!memory.isStorm) noteBurst(memory)
}

function noteBurst(memory: Memory): void {
  const copies = memory.repeated + memory.repeatedBefore
  const messages = memory.copied + memory.copiedBefore
  const factor = factorOf(memory.total + memory.totalBefore, copies)
  if (copies < burstCopiesMin || messages < burstMessagesMin || copies < burstCopiesEach * messages || factor <= stormFactor)
    return
  memory.isStorm = true
  memory.factor = factor
  // What came again in the minute before may be of every day, where this one is enough by itself.
  const isOfThisMinute = memory.repeatedBefore === 0 || memory.repeated >= burstCopiesMin
  memory.stormSinceAt = isOfThisMinute ? memory.repeatedAt : memory.repeatedAtBefore
}

/** Attempts for each distinct message. */
function factorOf(total: number, repeated: number): number {
  return total / Math.max(total - repeated, 1)
}

/** Looks at each minute when it is over. A storm is over after three minutes that aren't one, or that nothing came in. */
function turnMinute(memory: Memory, now: Instant): void {
  const minute = Math.floor(now / minuteMs)
  if (minute <= memory.minute) return
  const emptyMinutes = memory.minute === 0 ? 0 : minute - memory.minute - 1
  const factor = factorOf(memory.total, memory.repeated)
  if (memory.total >= stormTotalMin && factor > stormFactor) {
    if (memory.stormMinutes === 0) memory.stormSinceAt = memory.minute * minuteMs
    memory.stormMinutes += 1
    memory.calmMinutes = 0
    memory.factor = factor
  } else memory.calmMinutes += 1
  if (memory.stormMinutes >= stormMinutesMin) memory.isStorm = true
  memory.calmMinutes += emptyMinutes
  if (memory.calmMinutes >= (memory.isStorm ? stormMinutesMin : 1)) {
    memory.isStorm = false
    memory.stormMinutes = 0
  }
  memory.minute = minute
  const isNext = emptyMinutes === 0
  memory.totalBefore = isNext ? memory.total : 0
  memory.repeatedBefore = isNext ? memory.repeated : 0
  memory.copiedBefore = isNext ? memory.copied : 0
  memory.repeatedAtBefore = memory.repeatedAt
  memory.total = 0
  memory.repeated = 0
  memory.copied = 0
}
