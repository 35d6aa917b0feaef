import type { Facts } from '../../gateway/model/document.ts'
import type { Interface } from '../../gateway/model/interface.ts'
import { linkingKinds, namesSeveral } from '../../gateway/model/journey.ts'
import { isQuestion } from '../../gateway/model/question.ts'
import type { InspectedExchange, Reading } from '../../gateway/model/reading.ts'
import type { Instant } from '../../gateway/model/time.ts'
import { wordedInCode, wordedOf } from '../../gateway/model/wording-digest.ts'
import { accept, acceptedPart, hasAccepted } from '../shared/accepted.ts'
import { hashesOf, kindHashesOf } from '../shared/key-hashes.ts'
import { endEpisode, hit, isBeginning, miss, type RateRule, ratePart } from '../shared/rate.ts'
import { amount, type Held, heldAt, keyed, record } from '../shared/state.ts'
import { rounded, say, voicePart } from '../shared/voice.ts'
import { isGet } from './openings.ts'

const wirePart = record({
  /** Of all messages: those refused for a key that had been accepted. Of all that were refused for a key: the same. */
  ofAll: ratePart,
  ofRefused: ratePart,
  refused: amount(),
  denied: amount(),
  voice: voicePart,
})

/** What each system has accepted, and the interfaces on which any was refused for a key. */
export const deniedMemoryPart = record({ accepted: keyed(acceptedPart), wires: keyed(wirePart) })
export type DeniedMemory = Held<typeof deniedMemoryPart>

/** One in two hundred is chance: a patient that was merged, an order that was deleted. One in ten isn't. */
const ofAllRule: RateRule = { usualShare: 0.005, badShare: 0.1, threshold: 7, distinctMin: 3 }
/** Where the refused were never heard of, it is their sender who is wrong; a filter of keys may take some of them for known. */
const ofRefusedRule: RateRule = { usualShare: 0.15, badShare: 0.8, threshold: 4.5, distinctMin: 3 }
const systemsMax = 200
/** What is stored under its own number, and asked for by it. */
const thingKinds = kindHashesOf([...linkingKinds, 'pack'])
/** Asked of messages that are about no order: admissions, moves, merges. */
const personKinds = kindHashesOf(['patient', 'visit'])
const patientKind = kindHashesOf(['patient'])

/** Takes an exchange in: what its receiver has accepted, and whether it now denies it. */
export function noteDenied(
  memory: DeniedMemory,
  { item, iface, isOrphan }: { item: InspectedExchange; iface: Interface; isOrphan: boolean },
): void {
  const { exchange } = item.entry
  const { requestFacts, answerFacts } = item
  if (requestFacts === null) return
  const isAsking = isGet(exchange)
  const hasNone = isWithout(item, isAsking)
  const isRefused = hasNone || (exchange.outcome === 'failed' && isUnknownKey(item))
  if (exchange.outcome !== 'answered' && !isRefused) return
  let wire = memory.wires.get(iface.id)
  // Who only asks leaves nothing with who answers.
  if (isAsking && !isRefused && wire === undefined) return
  const things = hashesOf(thingKinds, [requestFacts.keys])
  // Of a person there may be nothing, and on any day many are asked after in vain.
  const hashes = things.length > 0 || isAsking || hasNone ? things : hashesOf(personKinds, [requestFacts.keys])
  if (hashes.length === 0) return
  const receiver = exchange.requestFrom === 'acceptor' ? iface.from : iface.to
  const accepted = heldAt(memory.accepted, receiver, acceptedPart, systemsMax)
  if (accepted === null) return
  if (!isRefused) {
    if (!isAsking) for (const hash of hashes) accept(accepted, hash)
    if (!isAsking && answerFacts !== null) for (const hash of givenIn(answerFacts)) accept(accepted, hash)
    if (wire === undefined) return
    miss(wire.ofAll, ofAllRule)
    if (!wire.ofAll.bad && wire.ofAll.sum === 0) endEpisode(wire.ofRefused)
    return
  }
  if (wire === undefined) {
    wire = wirePart.fresh()
    memory.wires.set(iface.id, wire)
  }
  if (isBeginning(wire.ofAll, ofAllRule)) {
    wire.refused = 0
    wire.denied = 0
  }
  wire.refused += 1
  // A number that was cut short is that of many: another one's result was taken under it, and no order.
  if (isOrphan || !hashes.some((hash) => hasAccepted(accepted, hash))) {
    miss(wire.ofRefused, ofRefusedRule)
    return
  }
  wire.denied += 1
  // An order that was deleted and is asked for again and again is one, and so is all that is about one patient.
  const [who] = hashesOf(patientKind, [requestFacts.keys])
  const what = { id: who ?? hashes[0] ?? 0, at: item.now, exchangeId: exchange.id }
  hit(wire.ofAll, ofAllRule, what)
  hit(wire.ofRefused, ofRefusedRule, what)
}

export function judgeDenied(memory: DeniedMemory, { id }: Interface, now: Instant, out: Reading[]): void {
  const wire = memory.wires.get(id)
  if (wire === undefined) return
  const isBad = wire.ofAll.bad && wire.ofRefused.bad
  if (!isBad && !wire.voice.bad) return
  const saying = { monitor: 'journeys', signal: 'denied', subject: { kind: 'interface', id }, now } as const
  say(out, wire.voice, saying, isBad ? 'ticket' : null, () => ({
    onsetAt: wire.ofAll.onsetAt,
    score: rounded(Math.max(wire.ofAll.sum / ofAllRule.threshold, 1)),
    facts: { denied: wire.denied, refused: wire.refused },
    exchangeIds: wire.ofAll.exchangeIds,
  }))
}

/** The numbers that an answer gives what it has taken. A list is of what was there before. */
function givenIn({ keys }: Facts): readonly number[] {
  return keys.length === 0 || namesSeveral(keys) ? [] : hashesOf(thingKinds, [keys])
}

/** A question that was answered well, and with nothing of what it asked for. */
function isWithout({ entry, requestFacts, answerFacts }: InspectedExchange, isAsking: boolean): boolean {
  if (answerFacts?.hasNone !== true || entry.exchange.outcome !== 'answered') return false
  return isAsking || isQuestion(requestFacts?.type ?? entry.exchange.type ?? '')
}

/** HL7 table 0357: 204 unknown key identifier. RFC 9110: 404, 410 gone. PS3.7 Annex C: 0112 no such object instance. Or in words. */
function isUnknownKey({ entry, answerFacts }: InspectedExchange): boolean {
  const { code } = entry.exchange
  if (code === '404' || code === '410' || code === '0112') return true
  return (
    answerFacts?.ack?.errors.some(
      (error) =>
        error.code === '204' ||
        (error.code !== null && wordedInCode(error.code) === 'order') ||
        (error.textDigest !== null && wordedOf(error.textDigest) === 'order'),
    ) === true
  )
}
