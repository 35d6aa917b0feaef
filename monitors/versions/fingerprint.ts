import { hostOf } from '../../gateway/model/address.ts'
import type { Facts } from '../../gateway/model/document.ts'
import { type Envelope, envelopeValue } from '../../gateway/model/envelope.ts'
import { decidingAnswer } from '../../gateway/model/exchange.ts'
import type { Seen } from '../../gateway/model/reading.ts'
import type { FingerprintKind } from '../../gateway/model/version-change.ts'
import { amount, flag, type Held, list, record, word } from '../shared/state.ts'

/** One feature of one side's fingerprint: MSH-3/4, MSH-12, User-Agent and Server, implementation version (PS3.7 D.3.3.2), the version in a path. */
export interface Feature {
  readonly side: 'sender' | 'receiver'
  readonly kind: FingerprintKind
  readonly value: string
  readonly host: string
}

const valueCharsMax = 60

/** The features that one exchange shows of both sides; absent ones are left out. `sender` is who made the request. */
export function featuresOf({ exchange, item }: Seen): readonly Feature[] {
  const { connection, request } = exchange
  const isTurned = exchange.requestFrom === 'acceptor'
  const hosts = [hostOf(connection.initiator), hostOf(connection.acceptor)] as const
  const [sender, receiver] = isTurned ? [hosts[1], hosts[0]] : hosts
  const answer = decidingAnswer(exchange)
  const features: Feature[] = []
  const add = (side: Feature['side'], kind: FingerprintKind, value: string | null) => {
    if (value === null || value === '') return
    features.push({ side, kind, value: clean(value), host: side === 'sender' ? sender : receiver })
  }
  add('sender', 'software', softwareOf(request?.envelope, 'user-agent'))
  add('receiver', 'software', softwareOf(answer?.envelope, 'server'))
  add('sender', 'application', item.requestFacts?.sender ?? null)
  add('receiver', 'application', item.answerFacts?.sender ?? null)
  add('sender', 'message-version', item.requestFacts?.version ?? null)
  add('sender', 'path', pathVersion(exchange.type))
  return features
}

/** The paths that a message's facts have, for what comes with every message and what with some. */
export function pathsOf(facts: Facts): ReadonlySet<string> {
  const paths = new Set<string>()
  for (const { path } of facts.codes) paths.add(path)
  for (const { path } of facts.stamps) paths.add(path.includes('[') ? path.replace(/\[\d+\]/g, '') : path)
  return paths
}

/** What one feature of one host was, and what may be taking its place. */
export const slotPart = record({
  current: word(),
  count: amount(),
  candidate: word(),
  candidateCount: amount(),
  candidateAt: amount(),
  /** Share of bad messages when it first came. */
  candidateShare: amount(),
  /** Values that come and go: several programs behind one address. */
  known: list(word()),
  /** What it was before it changed last. */
  previous: word(),
  isVaried: flag(),
})
export type Slot = Held<typeof slotPart>

export interface FeatureChange {
  readonly from: string
  readonly at: number
  readonly badShareBefore: number
}

const establishedMin = 5
const changedMin = 3
const knownMax = 4

/**
 * Takes a value. Returns what it was before when it has just become certain that it changed, `back` when what it was before the last change is there
 * again (programs take turns, or a version was taken back), else null. `badShare`: of the messages before this one.
 */
export function changeOf(
  slot: Slot,
  value: string,
  { at, badShare }: { at: number; badShare: number },
): FeatureChange | 'back' | null {
  if (slot.isVaried) return null
  if (slot.current === '' || value === slot.current) {
    slot.current = value
    slot.count += 1
    if (slot.candidate !== '') remember(slot)
    return null
  }
  if (slot.known.includes(value)) return null
  if (value === slot.previous) {
    know(slot, slot.current)
    slot.current = value
    slot.previous = ''
    return 'back'
  }
  if (value !== slot.candidate) {
    if (slot.candidate !== '') remember(slot)
    slot.candidate = value
    slot.candidateCount = 0
    slot.candidateAt = at
    slot.candidateShare = badShare
  }
  slot.candidateCount += 1
  if (slot.candidateCount < changedMin) return null
  const from = slot.count >= establishedMin ? slot.current : null
  const { candidateAt, candidateShare } = slot
  Object.assign(slot, { current: value, previous: slot.current, count: slot.candidateCount, candidate: '', candidateCount: 0 })
  return from === null ? null : { from, at: candidateAt, badShareBefore: candidateShare }
}

function remember(slot: Slot): void {
  know(slot, slot.candidate)
  slot.candidate = ''
  slot.candidateCount = 0
}

function know(slot: Slot, value: string): void {
  slot.known.push(value)
  if (slot.known.length > knownMax) slot.isVaried = true
}

function softwareOf(envelope: Envelope | undefined, header: string): string | null {
  if (envelope === undefined) return null
  return (
    envelopeValue(envelope, 'implementation-version') ??
    envelopeValue(envelope, 'implementation-uid') ??
    envelopeValue(envelope, header)
  )
}

function pathVersion(type: string | null): string | null {
  if (type === null || !type.includes('/v')) return null
  return /\/(v\d+(?:\.\d+)?)(?=\/|$)/.exec(type)?.[1] ?? null
}

/** Software names itself in few characters; whatever else a peer writes there is cut and blurred. */
function clean(value: string): string {
  if (plain.test(value)) return value
  return value.slice(0, valueCharsMax).replace(/[^\w .\-/()+;:^|&,]/g, '?')
}

/** Nearly every value. */
const plain = /^[\w .\-/()+;:^|&,]{0,60}$/
