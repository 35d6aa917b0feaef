import { charsetLabelOf, isMisread } from '../gateway/model/charset.ts'
import type { Facts } from '../gateway/model/document.ts'
import type { Violation } from '../gateway/model/violation.ts'
import { type Breach, breachPart, type Memory, memoryPart } from './contract-memory.ts'
import { endEpisode, hashOf, hit, isBeginning, keepLast, miss, type RateRule, shareOf } from './rate.ts'
import { rounded, say, type Telling, voicePart } from './voice.ts'
import { type InterfaceNow, type Seen, watchInterfaces } from './watch.ts'

const breachesMax = 64
const typesMax = 64
const recentMax = 64
const sendersMax = 8
/** What began with the traffic may be how this interface always was: until this many messages, only what most of them show is told. */
const learnedMin = 300
const cleanBeforeMin = 30
/** Most: nearly all of a few, or half of several. */
const most = [
  { cleanBefore: cleanBeforeMin, hits: 3, share: 0.9 },
  { cleanBefore: 0, hits: 5, share: 0.9 },
  { cleanBefore: 0, hits: 8, share: 0.5 },
] as const
/** An episode of so many that still isn't most is no news. */
const enoughHits = 8
/** What was never seen is expected at most this often, however little was seen. */
const neverShareMax = 0.02
const usualMax = 10_000
const usualShareMin = 0.002
const usualShareMax = 0.8
/** e^-18: a busy interface has a million messages a week, and many elements. */
const surprise = 18
/** Breaches of structure show after three messages where there were none before: within some seventy messages of each other. */
const structureSurprise = 6
const structureRules: ReadonlySet<string> = new Set('masking required structure order cardinality forbidden charset'.split(' '))
const habitAfterMs = 7 * 24 * 3_600_000
const distinctMin = 3

/**
 * Do messages break their contract more than they use to? Rates, not violations (reference/algorithms.md 6): one breach is never a ticket.
 * Signals `contract/<rule>` of the interface; the facts name the worst element. What half of the messages show from the beginning
 * is told; after a week of it, it is the habit, and only a warning.
 */
export const contract = watchInterfaces<Memory>({
  name: 'contract',
  version: 1,
  memory: memoryPart,
  note(memory, seen) {
    const key = hashOf(seen.id)
    // Copies of a message are no new evidence.
    if (memory.recent.includes(key)) return
    keepLast(memory.recent, key, recentMax)
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
      const other = worst.get(rule)
      if (other === undefined || weightOf(breach) > weightOf(other[1])) worst.set(rule, [key, breach])
      if (!memory.voices.has(rule)) memory.voices.set(rule, voicePart.fresh())
    }
    if (memory.bad.length > 0) memory.bad = memory.bad.filter((key) => memory.breaches.get(key)?.rate.bad === true)
    for (const [rule, voice] of memory.voices) {
      const found = worst.get(rule)
      if (found === undefined && !voice.bad) continue
      const state = found === undefined ? null : found[1].severity === 'ticket' && !found[1].isHabit ? 'ticket' : 'warn'
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
  const type = facts.type ?? seen.exchange.type ?? ''
  const stream = `${side} ${type.includes(' ') ? type.replaceAll(' ', '_') : type}`
  if (!memory.seen.has(stream) && memory.seen.size >= typesMax) return
  memory.seen.set(stream, (memory.seen.get(stream) ?? 0) + 1)
  const isWrongText = isMisread(facts.charset)
  if (seen.item.violations.length === 0 && !isWrongText) return
  const told = new Set<string>()
  for (const violation of seen.item.violations) {
    if (violation.side !== side || violation.severity === 'observe') continue
    noteBreach(memory, seen, { stream, facts, violation, told })
  }
  if (!isWrongText || told.has('charset')) return
  const violation = { element: charsetLabelOf(seen.iface.format), rule: 'charset', severity: 'ticket' } as const
  noteBreach(memory, seen, { stream, facts, violation, told })
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
  const rule = ruleFor(breach, key)
  const isNew = isBeginning(rate, rule)
  const { seen: seenSince, hits: hitsSince } = rate
  if (!hit(rate, rule, { id: seen.id, at: seen.at, exchangeId: seen.exchange.id })) return
  breach.totalHits += 1
  if (isNew) {
    learn(breach, seenSince, hitsSince)
    beginEpisode(breach, seen)
  }
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

function beginEpisode(breach: Breach, seen: Seen): void {
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
  miss(rate, ruleFor(breach, key), { count: clean })
  if (wasBad && !rate.bad) breach.isHabit = false
  if (wasBad) return
  if (hits === 0) learn(breach, clean, 0)
  else if (rate.sum === 0) {
    learn(breach, seen + clean, hits)
    endEpisode(rate)
  }
}

function learn(breach: Breach, seen: number, hits: number): void {
  breach.usualSeen += seen
  breach.usualHits += hits
  if (breach.usualSeen <= usualMax) return
  breach.usualHits *= usualMax / 2 / breach.usualSeen
  breach.usualSeen = usualMax / 2
}

/** Against the upper 95 % bound of what is usual; rule of three where it never happened. */
function ruleFor(breach: Breach, key: string): RateRule {
  const hits = breach.usualHits
  const bound = (hits + 1.645 * Math.sqrt(hits + 1) + 1.35) / Math.max(breach.usualSeen, 1)
  const upper = hits < 1 ? Math.min(bound, neverShareMax) : bound
  const usualShare = Math.min(Math.max(upper, usualShareMin), usualShareMax)
  const badShare = Math.min(Math.max(10 * usualShare, 0.05), (1 + usualShare) / 2)
  const isStructure = breach.severity === 'ticket' && structureRules.has(partsOf(key).rule)
  const wasAbsent = breach.totalHits <= breach.rate.hits
  return { usualShare, badShare, threshold: isStructure && wasAbsent ? structureSurprise : surprise, distinctMin }
}

function isWorthTelling(breach: Breach): boolean {
  if (breach.usualSeen >= learnedMin) return true
  const { hits, seen } = breach.rate
  return most.some((need) => breach.cleanBefore >= need.cleanBefore && hits >= need.hits && hits >= need.share * seen)
}

function weightOf(breach: Breach): number {
  return (breach.severity === 'ticket' && !breach.isHabit ? 2 : 0) + shareOf(breach.rate)
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
