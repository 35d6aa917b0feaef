import type { Reading, Seen } from '../gateway/model/reading.ts'
import type { Instant } from '../gateway/model/time.ts'
import {
  endEpisode,
  hashOf,
  hit,
  isBeginning,
  keepLast,
  miss,
  type RateRule,
  ratePart,
  shareOf,
  usualShareOf,
} from './shared/rate.ts'
import { amount, flag, type Held, heldAt, keyed, list, record, word } from './shared/state.ts'
import { rounded, say, shownExchanges, voicePart } from './shared/voice.ts'
import { type InterfaceNow, watchInterfaces } from './shared/watch.ts'

const senderPart = record({
  last: amount(-1),
  seen: amount(),
  /** Gaps that stayed, of all time: a counter that several interfaces share has gaps everywhere. */
  gaps: amount(),
  resets: amount(),
  /** Numbers that came late. */
  lates: amount(),
  /** It has counted by one for long: from then on gaps are gaps, however many, until that is how it is. */
  isProven: flag(),
  /** Hash of the connection of the last. */
  connection: amount(),
  /** It sends on several connections at once, or was never in order: there numbers pass each other on any day. */
  isMixed: flag(),
  /** When the last was sent: a lower number that was sent before it is merely logged late, as its answer was waited for. */
  sentAt: amount(),
  /** It goes on when a message was accepted, while what becomes of it is awaited (HL7 2.9.3). */
  isEnhanced: flag(),
  /** Numbers that were jumped over, how many messages ago, and when: [number, message, time]. */
  open: list(list(amount())),
})
type Sender = Held<typeof senderPart>

const memoryPart = record({
  senders: keyed(senderPart),
  missing: amount(),
  outOfOrder: amount(),
  sinceAt: amount(),
  cleanRun: amount(),
  sender: word(),
  isBad: flag(),
  exchangeIds: list(word()),
  voice: voicePart,
  /** Numbers that came late, in whole, and how many were usual when it began. */
  order: ratePart,
  orderUsual: amount(),
  orderSender: word(),
  orderVoice: voicePart,
  /** Of a topic: the next offset of each partition, and how regular they are together. */
  nextOffsets: keyed(amount()),
  offsets: senderPart,
  /** What is missing are offsets of a topic. */
  isOffsets: flag(),
})
type Memory = Held<typeof memoryPart>

const sendersMax = 16
const openMax = 64
/** Messages pass each other on several connections: a number is missing when so many came after it. */
const patience = 20
/** Where none ever did, sooner. */
const patienceInOrder = 6
/** What was accepted is logged when its application has answered, or after the time-out of that (a minute) and the late window after it. */
const enhancedMs = 75_000
/** A longer jump is a counter that was set, not messages that were lost. */
const jumpMax = 50
/** A sender must count by one for this long before its gaps say anything, and gaps must stay rare. */
const countedMin = 30
const gapShareMax = 0.05
/** So many with hardly a gap prove that it counts by one; and gaps in so great a part of a thousand that it no longer does. */
const provenMin = 60
const provenSeenMax = 1_000
const habitShare = 0.2
const missingTicketMin = 3
const cleanRunMin = 100
const inOrderShare = 0.005
const disorderShareMin = 0.06
/** One false alarm in a thousand weeks of ten thousand messages. */
const disorderThreshold = 9
const partitionsMax = 256
/** The mark that ends a transaction takes an offset of its own (KIP-98): a step of two is no loss. */
const offsetStepMax = 2

/**
 * Are messages missing? `sequence/gap`: a sender numbers its messages (MSH-13) without gaps, and numbers stay away. One missing number
 * is a warning, three are a ticket. Numbers that come late are no gap. So with the offsets of a topic, as it is read at its end, where nothing is compacted yet. `sequence/order`: they come late more often than usual, as where two threads drain one queue.
 */
export const sequence = watchInterfaces<Memory>({
  name: 'sequence',
  version: 4,
  memory: memoryPart,
  note(memory, { item, exchange, iface, now }) {
    if (exchange.outcome === 'one-way' && iface.protocol === 'record') {
      const lost = stepOffset(memory, exchange)
      noteLost(memory, memory.offsets, { lost, name: exchange.connection.id, exchangeId: exchange.id, now })
      return
    }
    const facts = item.requestFacts
    if (facts === null || facts.sequence === null || facts.sequence < 0) return
    const name = facts.sender ?? ''
    const sender = heldAt(memory.senders, name, senderPart, sendersMax)
    if (sender === null) return
    noteWay(sender, exchange)
    const { lates } = sender
    if (exchange.answers[0]?.stage === 'accept') sender.isEnhanced = true
    const lost = step(memory, sender, { number: facts.sequence, sentAt: exchange.request?.startAt ?? now, now })
    noteOrder(memory, sender, { name, isLate: sender.lates > lates, exchangeId: exchange.id, now })
    noteLost(memory, sender, { lost, name, exchangeId: exchange.id, now })
  },
  judge(memory, at, out) {
    if (memory.order.bad || memory.orderVoice.bad) sayOrder(memory, at, out)
    if (!memory.isBad && !memory.voice.bad) return
    const saying = { monitor: 'sequence', signal: 'gap', subject: { kind: 'interface', id: at.iface.id }, now: at.now } as const
    const state = memory.isBad ? (memory.missing >= missingTicketMin ? 'ticket' : 'warn') : null
    say(out, memory.voice, saying, state, () => ({
      onsetAt: memory.sinceAt,
      score: memory.missing,
      facts: {
        missing: memory.missing,
        outOfOrder: memory.outOfOrder,
        sender: memory.sender,
        of: memory.isOffsets ? 'offset' : 'MSH-13',
      },
      exchangeIds: memory.exchangeIds,
    }))
  },
})

function noteLost(
  memory: Memory,
  sender: Sender,
  { lost, name, exchangeId, now }: { lost: number; name: string; exchangeId: string; now: Instant },
): void {
  memory.cleanRun += 1
  if (lost > 0 && countsByOne(sender)) {
    if (!memory.isBad) {
      memory.missing = 0
      memory.sinceAt = now
      memory.exchangeIds = []
    }
    memory.isBad = true
    memory.missing += lost
    memory.cleanRun = 0
    memory.sender = name
    memory.isOffsets = sender === memory.offsets
    keepLast(memory.exchangeIds, exchangeId, shownExchanges)
  } else if (memory.isBad && memory.cleanRun >= cleanRunMin) memory.isBad = false
}

/** A record of a topic: how many offsets of its partition are nowhere. A reader that began anew has read none before. */
function stepOffset({ nextOffsets, offsets }: Memory, { controlId, connection }: Seen['exchange']): number {
  // `PARTITION-OFFSET` of a topic's record; a file has none.
  const offset = Number(/^\d{1,9}-(\d{1,15})$/.exec(controlId ?? '')?.[1] ?? -1)
  if (offset < 0) return 0
  const next = nextOffsets.get(connection.id)
  if (next === undefined && nextOffsets.size >= partitionsMax) return 0
  nextOffsets.set(connection.id, offset + 1)
  offsets.seen += 1
  if (next === undefined || connection.exchangesBefore === 0 || offset - next < offsetStepMax) return 0
  offsets.gaps += 1
  return offset - next
}

function noteWay(sender: Sender, { connection }: Seen['exchange']): void {
  const hash = hashOf(connection.id)
  if (sender.connection !== 0 && sender.connection !== hash && connection.exchangesBefore > 0) sender.isMixed = true
  if (sender.seen < provenMin && sender.lates > 0) sender.isMixed = true
  sender.connection = hash
}

function noteOrder(
  memory: Memory,
  sender: Sender,
  { name, isLate, exchangeId, now }: { name: string; isLate: boolean; exchangeId: string; now: Instant },
): void {
  if (!isLate) {
    miss(memory.order, ruleOf(memory))
    return
  }
  if (!countsByOne(sender) || sender.seen < provenMin) return
  // So it is for long: how it is now.
  if (sender.seen >= provenSeenMax && sender.lates > habitShare * sender.seen) {
    endEpisode(memory.order)
    return
  }
  const begins = isBeginning(memory.order, ruleOf(memory))
  if (begins) {
    memory.orderUsual = sender.isMixed ? Math.max(usualShareOf(sender.lates - 1, sender.seen), inOrderShare) : inOrderShare
    memory.orderSender = name
  }
  hit(memory.order, ruleOf(memory), { id: exchangeId, at: now, exchangeId }, begins)
}

function ruleOf({ orderUsual }: Memory): RateRule {
  const usualShare = Math.min(orderUsual === 0 ? inOrderShare : orderUsual, 0.4)
  const badShare = Math.max(disorderShareMin, Math.min(3 * usualShare, (1 + usualShare) / 2))
  return { usualShare, badShare, threshold: disorderThreshold, distinctMin: 4 }
}

function sayOrder({ order, orderVoice, orderUsual, orderSender }: Memory, at: InterfaceNow, out: Reading[]): void {
  const saying = { monitor: 'sequence', signal: 'order', subject: { kind: 'interface', id: at.iface.id }, now: at.now } as const
  say(out, orderVoice, saying, order.bad ? 'ticket' : null, () => ({
    onsetAt: order.onsetAt,
    score: rounded(Math.max(order.sum / disorderThreshold, 1)),
    facts: {
      missing: 0,
      outOfOrder: order.hits,
      share: rounded(shareOf(order)),
      usualShare: rounded(orderUsual),
      sender: orderSender,
    },
    exchangeIds: order.exchangeIds,
  }))
}

/** Takes the next number of a sender; how many numbers are now known to be lost. */
function step(
  memory: Memory,
  sender: Sender,
  { number, sentAt, now }: { number: number; sentAt: Instant; now: Instant },
): number {
  sender.seen += 1
  const late = sender.open.findIndex(([open]) => open === number)
  if (late >= 0) {
    sender.open.splice(late, 1)
    if (sentAt >= sender.sentAt) {
      memory.outOfOrder += 1
      sender.lates += 1
    }
  } else if (number > sender.last) {
    if (sender.last >= 0 && number - sender.last <= jumpMax) {
      for (let missing = sender.last + 1; missing < number; missing += 1)
        keepLast(sender.open, [missing, sender.seen, now], openMax)
    } else if (sender.last >= 0) sender.resets += 1
    sender.last = number
    sender.sentAt = sentAt
  } else if (sender.last - number > jumpMax) {
    sender.resets += 1
    sender.last = number
    sender.sentAt = sentAt
    sender.open = []
  }
  const wait = sender.lates === 0 && sender.seen >= provenMin ? patienceInOrder : patience
  const waitMs = sender.isEnhanced ? enhancedMs : 0
  const lost = sender.open.filter(([, at = 0, sinceAt = 0]) => sender.seen - at >= wait && now - sinceAt >= waitMs)
  if (lost.length === 0) return 0
  sender.open = sender.open.slice(lost.length)
  sender.gaps += 1
  return lost.length
}

function countsByOne(sender: Sender): boolean {
  const { seen, gaps } = sender
  const isRegular = gaps <= 1 + gapShareMax * seen
  if (isRegular && seen >= provenMin) sender.isProven = true
  else if (seen >= provenSeenMax && gaps > habitShare * seen) sender.isProven = false
  return sender.isProven || (isRegular && seen >= countedMin)
}
