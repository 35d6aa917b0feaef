import type { Reading, Seen } from '../gateway/model/reading.ts'
import { keepLast } from './shared/rate.ts'
import { amount, flag, type Held, heldAt, keyed, list, record, word } from './shared/state.ts'
import { rounded, say, shownExchanges, type Telling, voicePart } from './shared/voice.ts'
import { type InterfaceNow, watchInterfaces } from './shared/watch.ts'
import { changeOf, type Feature, featuresOf, pathsOf, slotPart } from './versions/fingerprint.ts'
import { profileChange, profilePart } from './versions/presence.ts'

const changePart = record({
  at: amount(),
  side: word(),
  kind: word(),
  from: word(),
  to: word(),
  /** Addresses that changed alike. */
  peers: amount(),
  seenSince: amount(),
  badSince: amount(),
  /** 0..1, as it was when it changed. */
  badShareBefore: amount(),
})
type Change = Held<typeof changePart>

const memoryPart = record({
  /** By side, kind and host. */
  slots: keyed(slotPart),
  /** By message type. */
  profiles: keyed(profilePart),
  changes: list(changePart),
  noted: amount(),
  /** When a message was looked at last, and what it said of itself: whatever says something else is looked at too. */
  lookedAt: amount(),
  version: word(),
  sender: word(),
  /** Something new was said, and not often enough to be believed: the next messages are looked at. */
  isUndecided: flag(),
  answerer: word(),
  /** Messages of late, and those that were refused, unanswered or in breach of their contract. */
  seen: amount(),
  bad: amount(),
  exchangeIds: list(word()),
  voice: voicePart,
})
type Memory = Held<typeof memoryPart>

const slotsMax = 64
const profilesMax = 6
const changesMax = 8
/** What a connection is begun with is looked at, five times a second at most, and of what goes on one message in so many, or whatever comes after so long. */
const lookMs = 200
const lookAgainMs = 10_000
const lookEvery = 16
const beginsWith = 4
const seenMax = 2_000
/** What breaks within a day of a change may be of its making (root-causes: errors within 24 h). */
const tellMs = 24 * 3_600_000

/**
 * Did one side become another than it was? `versions/changed`, a warning for a day after the fingerprint of a side changed. It is what "what changed"
 * shows; its facts are of the last change:
 *
 * | fact | is |
 * |---|---|
 * | `side`, `systemId` | `sender` (who makes the requests) or `receiver`, and its system |
 * | `kind` | `software` (User-Agent, Server, implementation version), `application` (MSH-3/4), `message-version` (MSH-12), `path` (`v1` in a path), `fields` |
 * | `from`, `to` | of `fields`: the path that went, the path that came; `-` for none |
 * | `changedAt` | when the new one came first |
 * | `peers` | addresses that changed alike |
 * | `changes` | all changes of the last day |
 * | `seenSince`, `badSince`, `badShareBefore` | messages since, those refused, unanswered or in breach, and their share before |
 */
export const versions = watchInterfaces<Memory>({
  name: 'versions',
  version: 3,
  memory: memoryPart,
  note(memory, seen, at) {
    const isBad = noteFate(memory, seen)
    memory.noted += 1
    const passedMs = at.now - memory.lookedAt
    const isTelling = seen.exchange.connection.exchangesBefore < beginsWith || isOther(memory, seen)
    const isSample = (passedMs >= lookMs && isTelling) || memory.noted % lookEvery === 0
    if (!isSample && passedMs < (memory.isUndecided ? lookMs : lookAgainMs)) return
    memory.lookedAt = at.now
    memory.version = seen.item.requestFacts?.version ?? ''
    memory.sender = seen.item.requestFacts?.sender ?? ''
    memory.answerer = seen.item.answerFacts?.sender ?? ''
    const badShare = memory.seen <= 1 ? 0 : (memory.bad - (isBad ? 1 : 0)) / (memory.seen - 1)
    memory.isUndecided = false
    for (const feature of featuresOf(seen)) noteFeature(memory, feature, seen, badShare)
    // Fields that go are a contract's business first: of these a sample is enough.
    if (isSample) noteProfile(memory, seen, badShare)
    memory.changes = memory.changes.filter((change) => at.now - change.at < tellMs)
  },
  judge(memory, at, out) {
    if (memory.changes.length === 0 && !memory.voice.bad) return
    const isOld = memory.changes.every((change) => at.now - change.at >= tellMs)
    sayChange(memory, at, out, isOld ? null : 'warn')
  },
})

function isOther({ version, sender, answerer }: Memory, { item }: Seen): boolean {
  const { requestFacts, answerFacts } = item
  return (
    (requestFacts !== null && ((requestFacts.version ?? '') !== version || (requestFacts.sender ?? '') !== sender)) ||
    (answerFacts !== null && (answerFacts.sender ?? '') !== answerer)
  )
}

function noteFate(memory: Memory, { exchange, item }: Seen): boolean {
  const isBad =
    exchange.outcome === 'failed' || exchange.outcome === 'unanswered' || item.violations.some((v) => v.severity !== 'observe')
  for (const change of memory.changes) {
    change.seenSince += 1
    if (isBad) change.badSince += 1
  }
  memory.seen += 1
  if (isBad) memory.bad += 1
  if (memory.seen > seenMax) {
    memory.seen /= 2
    memory.bad /= 2
  }
  return isBad
}

function noteFeature(memory: Memory, feature: Feature, seen: Seen, badShare: number): void {
  const key = `${feature.side} ${feature.kind} ${feature.host}`
  const slot = heldAt(memory.slots, key, slotPart, slotsMax)
  if (slot === null) return
  const before = slot.current
  const change = changeOf(slot, feature.value, { at: seen.at, badShare })
  memory.isUndecided ||= slot.candidate !== ''
  if (change === null) return
  if (change === 'back') takeBack(memory, { ...feature, from: feature.value, to: before })
  else addChange(memory, { ...feature, ...change, to: feature.value }, seen)
}

/** One address is back at what it was, or takes turns: it says nothing of the others that changed alike. */
function takeBack(memory: Memory, { side, kind, from, to }: Pick<Change, 'side' | 'kind' | 'from' | 'to'>): void {
  const change = memory.changes.find((c) => c.side === side && c.kind === kind && c.from === from && c.to === to)
  if (change === undefined) return
  change.peers -= 1
  memory.changes = memory.changes.filter(({ peers }) => peers > 0)
}

function noteProfile(memory: Memory, seen: Seen, badShare: number): void {
  const facts = seen.item.requestFacts
  const type = seen.exchange.type ?? facts?.type ?? null
  if (facts === null || type === null || facts.codes.length === 0) return
  const profile = heldAt(memory.profiles, type, profilePart, profilesMax)
  if (profile === null) return
  const change = profileChange(profile, pathsOf(facts), { at: seen.at, badShare })
  if (change !== null) addChange(memory, { ...change, side: 'sender', kind: 'fields' }, seen)
}

function addChange(memory: Memory, change: Omit<Change, 'peers' | 'seenSince' | 'badSince'>, seen: Seen): void {
  const { side, kind, from, to, at, badShareBefore } = change
  const alike = memory.changes.find((c) => c.side === side && c.kind === kind && c.from === from && c.to === to)
  if (alike !== undefined) {
    alike.peers += 1
    return
  }
  if (memory.changes.length === 0) memory.exchangeIds = []
  keepLast(memory.changes, { at, side, kind, from, to, peers: 1, seenSince: 0, badSince: 0, badShareBefore }, changesMax)
  keepLast(memory.exchangeIds, seen.exchange.id, shownExchanges)
}

function sayChange(memory: Memory, at: InterfaceNow, out: Reading[], state: 'warn' | null): void {
  const saying = {
    monitor: 'versions',
    signal: 'changed',
    subject: { kind: 'interface', id: at.iface.id },
    now: at.now,
  } as const
  say(out, memory.voice, saying, state, () => telling(memory, at))
}

function telling(memory: Memory, { iface, now }: InterfaceNow): Telling {
  const last = memory.changes.reduce((latest, change) => (change.at > latest.at ? change : latest), memory.changes[0] ?? none)
  return {
    onsetAt: last.at,
    score: 1,
    facts: {
      side: last.side,
      systemId: last.side === 'sender' ? iface.from : iface.to,
      kind: last.kind,
      from: last.from,
      to: last.to,
      changedAt: last.at,
      peers: last.peers,
      changes: memory.changes.filter((change) => now - change.at < tellMs).length,
      seenSince: last.seenSince,
      badSince: last.badSince,
      badShareBefore: rounded(last.badShareBefore),
    },
    exchangeIds: memory.exchangeIds,
  }
}

const none = changePart.fresh()
