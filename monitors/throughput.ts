import { decidingAnswer, type Exchange } from '../gateway/model/exchange.ts'
import { keepLast } from './shared/rate.ts'
import { asOfOneSize, largeBytesMin, learnSize, sizesPart } from './shared/sizes.ts'
import { amount, type Held, list, record, word } from './shared/state.ts'
import { rounded, say, shownExchanges, voicePart } from './shared/voice.ts'
import { watchInterfaces } from './shared/watch.ts'
import { isCalm, isLearned, levelPart, noteLevel, riseOf, usualOf } from './statistics/level.ts'
import { quantile } from './statistics/quantile.ts'

const memoryPart = record({
  sizes: sizesPart,
  /** Seconds per megabyte of what is large, as if all were of one size, and milliseconds of what is small. */
  large: levelPart,
  small: levelPart,
  recentSmall: list(amount()),
  /** Of the large since the onset: seconds per megabyte, and the share of the time that lay between last byte and answer. */
  rates: list(amount()),
  thinkShares: list(amount()),
  exchangeIds: list(word()),
  voice: voicePart,
})
type Memory = Held<typeof memoryPart>

const smallBytesMax = 8 * 1024
const megabyte = 1_000_000
const ratesMax = 32
const smallMax = 12
const ratioMin = 2
const ticketRatio = 3
/** From so many seconds for a megabyte on, a fall is felt. */
const feltSecondsPerMb = 0.05

/**
 * Are large objects taken in as fast as ever? `throughput/fall`: storing them takes much longer for each megabyte than it uses to for objects of their size. Its facts say whether small
 * messages (an echo, a query) are slow too: a receiver that thinks long is another matter than one whose disk writes slowly.
 */
export const throughput = watchInterfaces<Memory>({
  name: 'throughput',
  version: 3,
  memory: memoryPart,
  note(memory, { exchange, at }) {
    const { request } = exchange
    if (request === null || exchange.latencyMs === null) return
    if (request.wireBytes <= smallBytesMax) {
      noteLevel(memory.small, exchange.latencyMs, at)
      keepLast(memory.recentSmall, exchange.latencyMs, smallMax)
      return
    }
    if (request.wireBytes < largeBytesMin || exchange.outcome !== 'answered') return
    const tookMs = exchange.latencyMs + (request.endAt - request.startAt)
    const { large, sizes } = memory
    const took = (tookMs / 1000) * (megabyte / request.wireBytes)
    if (isCalm(large)) learnSize(sizes, request.wireBytes, took)
    const secondsPerMb = asOfOneSize(sizes, request.wireBytes, took)
    if (secondsPerMb === null) return
    noteLevel(large, secondsPerMb, at)
    if (large.sum === 0 && !large.isRisen) {
      if (memory.rates.length === 0) return
      memory.rates = []
      memory.thinkShares = []
      memory.exchangeIds = []
      return
    }
    keepLast(memory.rates, secondsPerMb, ratesMax)
    keepLast(memory.thinkShares, thinkShareOf(exchange, tookMs), ratesMax)
    keepLast(memory.exchangeIds, exchange.id, shownExchanges)
  },
  judge(memory, at, out) {
    const { large } = memory
    if (!large.isRisen && !memory.voice.bad) return
    const ratio = riseOf(large)
    const isBad = large.isRisen && ratio >= ratioMin && usualOf(large) * ratio >= feltSecondsPerMb
    const saying = {
      monitor: 'throughput',
      signal: 'fall',
      subject: { kind: 'interface', id: at.iface.id },
      now: at.now,
    } as const
    say(out, memory.voice, saying, isBad ? (ratio >= ticketRatio ? 'ticket' : 'warn') : null, () => ({
      onsetAt: large.onsetAt,
      score: rounded(Math.max(1, ratio / ratioMin)),
      facts: factsOf(memory),
      exchangeIds: memory.exchangeIds,
    }))
  },
})

function thinkShareOf(exchange: Exchange, tookMs: number): number {
  const answer = decidingAnswer(exchange)
  if (answer === null || exchange.request === null || tookMs <= 0) return 0
  return Math.min(1, Math.max(0, (answer.startAt - exchange.request.endAt) / tookMs))
}

function factsOf({ large, small, recentSmall, rates, thinkShares }: Memory) {
  const usualMb = 1 / usualOf(large)
  const isSmallKnown = isLearned(small) && recentSmall.length >= 3
  const middle = quantile(rates, 0.5)
  return {
    mbPerS: rounded(usualMb / riseOf(large)),
    usualMbPerS: rounded(usualMb),
    ratio: rounded(riseOf(large)),
    objects: large.since,
    thinkShare: rounded(quantile(thinkShares, 0.5)),
    smallMs: isSmallKnown ? rounded(quantile(recentSmall, 0.5)) : null,
    usualSmallMs: isSmallKnown ? rounded(usualOf(small)) : null,
    /** Slowest tenth against the middle: near 1 a plateau, as of a rebuild; large when it comes in bursts. */
    burstRatio: middle === 0 ? 1 : rounded(quantile(rates, 0.9) / middle),
  }
}
