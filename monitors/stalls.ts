import { isConnectStalled, isReceiveStalled, isSendStalled } from '../gateway/model/stall.ts'
import { hit, miss, type RateRule, ratePart, shareOf } from './shared/rate.ts'
import { amount, type Held, record } from './shared/state.ts'
import { rounded, say, voicePart } from './shared/voice.ts'
import { watchInterfaces } from './shared/watch.ts'

const memoryPart = record({
  /** While nothing is wrong: answered exchanges, and those of which anything stood still. Older ones count by half, and half again. */
  seen: amount(),
  stalled: amount(),
  usualShare: amount(0.005),
  rate: ratePart,
  /** Since the onset: of those that stood still, in which phase. */
  send: amount(),
  receive: amount(),
  connect: amount(),
  voice: voicePart,
})
type Memory = Held<typeof memoryPart>

const seenMin = 50
const seenMax = 2_000
const usualShareMin = 0.005
/** Where more than this share stands still on good days, that is how the two ends talk. */
const usualShareMax = 0.05
const badShareMin = 0.1
const badShareMax = 0.9
/** One false alarm in a hundred weeks where so many do stand still; and both ways must. */
const threshold = 9
const distinctMin = 5
const eachWayMin = 2
/** Neither way has more than so many times the other's: more of one is that side's own doing. */
const lopsidedMax = 3
/** Three segments in a hundred lost (domain.md 3.1, net-loss) make about so many exchanges stand still. */
const ticketShare = 0.08

/**
 * Does the way between two systems stand still? `stalls/both-ways`: requests and answers of many exchanges take longer on their way, by as much as a lost segment
 * needs to be sent again, both ways, and hardly did before. Neither side alone can do that: what nobody captures is seen here, however fast the middle of all
 * exchanges still is.
 */
export const stalls = watchInterfaces<Memory>({
  name: 'stalls',
  version: 1,
  memory: memoryPart,
  note(memory, { exchange, id, at }) {
    if (exchange.outcome !== 'answered' && exchange.outcome !== 'failed') return
    const isSend = isSendStalled(exchange)
    const isReceive = isReceiveStalled(exchange)
    const isConnect = isConnectStalled(exchange)
    const { rate } = memory
    const isHit = isSend || isReceive || isConnect
    if (!rate.bad) learn(memory, isHit)
    if (!isHit) {
      miss(rate, ruleOf(memory))
      return
    }
    if (
      memory.seen < seenMin ||
      memory.usualShare > usualShareMax ||
      !hit(rate, ruleOf(memory), { id, at, exchangeId: exchange.id })
    )
      return
    if (rate.hits === 1) {
      memory.send = 0
      memory.receive = 0
      memory.connect = 0
    }
    if (isSend) memory.send += 1
    if (isReceive) memory.receive += 1
    if (isConnect) memory.connect += 1
  },
  judge(memory, { iface, now }, out) {
    const { rate, send, receive, connect } = memory
    if (!rate.bad && !memory.voice.bad) return
    const isEven = Math.max(send, receive) <= lopsidedMax * Math.min(send, receive)
    // Handshakes tell of the way by themselves, as neither side's work delays them: with them it is enough that one way stands still.
    const isBothWays =
      Math.max(send, receive) >= eachWayMin && (connect >= eachWayMin || (isEven && Math.min(send, receive) >= eachWayMin))
    const state = rate.bad && isBothWays ? (shareOf(rate) >= ticketShare ? 'ticket' : 'warn') : null
    if (state === null && !memory.voice.bad) return
    const saying = { monitor: 'stalls', signal: 'both-ways', subject: { kind: 'interface', id: iface.id }, now } as const
    say(out, memory.voice, saying, state, () => ({
      onsetAt: rate.onsetAt,
      score: rounded(Math.max(rate.sum / threshold, 1)),
      facts: { stalled: rate.hits, seen: rate.seen, share: rounded(shareOf(rate)), send, receive, connect },
      exchangeIds: rate.exchangeIds,
    }))
  },
})

/** Before an episode may begin: what is usual. Most ways lose next to nothing, so that few messages without a stall say as much as one would expect: half of one in a hundred. */
function learn(memory: Memory, isStalled: boolean): void {
  if (memory.rate.sum === 0 && isStalled)
    memory.usualShare = Math.max(usualShareMin, (memory.stalled + 0.5) / (memory.seen + 50))
  memory.seen += 1
  if (isStalled) memory.stalled += 1
  if (memory.seen < seenMax) return
  memory.seen /= 2
  memory.stalled /= 2
}

function ruleOf({ usualShare }: Memory): RateRule {
  return { usualShare, badShare: Math.min(Math.max(badShareMin, 5 * usualShare), badShareMax), threshold, distinctMin }
}
