import { decidingAnswer, type Exchange } from '../gateway/model/exchange.ts'
import type { Reading } from '../gateway/model/reading.ts'
import type { Millis } from '../gateway/model/time.ts'
import { hit, keepLast, miss, type RateRule, ratePart, shareOf } from './shared/rate.ts'
import { amount, type Held, list, record } from './shared/state.ts'
import { rounded, say, voicePart } from './shared/voice.ts'
import { type InterfaceNow, watchInterfaces } from './shared/watch.ts'
import { sketchPart } from './statistics/baseline.ts'

const memoryPart = record({
  /** What calling takes while it is well, and its median and 95th percentile as they were looked at last. */
  usual: sketchPart,
  usualP50Ms: amount(),
  usualP95Ms: amount(),
  rate: ratePart,
  /** Of the last slow calls: what calling took, what the answering system took, what receiving took. */
  took: list(amount()),
  think: list(amount()),
  receive: list(amount()),
  /** Of these slow ones: how many had their time before the first byte, on a connection that stood. */
  waited: amount(),
  noted: amount(),
  voice: voicePart,
})
type Memory = Held<typeof memoryPart>

const recentMax = 20
const learnedMin = 40
const lookEvery = 128
const denseMax = 1_000
const sketchMax = 8_000
/** Shorter than this nobody notices, and a message may take as long as a slow line needs for it: a megabyte a second. */
const slowMsMin = 500
const bytesPerMs = 1_000
const ticketShare = 0.2
const ticketOfCalls = 0.1
/** Whatever was agreed for the answer, a fifth of this more is felt. */
const feltOfMs: Millis = 10_000
const rule: RateRule = { usualShare: 0.01, badShare: 0.3, threshold: 9, distinctMin: 5 }

/**
 * Does the calling side take its time? `calling/slow`: from the connection's standing (for its first request) or the request's first byte to its last byte many
 * calls take much longer than usual. The answering side has no part in that time. A ticket when one in ten
 * comes in drips, or begins later by a fifth of what the answer was agreed to take, or by two seconds.
 */
export const calling = watchInterfaces<Memory>({
  name: 'calling',
  version: 1,
  memory: memoryPart,
  note(memory, { exchange, id, at }) {
    const split = splitOf(exchange)
    if (split === null) return
    const tookMs = split.leadMs + split.sendMs
    const limitMs = Math.max(slowMsMin + split.bytes / bytesPerMs, 10 * memory.usualP50Ms, 3 * memory.usualP95Ms)
    const isSlow = memory.usual.count >= learnedMin && tookMs > limitMs
    if (!isSlow) {
      learn(memory, tookMs)
      miss(memory.rate, rule)
      return
    }
    if (memory.rate.hits === 0) memory.waited = 0
    keepLast(memory.took, rounded(tookMs), recentMax)
    keepLast(memory.think, rounded(split.thinkMs), recentMax)
    keepLast(memory.receive, rounded(split.receiveMs), recentMax)
    if (hit(memory.rate, rule, { id, at, exchangeId: exchange.id }) && split.leadMs > split.sendMs) memory.waited += 1
  },
  judge(memory, at, out) {
    if (!memory.rate.bad && !memory.voice.bad) return
    sayCalling(memory, at, out)
  },
})

interface Split {
  /** From the connection's standing to the first byte of its first request. */
  readonly leadMs: Millis
  readonly sendMs: Millis
  readonly thinkMs: Millis
  readonly receiveMs: Millis
  readonly bytes: number
}

function splitOf(exchange: Exchange): Split | null {
  const { request, connection } = exchange
  const answer = decidingAnswer(exchange)
  if (request === null || answer === null || exchange.requestFrom !== 'initiator') return null
  const isFirst = connection.exchangesBefore === 0
  const leadMs = isFirst ? request.startAt - connection.openedAt - (connection.connectMs ?? 0) : 0
  return {
    leadMs: Math.max(leadMs, 0),
    sendMs: Math.max(request.endAt - request.startAt, 0),
    thinkMs: Math.max(answer.startAt - request.endAt, 0),
    receiveMs: Math.max(answer.endAt - answer.startAt, 0),
    bytes: request.wireBytes,
  }
}

function learn(memory: Memory, tookMs: Millis): void {
  memory.noted += 1
  // When much is known, one in four keeps it known.
  if (memory.usual.count >= denseMax && memory.noted % 4 !== 0) return
  memory.usual.record(tookMs)
  if (memory.usual.count % lookEvery !== 0 && memory.usual.count !== learnedMin) return
  memory.usualP50Ms = memory.usual.quantile(0.5) ?? 0
  memory.usualP95Ms = memory.usual.quantile(0.95) ?? 0
  if (memory.usual.count < sketchMax) return
  // A new generation; what was usual serves until it knows enough.
  memory.usual = sketchPart.fresh()
  for (let i = 0; i < learnedMin; i += 1) memory.usual.record(memory.usualP50Ms)
}

function sayCalling(memory: Memory, at: InterfaceNow, out: Reading[]): void {
  const { rate } = memory
  const saying = { monitor: 'calling', signal: 'slow', subject: { kind: 'interface', id: at.iface.id }, now: at.now } as const
  const tookMs = median(memory.took)
  // Who waits feels it as they feel a slow answer (latency.ts), and a request that drips in whatever was agreed for the answer.
  const isDripping = memory.waited < rate.hits / 2
  const isFelt = isDripping || tookMs > ticketShare * Math.min(at.iface.objectives.latencyP95Ms, feltOfMs)
  const isMuch = isFelt && shareOf(rate) >= ticketOfCalls
  say(out, memory.voice, saying, rate.bad ? (isMuch ? 'ticket' : 'warn') : null, () => ({
    onsetAt: rate.onsetAt,
    score: rounded(Math.max(rate.sum / rule.threshold, 1)),
    facts: {
      tookMs,
      usualMs: rounded(memory.usualP50Ms),
      thinkMs: median(memory.think),
      receiveMs: median(memory.receive),
      slow: rate.hits,
      seen: rate.seen,
      share: rounded(shareOf(rate)),
      /** Of the slow ones, the share that let the standing connection wait before the first byte. */
      waitedShare: rounded(memory.waited / Math.max(rate.hits, 1)),
    },
    exchangeIds: rate.exchangeIds,
  }))
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0
}
