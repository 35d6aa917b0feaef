import { charsetLabelOf, isMisread } from '../gateway/model/charset.ts'
import type { Facts } from '../gateway/model/document.ts'
import type { Seen } from '../gateway/model/reading.ts'
import { remembered } from '../gateway/model/remembered.ts'
import type { Violation } from '../gateway/model/violation.ts'
import {
  enoughHits,
  isRewritten,
  isWorthTelling,
  learn,
  ruleFor,
  surprise,
  ticketWeight,
  usualMax,
  weightOf,
  writtenRules,
} from './contract/breach.ts'
import { type Breach, breachPart, type Memory, memoryPart } from './contract/contract-memory.ts'
import { keep } from './shared/last.ts'
import { endEpisode, hashOf, hit, isBeginning, miss, shareOf } from './shared/rate.ts'
import { rounded, say, type Telling, voicePart } from './shared/voice.ts'
import { type InterfaceNow, watchInterfaces } from './shared/watch.ts'

const breachesMax = 64
const typesMax = 64
const sendersMax = 8
const habitAfterMs = 7 * 24 * 3_600_000

/**
 * Do messages break their contract more than they use to? Rates, not violations (reference/algorithms.md 6): one breach is never a ticket.
 * Signals `contract/<rule>` of the interface; the facts name the worst element. What half of the messages show from the beginning
 * is told; after a week of it, it is the habit, and only a warning.
 */
export const contract = watchInterfaces<Memory>({
  name: 'contract',
  version: 2,
  memory: memoryPart,
  note(memory, seen) {
    const key = hashOf(seen.id)
    // Copies of a message are no new evidence.
    if (memory.recent.items.includes(key)) return
    keep(memory.recent, key)
    const { requestFacts, answerFacts } = seen.item
    if (requestFacts !== null) noteMessage(memory, seen, 'request', requestFacts)
    if (answerFacts !== null) noteMessage(memory, seen, 'answer', answerFacts)
  },
  judge(memory, at, out) {
    const worst = new Map<string, [string, Breach]>()
    for (const key of memory.bad) {
      const breach = memory.breaches.get(key)
      if (breach === undefined) continue
      settle(breach, key, memory.seen.get(partsOf(key).stream) ?? 0)
      if (!breach.rate.bad) continue
      if (!breach.isHabit && at.now - breach.badSinceAt >= habitAfterMs) breach.isHabit = true
      const rule = partsOf(key).rule
      if (breach.severity !== 'ticket' && !breach.isChange && writtenRules.has(rule))
        breach.isChange = isRewritten(sameOfAllTypes(memory, key))
      const other = worst.get(rule)
      if (other === undefined || weightOf(breach) > weightOf(other[1])) worst.set(rule, [key, breach])
      if (!memory.voices.has(rule)) memory.voices.set(rule, voicePart.fresh())
    }
    if (memory.bad.length > 0) memory.bad = memory.bad.filter((key) => memory.breaches.get(key)?.rate.bad === true)
    for (const [rule, voice] of memory.voices) {
      const found = worst.get(rule)
      if (found === undefined && !voice.bad) continue
      const state = found === undefined ? null : weightOf(found[1]) >= ticketWeight ? 'ticket' : 'warn'
      const saying = {
        monitor: 'contract',
        signal: rule,
        subject: { kind: 'interface', id: at.iface.id },
        now: at.now,
      } as const
      say(out, voice, saying, state, () => telling(memory, found, at))
    }
  },
})

/** Counts the message and its breaches, each element and rule once. */
function noteMessage(memory: Memory, seen: Seen, side: 'request' | 'answer', facts: Facts): void {
  const stream = streams[side](facts.type ?? seen.exchange.type ?? '')
  const count = memory.seen.get(stream) ?? 0
  if (count === 0 && memory.seen.size >= typesMax) return
  memory.seen.set(stream, count + 1)
  const isWrongText = isMisread(facts.charset)
  if (seen.item.violations.length === 0 && !isWrongText) return
  const told = new Set<string>()
  for (const violation of seen.item.violations) {
    if (violation.side !== side || violation.severity === 'observe') continue
    // A contract may have charset labels for a trifle; text that is misread is none.
    const isRubbish = isWrongText && violation.rule === 'charset'
    const heavy = isRubbish ? { element: violation.element, rule: violation.rule, severity: 'ticket' as const } : violation
    noteBreach(memory, seen, { stream, facts, violation: heavy, told })
  }
  if (!isWrongText || told.has('charset')) return
  const violation = { element: charsetLabelOf(seen.iface.format), rule: 'charset', severity: 'ticket' } as const
  noteBreach(memory, seen, { stream, facts, violation, told })
}

/** A breach is known by words with spaces between, so that a type has none. */
const streams = {
  request: remembered((type) => `request ${type.replaceAll(' ', '_')}`),
  answer: remembered((type) => `answer ${type.replaceAll(' ', '_')}`),
}

interface BreachSeen {
  readonly stream: string
  readonly facts: Facts
  readonly violation: Pick<Violation, 'element' | 'rule' | 'severity'>
  /** Rules and breaches of this message so far. */
  readonly told: Set<string>
}

function noteBreach(memory: Memory, seen: Seen, { stream, facts, violation, told }: BreachSeen): void {
  const key = `${stream} ${violation.element} ${violation.rule}`
  told.add(violation.rule)
  if (told.has(key)) return
  told.add(key)
  const breach = breachOf(memory, key, stream)
  if (breach === null) return
  breach.severity = violation.severity
  const now = memory.seen.get(stream) ?? 0
  settle(breach, key, now - 1)
  breach.seenBefore = now
  const { rate } = breach
  const wasBad = rate.bad
  const rule = ruleFor(breach, partsOf(key).rule)
  const before = isBeginning(rate, rule) ? { seen: rate.seen, hits: rate.hits } : null
  if (!hit(rate, rule, { id: seen.id, at: seen.at, exchangeId: seen.exchange.id })) return
  breach.totalHits += 1
  if (before !== null) beginEpisode(breach, seen, before)
  if (facts.charset.nonAsciiCount > 0) breach.nonAscii += 1
  const sender = facts.sender ?? ''
  if (breach.senders.has(sender) || breach.senders.size < sendersMax) {
    breach.senders.set(sender, (breach.senders.get(sender) ?? 0) + 1)
  }
  if (!wasBad && rate.bad && !isWorthTelling(breach)) {
    rate.bad = false
    if (rate.hits >= enoughHits) closeEpisode(breach)
  }
  if (wasBad || !rate.bad) return
  breach.badSinceAt = seen.now
  memory.bad.push(key)
}

/** What an episode showed that came to nothing is what is usual. While it is open, nobody knows. */
function closeEpisode(breach: Breach): void {
  learn(breach, breach.rate.seen, breach.rate.hits)
  endEpisode(breach.rate)
}

function beginEpisode(breach: Breach, seen: Seen, before: { seen: number; hits: number }): void {
  learn(breach, before.seen, before.hits)
  breach.nonAscii = 0
  breach.senders = new Map()
  breach.firstAt = seen.at
}

/** Null: too many different breaches; they are counted, and the ones that came first are watched. */
function breachOf(memory: Memory, key: string, stream: string): Breach | null {
  const known = memory.breaches.get(key)
  if (known !== undefined) return known
  if (memory.breaches.size >= breachesMax && !forgetOne(memory)) {
    memory.leftOut += 1
    return null
  }
  const breach = breachPart.fresh()
  // All of the messages before it were clean of it.
  const clean = (memory.seen.get(stream) ?? 1) - 1
  breach.seenBefore = clean
  breach.cleanBefore = clean
  breach.usualSeen = Math.min(clean, usualMax)
  memory.breaches.set(key, breach)
  return breach
}

/** Makes room: the breach that was seen longest ago, and isn't bad. */
function forgetOne(memory: Memory): boolean {
  let oldest: string | null = null
  let oldestAt = Number.POSITIVE_INFINITY
  for (const [key, { rate }] of memory.breaches) {
    if (rate.bad || rate.lastHitAt >= oldestAt) continue
    oldest = key
    oldestAt = rate.lastHitAt
  }
  return oldest !== null && memory.breaches.delete(oldest)
}

/** Takes the messages up to number `upTo` of its side and type as clean that were not looked at yet. */
function settle(breach: Breach, key: string, upTo: number): void {
  const clean = upTo - breach.seenBefore
  if (clean <= 0) return
  breach.seenBefore = upTo
  const { rate } = breach
  const { bad: wasBad, seen, hits } = rate
  miss(rate, ruleFor(breach, partsOf(key).rule), { count: clean })
  if (wasBad && !rate.bad) {
    breach.isHabit = false
    breach.isChange = false
  }
  if (wasBad) return
  if (hits === 0) learn(breach, clean, 0)
  else if (rate.sum === 0) {
    learn(breach, seen + clean, hits)
    endEpisode(rate)
  }
}

/** The same breach of one side in messages of each type. */
function sameOfAllTypes({ breaches }: Memory, key: string): readonly Breach[] {
  const { stream, element, rule } = partsOf(key)
  const side = stream.slice(0, stream.indexOf(' ') + 1)
  return [...breaches].flatMap(([other, breach]) =>
    other.startsWith(side) && other.endsWith(` ${element} ${rule}`) && breach.rate.hits > 0 ? [breach] : [],
  )
}

function partsOf(key: string): { stream: string; type: string; element: string; rule: string } {
  const [side = '', type = '', element = '', rule = ''] = key.split(' ')
  return { stream: `${side} ${type}`, type, element, rule }
}

function telling(memory: Memory, found: [string, Breach] | undefined, at: InterfaceNow): Telling {
  if (found === undefined) throw new Error('a good reading tells nothing')
  const [key, breach] = found
  const { rate } = breach
  const { type, element, rule } = partsOf(key)
  const elements = [...memory.breaches].filter(([other, { rate: r }]) => r.bad && partsOf(other).rule === rule)
  const [sender, senderCount] = [...breach.senders].toSorted((a, b) => b[1] - a[1])[0] ?? ['', 0]
  return {
    onsetAt: Math.min(rate.onsetAt, at.now),
    score: rounded(Math.max(rate.sum / surprise, 1)),
    facts: {
      element,
      rule,
      type,
      side: key.startsWith('answer') ? 'answer' : 'request',
      affected: rate.hits,
      seen: rate.seen,
      share: rounded(shareOf(rate)),
      usualShare: rounded(breach.usualSeen === 0 ? 0 : breach.usualHits / breach.usualSeen),
      firstAt: breach.firstAt,
      elements: elements.length,
      sender,
      senderShare: rounded(senderCount / Math.max(rate.hits, 1)),
      nonAsciiShare: rounded(breach.nonAscii / Math.max(rate.hits, 1)),
      habit: breach.isHabit ? 1 : 0,
    },
    exchangeIds: rate.exchangeIds,
  }
}
