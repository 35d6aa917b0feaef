import type { Key, KeyKind } from '../../gateway/model/document.ts'
import type { Interface } from '../../gateway/model/interface.ts'
import type { InspectedExchange, Reading } from '../../gateway/model/reading.ts'
import type { Instant } from '../../gateway/model/time.ts'
import { type Accepted, hasAccepted } from '../shared/accepted.ts'
import { codeShape } from '../shared/code-shape.ts'
import {
  duringOf,
  hashOf,
  hit,
  isBeginning,
  keepLast,
  miss,
  type RateRule,
  ratePart,
  shareOf,
  usualShareOf,
} from '../shared/rate.ts'
import { amount, flag, type Held, heldAt, keyed, list, record, word } from '../shared/state.ts'
import { rounded, say, voicePart } from '../shared/voice.ts'

/** Of numbers that are formed alike: their shape, and how many were known, and how many weren't. */
const formPart = record({
  shape: word(),
  known: amount(),
  unknown: amount(),
  /** So it was when we learned what is usual: they are ordered where nobody listens, as check-ups are, and come by the group. */
  isFromElsewhere: flag(),
})

/** Results of one interface: how many were of orders that neither end had been sent, and whose number is formed as that of none that was. */
export const orphansPart = record({
  seen: amount(),
  unknown: amount(),
  isLearned: flag(),
  /** Hash of the last result: an order with many images is one. */
  lastResult: amount(),
  /** Hashes of the last orders that nobody had been sent: their first result makes none of them known. */
  oddOrders: list(amount()),
  usualShare: amount(0.005),
  rate: ratePart,
  /** By hash of how an order number is formed. */
  forms: keyed(formPart),
  /** Shapes of the last that was known, and of the last that wasn't. */
  knownShape: word(),
  unknownShape: word(),
  voice: voicePart,
})
export type Orphans = Held<typeof orphansPart>

/** What an order is known by at both its ends. */
const orderKinds: ReadonlySet<KeyKind> = new Set<KeyKind>(['placer', 'accession'])
/** Messages that tell of what was done on an order. */
const resultType = /^(?:ORU|OUL|MDM|C-STORE)\b/
/** So many tell what is usual; older ones count by half, and half again. Where more than this share is of unknown orders, that says nothing. */
const seenMin = 100
const seenMax = 600
const elsewhereMin = 3
const usualShareMin = 0.005
const usualShareMax = 0.2
const formsMax = 8
const oddOrdersMax = 32
/** One in seventeen where two in a thousand were usual (the domain study's example). */
const badShareMin = 0.06

/** Takes a result in, before its order counts as known to who receives it. `known`: what both ends have accepted. True: its number is formed as that of no order that was sent. */
export function noteOrphan(
  memory: Orphans,
  { entry, requestFacts, now }: InspectedExchange,
  known: readonly (Accepted | undefined)[],
): boolean {
  const { exchange } = entry
  if (!resultType.test(exchange.type ?? '') || (exchange.outcome !== 'answered' && exchange.outcome !== 'failed')) return false
  const order = requestFacts?.keys.find(({ kind }) => orderKinds.has(kind))
  // An exam without an order is no orphan.
  if (order === undefined) return false
  const hash = hashOfKey(order)
  const filler = requestFacts?.keys.find(({ kind }) => kind === 'filler')
  const result = filler === undefined ? hash : hashOf(filler.value, hash)
  const wasOdd = memory.oddOrders.includes(hash)
  if (result === memory.lastResult) return wasOdd
  memory.lastResult = result
  const isKnown = !wasOdd && known.some((accepted) => accepted !== undefined && hasAccepted(accepted, hash))
  const isOrphan = isOdd(memory, order.value, isKnown)
  if (isOrphan && !wasOdd) keepLast(memory.oddOrders, hash, oddOrdersMax)
  count(memory, isOrphan, { result, at: now, exchangeId: exchange.id })
  return isOrphan
}

function count(
  memory: Orphans,
  isOrphan: boolean,
  { result, at, exchangeId }: { result: number; at: Instant; exchangeId: string },
): void {
  const wasBad = memory.rate.bad
  if (!wasBad) countUsual(memory, isOrphan)
  if (!memory.isLearned && memory.seen >= seenMin) learn(memory)
  if (!isOrphan) {
    miss(memory.rate, ruleOf(memory))
    return
  }
  if (memory.seen < seenMin || memory.unknown > usualShareMax * memory.seen + memory.rate.hits) return
  const begins = isBeginning(memory.rate, ruleOf(memory))
  if (begins) memory.usualShare = Math.max(usualShareOf(memory.unknown - 1, memory.seen), usualShareMin)
  hit(memory.rate, ruleOf(memory), { id: String(result), at, exchangeId }, begins)
  // What turned out to be the beginning of an episode is not what is usual.
  if (memory.rate.bad && !wasBad) memory.unknown = Math.max(0, memory.unknown - memory.rate.hits)
}

/** `isMissing`: results of orders that were sent stay away on that interface. */
export function judgeOrphans(
  memory: Orphans,
  { iface: { id }, now, isMissing }: { iface: Interface; now: Instant; isMissing: boolean },
  out: Reading[],
): void {
  const { rate } = memory
  // Told apart by a letter alone, they are a kind of its own, ordered where nobody listens; unless others stay away for them.
  const isBad = rate.bad && (isMissing || memory.unknownShape !== memory.knownShape)
  if (!isBad && !memory.voice.bad) return
  const saying = { monitor: 'journeys', signal: 'orphan', subject: { kind: 'interface', id }, now } as const
  say(out, memory.voice, saying, isBad ? 'ticket' : null, () => ({
    onsetAt: rate.onsetAt,
    score: rounded(Math.max(rate.sum / threshold, 1)),
    facts: {
      unknown: rate.hits,
      seen: duringOf(rate),
      share: rounded(shareOf(rate)),
      usualShare: rounded(memory.usualShare),
      shape: memory.unknownShape,
      usualShape: memory.knownShape,
    },
    exchangeIds: rate.exchangeIds,
  }))
}

/** As `linkingHashes` has it. */
function hashOfKey({ kind, value }: Key): number {
  return hashOf(value, hashOf(kind))
}

/** Unknown, and of a form of which most are. Of another form it may have been ordered before we listened, or where we don't. */
function isOdd(memory: Orphans, number: string, isKnown: boolean): boolean {
  const counts = heldAt(memory.forms, formOf(number), formPart, formsMax)
  // Numbers without a form tell nothing.
  if (counts === null) return false
  if (counts.shape === '') {
    counts.shape = codeShape(number)
    counts.isFromElsewhere = shorterForms(number).some((form) => memory.forms.get(form)?.isFromElsewhere)
  }
  if (isKnown) counts.known += 1
  else counts.unknown += 1
  const isUnknownForm = 2 * counts.known < counts.unknown
  // A filter of keys takes some for known that aren't.
  if (isKnown && !isUnknownForm) memory.knownShape = counts.shape
  if (isKnown || !isUnknownForm || counts.isFromElsewhere) return false
  memory.unknownShape = counts.shape
  return true
}

function formOf(number: string): string {
  return String(hashOf(number.replaceAll(/\d/g, '9')))
}

/** Of the numbers that it may have grown from by a digit: `T-1004` comes after `T-999`. */
function shorterForms(number: string): readonly string[] {
  return [...number.matchAll(/(?<!\d)10\d*/g)].map(({ index }) => formOf(number.slice(0, index) + number.slice(index + 1)))
}

/** What was unknown at first was ordered before we listened: of a form that is known now, or of one that is ordered elsewhere. */
function learn(memory: Orphans): void {
  memory.isLearned = true
  memory.unknown = 0
  for (const form of memory.forms.values()) {
    if (2 * form.known >= form.unknown) continue
    if (form.unknown >= elsewhereMin) form.isFromElsewhere = true
    else memory.unknown += form.unknown
  }
}

function countUsual(memory: Orphans, isOrphan: boolean): void {
  memory.seen += 1
  if (isOrphan) memory.unknown += 1
  if (memory.seen < seenMax) return
  memory.seen /= 2
  memory.unknown /= 2
}

/** One false alarm in a hundred weeks at a thousand results a day. */
const threshold = 9.6

function ruleOf({ usualShare }: Orphans): RateRule {
  return {
    usualShare,
    badShare: Math.max(badShareMin, Math.min(3 * usualShare, (1 + usualShare) / 2)),
    threshold,
    distinctMin: 3,
  }
}
