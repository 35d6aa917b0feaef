import type { Stamp } from '../gateway/model/document.ts'
import type { Instant, Millis } from '../gateway/model/time.ts'
import { hit, isBeginning, miss, type RateRule, ratePart, shareOf } from './rate.ts'
import { amount, flag, type Held, heldAt, keyed, list, record, word } from './state.ts'
import { rounded, say, type Telling, voicePart } from './voice.ts'
import { watchInterfaces } from './watch.ts'

/** One element that states a time beside the message's own, as `OBR-22`: how far it usually is behind that. */
const elementPart = record({
  seen: amount(),
  leastMs: amount(),
  mostMs: amount(),
  /** Its times are of when things happened, not of when the message was made: they tell nothing of how they are written. */
  isLoose: flag(),
  /** By how much the running episode's are off: half hours, `far`, `unreadable`, `coarse` or `minute 11`. */
  shift: word(),
  /** Of an episode whose minutes are always the same: the time that came last, and whether it was ever ahead of its message, or of another hour than the first. */
  lastAt: amount(),
  isWrapped: flag(),
  rate: ratePart,
})
type Element = Held<typeof elementPart>

const memoryPart = record({
  elements: keyed(elementPart),
  /** The messages' own stamps against their arrival, by type. */
  types: keyed(elementPart),
  /** Messages whose own stamp was right, and the same when a type's running episode began and when it was last off. */
  rightCount: amount(),
  rightDuring: keyed(list(amount(), 2)),
  /** Some kind of events, as SIU, is off, or may be: it is looked at with each of them. */
  hasOddKind: flag(),
  voice: voicePart,
})
type Memory = Held<typeof memoryPart>

const elementsMax = 32
const typesMax = 24
/** So many messages of other types were right meanwhile: it isn't the clock. */
const othersRightMin = 2
/** And nearly all of its own type were off: else it is one of several senders. */
const ofTypeMin = 0.8
/** Stamps looked at of one message: a result of thirty values has one answer, not thirty. */
const stampsMax = 8
const learnedMin = 20
/** What messages say of themselves is of now: fewer tell it, and no type has to come twenty times before. */
const typeLearnedMin = 8
/** A loose element is looked at again after so many: one odd message among the first is no reason for ever. */
const looseMax = 2_000
const halfHourMs: Millis = 1_800_000
/** A message whose own stamp is further from its arrival than this has a clock or a queue to be looked at first. */
const clockMsMax: Millis = 600_000
/** What is written with the message is at most so far from its stamp, and varies by less. */
const besideMsMax: Millis = 600_000
const spreadMsMax: Millis = 120_000
/** Zones, twelve hours and stray zeros are hours off. */
const halfHoursMin = 4
/** Of a fault in how it is written every one is off by the same, to within this. */
const slackMs: Millis = 60_000
const hourMs: Millis = 3_600_000
const farMs: Millis = 365 * 24 * 3_600_000
const rule: RateRule = { usualShare: 0.005, badShare: 0.3, threshold: 9, distinctMin: 6 }

/**
 * Does every element of a message state its times as it used to? `stamps/element`: the message's own stamp is right, and one element beside it, which always
 * kept to it within two minutes, is off by the same half hours again and again, decades away, unreadable or a mere date, or says the same minute whatever the hour. What waited or
 * was written later is off by anything, and never ahead.
 * Where a message states its own time twice, either is held to the other; and where one type of message alone is off, others being right, its own stamp is such an
 * element.
 */
export const stamps = watchInterfaces<Memory>({
  name: 'stamps',
  version: 4,
  memory: memoryPart,
  note(memory, { item, exchange, id, at }) {
    const all = item.requestFacts?.stamps
    const arrivedAt = exchange.request?.endAt
    if (all === undefined || all.length === 0 || arrivedAt === undefined) return
    const what = { id, at, exchangeId: exchange.id }
    const own = ownStamp(all, arrivedAt)
    noteType(memory, item.requestFacts?.type ?? null, { own, all, arrivedAt }, what)
    // What never says when it was written is held to its arrival.
    const ownAt = own === null ? (all.some(isMessages) ? null : arrivedAt) : own.at
    if (ownAt === null || (own !== null && all.length < 2)) return
    const { elements } = memory
    const twin =
      own === null ? undefined : all.find((stamp) => stamp !== own && isTwin(stamp, own) && isAbout(stamp, arrivedAt))
    let last = ''
    for (let i = 0; i < all.length && i < stampsMax; i += 1) {
      const stamp = all[i]
      // The transport's own stamps are of another layer: they are right whatever the body says.
      if (stamp === undefined || stamp.path.startsWith('@')) continue
      if (own !== null && stamp !== own && isMessages(stamp) && !isTwin(stamp, own)) continue
      const beside = stamp === own ? (twin?.at ?? null) : ownAt
      if (beside === null) continue
      const name = elementOf(stamp.path)
      if (name === last) continue
      last = name
      const element = heldAt(elements, name, elementPart, elementsMax)
      if (element === null) continue
      const shift = shiftOf(element, stamp, beside, learnedMin)
      if (shift === null) miss(element.rate, rule)
      else if (shift !== '') noteShift(element, { shift, stamp, besideAt: beside }, what)
    }
  },
  judge(memory, { iface, now }, out) {
    const found = worstOf(memory)
    if (found === null && !memory.voice.bad) return
    const saying = { monitor: 'stamps', signal: 'element', subject: { kind: 'interface', id: iface.id }, now } as const
    say(out, memory.voice, saying, found === null ? null : 'ticket', () => tellingOf(found))
  },
})

function tellingOf(found: Named | null): Telling {
  const { rate, shift } = found?.element ?? elementPart.fresh()
  const halfHours = Number(shift)
  return {
    onsetAt: rate.onsetAt,
    score: rounded(Math.max(rate.sum / rule.threshold, 1)),
    facts: {
      element: found?.name ?? '',
      /** Hours behind (positive) or ahead of what was usual; null: decades away, or unreadable. */
      offHours: Number.isFinite(halfHours) ? halfHours / 2 : null,
      how: Number.isFinite(halfHours) ? 'shift' : shift,
      odd: rate.hits,
      seen: Math.max(rate.seen - rate.cleanRun, rate.hits),
      share: rounded(shareOf(rate)),
    },
    exchangeIds: rate.exchangeIds,
  }
}

/** The message's own stamp, if it is about right; null: none is. */
function ownStamp(all: readonly Stamp[], arrivedAt: Instant): Stamp | null {
  for (let i = 0; i < all.length && i < stampsMax; i += 1) {
    const stamp = all[i]
    if (stamp !== undefined && isMessages(stamp) && isAbout(stamp, arrivedAt)) return stamp
  }
  return null
}

/** Of the message itself, and not of its transport. */
function isMessages(stamp: Stamp): boolean {
  return stamp.kind === 'message' && !stamp.path.startsWith('@')
}

/** The message's time once more, as subject to the zone of who writes it. */
function isTwin(stamp: Stamp, own: Stamp): boolean {
  return isMessages(stamp) && stamp.hasZone === own.hasZone
}

function isAbout({ at }: Stamp, arrivedAt: Instant): boolean {
  return at !== null && Math.abs(at - arrivedAt) <= clockMsMax
}

interface Stamped {
  readonly own: Stamp | null
  readonly all: readonly Stamp[]
  readonly arrivedAt: Instant
}

interface What {
  readonly id: string
  readonly at: Instant
  readonly exchangeId: string
}

/** The message's own stamp among those of its type. What passes late is off by anything; what is written otherwise is off by the same. */
function noteType(memory: Memory, name: string | null, { own, all, arrivedAt }: Stamped, what: What): void {
  const stamp = own ?? all.find(isMessages)
  if (name === null || stamp === undefined) return
  const type = heldAt(memory.types, name, elementPart, typesMax)
  if (type === null) return
  const shift = shiftOf(type, stamp, arrivedAt, typeLearnedMin)
  if (own !== null) memory.rightCount += 1
  if (shift === null) miss(type.rate, rule)
  else if (shift !== '') noteTypeShift(memory, { name, type, shift, stamp, besideAt: arrivedAt }, what)
  if (type.seen > typeLearnedMin && shift === null && !memory.hasOddKind) return
  // Events of one kind come seldom each, and are written by one piece of code: SIU^S12 to S15 learn together, and are off together.
  const caret = name.indexOf('^')
  const kind = caret < 0 ? null : heldAt(memory.types, name.slice(0, caret), elementPart, typesMax)
  if (kind === null) return
  const kindShift = shiftOf(kind, stamp, arrivedAt, typeLearnedMin)
  if (kindShift === null) miss(kind.rate, rule)
  else if (kindShift !== '')
    noteTypeShift(memory, { name: name.slice(0, caret), type: kind, shift: kindShift, stamp, besideAt: arrivedAt }, what)
  const isOpen = memory.hasOddKind || (kindShift !== null && kindShift !== '')
  if (isOpen) memory.hasOddKind = [...memory.types].some(([key, { rate }]) => !key.includes('^') && (rate.bad || rate.sum > 0))
}

function noteTypeShift(memory: Memory, of: Shifted & { name: string; type: Element }, what: What): void {
  const { name, type } = of
  const [start = memory.rightCount] = isBeginning(type.rate, rule) ? [] : (memory.rightDuring.get(name) ?? [])
  memory.rightDuring.set(name, [start, memory.rightCount])
  noteShift(type, of, what)
}

/** By how much it is off, as a word; null: as usual; empty: nobody can say. Learns what is usual. */
function shiftOf(element: Element, { at, resolutionMs }: Stamp, besideAt: Instant, seenMin: number): string | null {
  const gapMs = at === null ? null : besideAt - at
  element.seen += 1
  if (element.isLoose) {
    if (element.seen < looseMax) return ''
    element.isLoose = false
    element.seen = 1
  }
  const isLearned = element.seen > seenMin
  if (at === null || gapMs === null) {
    // A vendor that always writes something else there.
    element.isLoose ||= !isLearned
    return isLearned ? 'unreadable' : ''
  }
  const { leastMs, mostMs } = element
  if (!isLearned) {
    element.leastMs = element.seen === 1 ? gapMs : Math.min(leastMs, gapMs)
    element.mostMs = element.seen === 1 ? gapMs : Math.max(mostMs, gapMs)
    element.isLoose = element.mostMs - element.leastMs > spreadMsMax || Math.abs(gapMs) > besideMsMax
    return ''
  }
  if (gapMs >= leastMs - slackMs && gapMs <= mostMs + slackMs) return null
  if (resolutionMs >= hourMs) return 'coarse'
  const byMs = gapMs - (leastMs + mostMs) / 2
  if (Math.abs(byMs) > farMs) return 'far'
  const halfHours = Math.round(byMs / halfHourMs)
  const restMs = Math.abs(byMs - halfHours * halfHourMs)
  if (Math.abs(halfHours) >= halfHoursMin && restMs <= (mostMs - leastMs) / 2 + slackMs) return String(halfHours)
  // The month written for the minute: the hour is right, so that it is less than one off.
  return Math.abs(byMs) < hourMs ? `${stuck}${Math.floor((at % hourMs) / 60_000)}` : ''
}

const stuck = 'minute '

interface Shifted {
  readonly shift: string
  readonly stamp: Stamp
  readonly besideAt: Instant
}

function noteShift(element: Element, { shift, stamp, besideAt }: Shifted, what: What): void {
  const begins = isBeginning(element.rate, rule)
  if (begins) element.shift = shift
  if (element.shift !== shift) miss(element.rate, rule)
  else if (!shift.startsWith(stuck) || stamp.at === null) hit(element.rate, rule, what)
  // What happened at one time and is told of again and again is no new evidence.
  else if (begins || stamp.at !== element.lastAt) {
    const isOtherHour = !begins && Math.floor(stamp.at / hourMs) !== Math.floor(element.lastAt / hourMs)
    element.isWrapped = (!begins && element.isWrapped) || isOtherHour || stamp.at > besideAt + slackMs
    element.lastAt = stamp.at
    hit(element.rate, rule, what)
  }
}

interface Named {
  readonly name: string
  readonly element: Element
}

function worstOf(memory: Memory): Named | null {
  return worstAmong(memory.elements, null) ?? worstAmong(memory.types, memory.rightDuring)
}

/** `rightDuring`: of types, which are odd only while others are right. */
function worstAmong(some: ReadonlyMap<string, Element>, rightDuring: Memory['rightDuring'] | null): Named | null {
  let worst: Named | null = null
  for (const [name, element] of some) {
    // A queue that is emptied slowly brings all of one minute over several: in no other hour, and never ahead.
    if (!element.rate.bad || (element.shift.startsWith(stuck) && !element.isWrapped)) continue
    if (worst !== null && element.rate.hits <= worst.element.rate.hits) continue
    if (rightDuring === null || isOddAlone(element, rightDuring.get(name))) worst = { name, element }
  }
  return worst
}

function isOddAlone({ rate }: Element, [start = 0, last = 0]: readonly number[] = []): boolean {
  return last - start >= othersRightMin && shareOf(rate) >= ofTypeMin
}

/** `OBX[3]-14` is `OBX-14`: one element, wherever it stands. */
function elementOf(path: string): string {
  const known = elementNames.get(path)
  if (known !== undefined) return known
  const name = path.replaceAll(/\[\d+\]/g, '')
  if (elementNames.size < elementNamesMax) elementNames.set(path, name)
  return name
}

/** A cache: follows from the paths alone. */
const elementNames = new Map<string, string>()
const elementNamesMax = 500
