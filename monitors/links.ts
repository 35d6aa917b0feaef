import type { Measurement } from '../gateway/model/measurement.ts'
import { amountOf, watchMeasurements, wordAt } from './shared/measured.ts'
import { keepLast } from './shared/rate.ts'
import { amount, flag, type Held, list, record, word } from './shared/state.ts'
import { rounded, say, voicePart } from './shared/voice.ts'

const lookPart = record({
  at: amount(),
  segments: amount(),
  resent: amount(),
  /** Mean round trip; -1 unknown. */
  rttMs: amount(-1),
  network: word(),
  networkSegments: amount(),
  networkResent: amount(),
})
type Look = Held<typeof lookPart>

const memoryPart = record({
  looks: list(lookPart),
  isBad: flag(),
  isTicket: flag(),
  sinceAt: amount(),
  /** Of good looks, slowly moving; -1 unknown. */
  usualRttMs: amount(-1),
  voice: voicePart,
})
type Memory = Held<typeof memoryPart>

/** Five minutes of looks, ten seconds each. */
const looksMax = 30
/** Shares of segments that were sent again: domain.md 3.1, net-loss. It is good again at half of what is odd. */
const oddShare = 0.01
const badShare = 0.03
const clearShare = 0.005
/** Fewer are chance, and so are those of one moment. */
const segmentsMin = 60
const resentMin = 8
const looksWithMin = 3
const usualWeight = 0.05

/**
 * Does the network lose what is sent? `links/loss`: more than one segment in a hundred was sent again (a warning), more than three (a ticket), over five minutes.
 * Only captures show it; without one nothing is said, and nothing is known.
 */
export const links = watchMeasurements<Memory>({
  name: 'links',
  version: 1,
  memory: memoryPart,
  concerns: ({ name }) => name === 'link',
  hear(memory, measurement) {
    keepLast(memory.looks, lookOf(measurement), looksMax)
    const { segments, resent, withLoss } = totals(memory.looks)
    const share = resent / Math.max(segments, 1)
    const isSeen = segments >= segmentsMin && resent >= resentMin && withLoss >= looksWithMin
    if (!memory.isBad && isSeen && share >= oddShare) {
      memory.isBad = true
      memory.sinceAt = memory.looks.find((look) => look.resent > 0)?.at ?? measurement.at
    }
    if (memory.isBad && isSeen && share >= badShare) memory.isTicket = true
    if (memory.isBad && segments >= segmentsMin && share < clearShare) {
      memory.isBad = false
      memory.isTicket = false
    }
    const rttMs = amountOf(measurement, 'rttMs')
    if (memory.isBad || rttMs === null || amountOf(measurement, 'resent') !== 0) return
    memory.usualRttMs = memory.usualRttMs < 0 ? rttMs : memory.usualRttMs + usualWeight * (rttMs - memory.usualRttMs)
  },
  judge(memory, { subject, now }, out) {
    if (!memory.isBad && !memory.voice.bad) return
    const saying = { monitor: 'links', signal: 'loss', subject, now } as const
    say(out, memory.voice, saying, memory.isBad ? (memory.isTicket ? 'ticket' : 'warn') : null, () => {
      const { segments, resent, rttMs, network, networkSegments, networkResent } = totals(memory.looks)
      return {
        onsetAt: memory.sinceAt,
        score: rounded(Math.max(1, resent / Math.max(segments, 1) / (memory.isTicket ? badShare : oddShare))),
        facts: {
          segments,
          resent,
          share: rounded(resent / Math.max(segments, 1)),
          rttMs: rttMs < 0 ? null : rounded(rttMs),
          usualRttMs: memory.usualRttMs < 0 ? null : rounded(memory.usualRttMs),
          network,
          networkSegments,
          networkResent,
        },
        exchangeIds: [],
      }
    })
  },
})

function lookOf(measurement: Measurement): Look {
  return {
    at: measurement.at,
    segments: amountOf(measurement, 'segments') ?? 0,
    resent: amountOf(measurement, 'resent') ?? 0,
    rttMs: amountOf(measurement, 'rttMs') ?? -1,
    network: wordAt(measurement, 'network') ?? '',
    networkSegments: amountOf(measurement, 'networkSegments') ?? 0,
    networkResent: amountOf(measurement, 'networkResent') ?? 0,
  }
}

/** Sums of the looks, and of the network that lost most in most of them. */
function totals(looks: readonly Look[]): Look & { readonly withLoss: number } {
  const sum = (of: (look: Look) => number, from = looks) => from.reduce((total, look) => total + of(look), 0)
  const losses = new Map<string, number>()
  for (const { network, networkResent } of looks) losses.set(network, (losses.get(network) ?? 0) + networkResent)
  const [worst] = [...losses].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
  const network = worst?.[0] ?? ''
  const own = looks.filter((look) => look.network === network)
  const timed = looks.filter((look) => look.rttMs >= 0)
  return {
    at: looks.at(-1)?.at ?? 0,
    segments: sum((look) => look.segments),
    resent: sum((look) => look.resent),
    rttMs: timed.length === 0 ? -1 : sum((look) => look.rttMs, timed) / timed.length,
    network,
    networkSegments: sum((look) => look.networkSegments, own),
    networkResent: sum((look) => look.networkResent, own),
    withLoss: looks.filter((look) => look.resent > 0).length,
  }
}
