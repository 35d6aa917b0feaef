import { type Exchange, waitedMs } from '../gateway/model/exchange.ts'
import { isQuestion } from '../gateway/model/question.ts'
import type { Instant, Millis } from '../gateway/model/time.ts'
import { keepLast } from './shared/rate.ts'
import { asOfOneSize, largeBytesMin, learnSize, sizesPart } from './shared/sizes.ts'
import { amount, flag, type Held, heldAt, keyed, list, record, word } from './shared/state.ts'
import { rounded, say, shownExchanges, voicePart } from './shared/voice.ts'
import { watchInterfaces } from './shared/watch.ts'
import { isCalm, isLearned, levelPart, noteLevel, riseOf, usualOf } from './statistics/level.ts'
import { quantile } from './statistics/quantile.ts'

const passedPart = record({ at: amount(), ms: amount() })

const typePart = record({
  level: levelPart,
  /** What its amounts are multiples of: a millisecond, or for several operations what is usual for them. */
  unitMs: amount(),
  recent: list(passedPart),
  /** The first slower ones since the onset: a step or a ramp. */
  firstMs: list(amount()),
  stuck: amount(),
  exchangeIds: list(word()),
})
type OneType = Held<typeof typePart>

const memoryPart = record({
  sizes: sizesPart,
  types: keyed(typePart),
  /**
   * Over HTTP, where one service has many operations, all that write (`writes`) and all that ask (`reads`), each message against what is usual for its own: known sooner
   * than each operation by itself.
   */
  kinds: keyed(typePart),
  slow: word(),
  isSlow: flag(),
  isTicket: flag(),
  voice: voicePart,
})
type Memory = Held<typeof memoryPart>

const typesMax = 16
const recentMax = 12
/** From so many messages of a type on, its kind takes them in. */
const knownMin = 2
const learnFactor = 1.5
const unitRate = 0.05
const firstMax = 3
/** Of the twelve that make a rise (level.ts): so much is no chance any more. */
const begunSum = 4
/** A type is told when it takes so many times as long as usual, and the others don't take this many times as long. */
const ratioMin = 2
const othersRatioMax = 1.5
const othersMin = 5
const ticketRatio = 3
const ticketDifferenceMs: Millis = 50
const differenceMsMin: Millis = 10

/**
 * Is one kind of message slow, and the others of the same interface are not? `types/slow`: one message type or operation takes much longer than it uses to, or is
 * never answered, while the others go on as ever: what it alone touches is blocked, not the whole receiver. Or all that writes is slow (`writes`), and what asks isn't.
 */
export const slowKind = watchInterfaces<Memory>({
  name: 'types',
  version: 4,
  memory: memoryPart,
  note(memory, { exchange, item, iface, at }) {
    const waited = waitedMs(exchange)
    // What an A-ABORT ended might have been as fast as ever.
    if (waited === null || exchange.type === null || exchange.wire.some(({ kind }) => kind === 'aborted')) return
    // SOAP has one path, and names what is wanted inside.
    const name = (iface.format === 'soap' ? item.requestFacts?.type : null) ?? exchange.type
    const type = heldAt(memory.types, name, typePart, typesMax)
    if (type === null) return
    const bytes = exchange.request?.wireBytes ?? 0
    if (bytes >= largeBytesMin && isCalm(type.level)) learnSize(memory.sizes, bytes, waited)
    const ms = asOfOneSize(memory.sizes, bytes, waited)
    if (ms === null) return
    type.unitMs = 1
    // Too few tell what is usual for it: slow ones must not become that before they are enough.
    const { level } = type
    const usableMs = level.count < knownMin || isLearned(level) ? ms : Math.min(ms, learnFactor * usualOf(level))
    const isKindUp = iface.protocol === 'http' && noteKind(memory, name, type, { exchange, ms, at })
    if (noteIn(type, { exchange, ms, at }, usableMs) || isKindUp) judgeTypes(memory)
  },
  judge(memory, at, out) {
    if (!memory.isSlow && !memory.voice.bad) return
    const type = namedIn(memory, memory.slow)
    if (memory.isSlow && type !== undefined && !type.level.isRisen) end(memory)
    const saying = { monitor: 'types', signal: 'slow', subject: { kind: 'interface', id: at.iface.id }, now: at.now } as const
    say(out, memory.voice, saying, memory.isSlow ? (memory.isTicket ? 'ticket' : 'warn') : null, () => ({
      onsetAt: type?.level.onsetAt ?? at.now,
      score: rounded(Math.max(1, (type === undefined ? 1 : riseOf(type.level)) / ratioMin)),
      facts: factsOf(memory, type),
      exchangeIds: type?.exchangeIds ?? [],
    }))
  },
})

interface Passed {
  readonly exchange: Exchange
  readonly ms: Millis
  readonly at: Instant
}

/** Takes one into the level of its kind, once it is known a little what is usual for its type. */
function noteKind({ kinds }: Memory, name: string, { level }: OneType, passed: Passed): boolean {
  const kind = level.count < knownMin ? null : heldAt(kinds, isQuestion(name) ? 'reads' : 'writes', typePart, 2)
  if (kind === null) return false
  const usualMs = usualOf(level)
  kind.unitMs = kind.unitMs === 0 ? usualMs : kind.unitMs + unitRate * (usualMs - kind.unitMs)
  return noteIn(kind, { ...passed, ms: passed.ms / usualMs })
}

/** Takes one into its level, as `usableMs` where only that may be learned of it; whether it rises. */
function noteIn(type: OneType, { exchange, ms, at }: Passed, usableMs: Millis = ms): boolean {
  const wasSum = type.level.sum
  noteLevel(type.level, usableMs, at)
  keepLast(type.recent, { at, ms }, recentMax)
  if (type.level.sum === 0 && !type.level.isRisen) {
    if (wasSum === 0) return false
    type.firstMs = []
    type.exchangeIds = []
    type.stuck = 0
    return false
  }
  // The rise may seem to have begun earlier, by one that was slow by chance: what is as fast as ever shows nothing of its shape, and begins it anew.
  if (ms <= learnFactor * usualOf(type.level)) type.firstMs = type.level.sum < begunSum ? [] : type.firstMs
  else if (type.firstMs.length < firstMax) type.firstMs.push(ms)
  if (exchange.outcome === 'unanswered') type.stuck += 1
  keepLast(type.exchangeIds, exchange.id, shownExchanges)
  return true
}

function namedIn({ types, kinds }: Memory, name: string): OneType | undefined {
  return kinds.get(name) ?? types.get(name)
}

/** Which one is slow by itself; the slowest of several types, or else all that writes. All of them slow is another question. */
function judgeTypes(memory: Memory): void {
  let slowest = 0
  let name = ''
  for (const [one, { level }] of memory.types) {
    const rise = level.isRisen ? riseOf(level) : 0
    if (rise > slowest) [slowest, name] = [rise, one]
  }
  if (!judgeOne(memory, name)) judgeOne(memory, 'writes')
}

/** Whether that one is slow by itself. */
function judgeOne(memory: Memory, name: string): boolean {
  const type = namedIn(memory, name)
  if (type === undefined) return false
  const rise = type.level.isRisen ? riseOf(type.level) : 0
  const differenceMs = usualOf(type.level) * type.unitMs * (rise - 1)
  const isSame = memory.isSlow && memory.slow === name
  const { ratio, seen } = othersOf(memory, name)
  // That nothing else came for a while says nothing of it.
  const isAlone = seen < othersMin ? isSame : ratio < othersRatioMax && ratio < rise / 2
  if (!isAlone || rise < ratioMin || differenceMs < differenceMsMin) {
    if (isSame) end(memory)
    return false
  }
  memory.isSlow = true
  memory.slow = name
  if (rise >= ticketRatio && differenceMs >= ticketDifferenceMs) memory.isTicket = true
  return true
}

function end(memory: Memory): void {
  memory.isSlow = false
  memory.isTicket = false
}

/** How the other types of the interface have done since that one is slow, against what is usual for each: the middle of them, and how many messages tell it. */
function othersOf(memory: Memory, name: string): { readonly ratio: number; readonly seen: number } {
  const ratios: number[] = []
  const others: number[] = []
  const type = namedIn(memory, name)
  const fromAt = slowFromAt(type)
  // Nor does what they did since its last message.
  const toAt = type?.recent.at(-1)?.at ?? 0
  const method = methodOf(name)
  for (const [other, { level, recent }] of name === 'writes' ? memory.kinds : memory.types) {
    if (other === name || !isLearned(level)) continue
    const toldBy = methodOf(other) === method ? ratios : others
    for (const { at, ms } of recent) if (at >= fromAt && at <= toAt) toldBy.push(ms / usualOf(level))
  }
  // What blocks one write may block others beside it: reads tell whether it is all that is slow.
  const telling = others.length >= othersMin ? others : [...ratios, ...others]
  return { ratio: telling.length === 0 ? 1 : quantile(telling, 0.5), seen: telling.length }
}

/** `POST` of `POST /record`; null for types of other protocols, which don't say whether they write. */
function methodOf(type: string): string | null {
  return /^[A-Z]+(?= \/)/.exec(type)?.[0] ?? null
}

/**
 * When the last messages of the type began to be slow one after the other. The onset of its rise may be earlier, by a message that was slow by chance: what the
 * others did between proves nothing.
 */
function slowFromAt(type: OneType | undefined): Instant {
  if (type === undefined) return Number.POSITIVE_INFINITY
  const slowMs = usualOf(type.level) * Math.sqrt(Math.max(riseOf(type.level), 1))
  const lastFast = type.recent.findLastIndex(({ ms }) => ms < slowMs)
  return type.recent[lastFast + 1]?.at ?? Number.POSITIVE_INFINITY
}

function factsOf(memory: Memory, type: OneType | undefined) {
  if (type === undefined) return {}
  const { ratio, seen } = othersOf(memory, memory.slow)
  const rise = riseOf(type.level)
  const first = type.firstMs.reduce((sum, ms) => sum + Math.log(Math.max(ms, 0.001)), 0) / Math.max(type.firstMs.length, 1)
  const risenLn = Math.log(Math.max(rise, 1.001))
  return {
    type: memory.slow,
    ratio: rounded(rise),
    usualMs: rounded(usualOf(type.level) * type.unitMs),
    ms: rounded(usualOf(type.level) * type.unitMs * rise),
    messages: type.level.since,
    unanswered: type.stuck,
    othersRatio: rounded(ratio),
    othersSeen: seen,
    /** How much of the rise the first messages had already: near 1 a step, near 0 a ramp. */
    stepShare: rounded(Math.min(1, Math.max(0, (first - Math.log(usualOf(type.level))) / risenLn))),
  }
}
