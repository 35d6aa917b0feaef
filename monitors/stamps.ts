import type { Stamp } from '../gateway/model/document.ts'
import { decidingAnswer } from '../gateway/model/exchange.ts'
import type { Monitor, Seen } from '../gateway/model/reading.ts'
import { remembered } from '../gateway/model/remembered.ts'
import type { Instant, Millis } from '../gateway/model/time.ts'
import { duringOf, isBeginning, shareOf } from './shared/rate.ts'
import { amount, flag, type Held, heldAt, keyed, list, raw, record, versioned } from './shared/state.ts'
import { rounded, say, type Telling, voicePart } from './shared/voice.ts'
import { type InterfaceQuestion, watchInterfaces } from './shared/watch.ts'
import {
  calm,
  type Element,
  elementPart,
  noteShift,
  rule,
  type Shifted,
  shiftOf,
  stuck,
  type What,
} from './stamps/stamp-shift.ts'

const learnedMin = 20
/** What messages say of themselves is of now: fewer tell it, and no type has to come twenty times before. */
const typeLearnedMin = 8
/** A message whose own stamp is further from its arrival than this has a clock or a queue to be looked at first. */
const clockMsMax: Millis = 600_000

const duringPart = list(amount(), 2)

const memoryPart = record({
  elements: keyed(elementPart),
  /** The messages' own stamps against their arrival, by type. */
  types: keyed(elementPart),
  /** Messages whose own stamp was right, and the same when a type's running episode began and when it was last off. */
  rightCount: amount(),
  rightDuring: keyed(duringPart),
  /** The same of the answers, against what their system answered rightly on any interface. */
  answers: keyed(elementPart),
  answersDuring: keyed(duringPart),
  answersSeen: amount(),
  /** The answer of that number was the last that was odd. */
  answersOddAt: amount(),
  /** Something is bad, though it may not be told yet. */
  hasBad: flag(),
  /** Some kind of events, as SIU, is off, or may be: it is looked at with each of them. */
  hasOddKind: flag(),
  voice: voicePart,
})
type Memory = Held<typeof memoryPart>

/** By system: answers whose own stamp was right, of all its interfaces. */
const rightAnswersPart = keyed(amount())
const wholePart = versioned(1, record({ rightAnswers: rightAnswersPart, interfaces: raw }))
type RightAnswers = Held<typeof rightAnswersPart>

const elementsMax = 32
const typesMax = 24
/** So many messages of other types were right meanwhile: it isn't the clock. */
const othersRightMin = 2
/** And nearly all of its own type were off: else it is one of several senders. */
const ofTypeMin = 0.8
const answersEvery = 4
const answersSettled = 100
/** Stamps looked at of one message: a result of thirty values has one answer, not thirty. */
const stampsMax = 8

/**
 * Does every element of a message state its times as it used to? `stamps/element`: the message's own stamp is right, and one element beside it, which always
 * kept to it within two minutes, is off by the same half hours again and again, decades away, unreadable or a mere date, or says the same minute whatever the hour. What waited or
 * was written later is off by anything, and never ahead.
 * Where a message states its own time twice, either is held to the other; and where one type of message alone is off, others being right, its own stamp is such an
 * element; so is that of the answers to one type, where the same system answers others rightly, on whatever interface.
 */
export const stamps: Monitor = {
  name: 'stamps',
  start(options, saved) {
    const whole = wholePart.start(saved)
    const running = watchInterfaces(questionBeside(whole.rightAnswers)).start(options, whole.interfaces)
    return { assess: running.assess, save: () => wholePart.save({ ...whole, interfaces: running.save() }) }
  },
}

function questionBeside(rightAnswers: RightAnswers): InterfaceQuestion<Memory> {
  return {
    name: 'stamps',
    version: 4,
    memory: memoryPart,
    note(memory, seen) {
      noteAnswer(memory, seen, rightAnswers)
      const { item, exchange, id, at } = seen
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
        if (shift === null) calm(element)
        else if (shift !== '') {
          noteShift(element, { shift, stamp, besideAt: beside }, what)
          memory.hasBad ||= element.rate.bad
        }
      }
    },
    judge(memory, { iface, now }, out) {
      if (!memory.hasBad && !memory.voice.bad) return
      const { elements, types, answers } = memory
      memory.hasBad = [elements, types, answers].some((some) => [...some.values()].some(({ rate }) => rate.bad))
      const found = worstOf(memory)
      if (found === null && !memory.voice.bad) return
      const saying = { monitor: 'stamps', signal: 'element', subject: { kind: 'interface', id: iface.id }, now } as const
      say(out, memory.voice, saying, found === null ? null : 'ticket', () => tellingOf(found))
    },
  }
}

function tellingOf(found: Named | null): Telling {
  const { rate, shift } = found?.element ?? elementPart.fresh()
  const halfHours = Number(shift)
  return {
    onsetAt: rate.onsetAt,
    score: rounded(Math.max(rate.sum / rule.threshold, 1)),
    facts: {
      element: found?.name ?? '',
      side: found?.side ?? 'request',
      /** Hours behind (positive) or ahead of what was usual; null: decades away, or unreadable. */
      offHours: Number.isFinite(halfHours) ? halfHours / 2 : null,
      how: Number.isFinite(halfHours) ? 'shift' : shift,
      odd: rate.hits,
      seen: duringOf(rate),
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

/** The message's own stamp among those of its type. What passes late is off by anything; what is written otherwise is off by the same. */
function noteType(memory: Memory, name: string | null, { own, all, arrivedAt }: Stamped, what: What): void {
  const stamp = own ?? all.find(isMessages)
  if (name === null || stamp === undefined) return
  const type = heldAt(memory.types, name, elementPart, typesMax)
  if (type === null) return
  const shift = shiftOf(type, stamp, arrivedAt, typeLearnedMin)
  if (own !== null) memory.rightCount += 1
  if (shift === null) calm(type)
  else if (shift !== '') noteTypeShift(memory, { name, type, shift, stamp, besideAt: arrivedAt }, what)
  if (type.seen > typeLearnedMin && shift === null && !memory.hasOddKind) return
  // Events of one kind come seldom each, and are written by one piece of code: SIU^S12 to S15 learn together, and are off together.
  const caret = name.indexOf('^')
  const kind = caret < 0 ? null : heldAt(memory.types, name.slice(0, caret), elementPart, typesMax)
  if (kind === null) return
  const kindShift = shiftOf(kind, stamp, arrivedAt, typeLearnedMin)
  if (kindShift === null) calm(kind)
  else if (kindShift !== '')
    noteTypeShift(memory, { name: name.slice(0, caret), type: kind, shift: kindShift, stamp, besideAt: arrivedAt }, what)
  const isOpen = memory.hasOddKind || (kindShift !== null && kindShift !== '')
  if (isOpen) memory.hasOddKind = [...memory.types].some(([key, { rate }]) => !key.includes('^') && (rate.bad || rate.sum > 0))
}

type TypeShifted = Shifted & { readonly name: string; readonly type: Element }

function noteTypeShift(memory: Memory, of: TypeShifted, what: What): void {
  noteDuring(memory.rightDuring, of, memory.rightCount)
  noteShift(of.type, of, what)
  memory.hasBad ||= of.type.rate.bad
}

function noteDuring(during: Memory['rightDuring'], { name, type }: TypeShifted, rightCount: number): void {
  const [start = rightCount] = isBeginning(type.rate, rule) ? [] : (during.get(name) ?? [])
  during.set(name, [start, rightCount])
}

/** The answer's own stamp among those of the answers to its type; that of its transport is of another layer. */
function noteAnswer(memory: Memory, { item, exchange, iface, id, at }: Seen, rightAnswers: RightAnswers): void {
  // Where all have been right for long one of several will do.
  memory.answersSeen += 1
  if (memory.answersSeen % answersEvery !== 0 && memory.answersSeen - memory.answersOddAt > answersSettled) return
  const stamp = item.answerFacts?.stamps.find(isMessages)
  const answeredAt = stamp === undefined ? undefined : decidingAnswer(exchange)?.endAt
  if (stamp === undefined || answeredAt === undefined) return
  const isRight = isAbout(stamp, answeredAt)
  if (!isRight) memory.answersOddAt = memory.answersSeen
  const systemId = exchange.requestFrom === 'acceptor' ? iface.from : iface.to
  const right = rightAnswers.get(systemId) ?? 0
  if (isRight) rightAnswers.set(systemId, right + 1)
  const name = exchange.type ?? ''
  const type = heldAt(memory.answers, name, elementPart, typesMax)
  if (type === null) return
  const shift = shiftOf(type, stamp, answeredAt, typeLearnedMin)
  if (shift === null) calm(type)
  if (shift === null || shift === '') return
  const of = { name, type, shift, stamp, besideAt: answeredAt }
  noteDuring(memory.answersDuring, of, right)
  noteShift(type, of, { id, at, exchangeId: exchange.id })
  memory.hasBad ||= type.rate.bad
}

interface Named {
  readonly side: 'request' | 'answer'
  readonly name: string
  readonly element: Element
}

function worstOf(memory: Memory): Named | null {
  const { elements, types, rightDuring, answers, answersDuring } = memory
  const ofRequests = worstAmong(elements, null) ?? worstAmong(types, rightDuring)
  if (ofRequests !== null) return { side: 'request', ...ofRequests }
  const ofAnswers = worstAmong(answers, answersDuring)
  return ofAnswers === null ? null : { side: 'answer', ...ofAnswers }
}

/** `during`: of types, which are odd only while others are right. */
function worstAmong(some: ReadonlyMap<string, Element>, during: Memory['rightDuring'] | null): Omit<Named, 'side'> | null {
  let worst: Omit<Named, 'side'> | null = null
  for (const [name, element] of some) {
    // A queue that is emptied slowly brings all of one minute over several: in no other hour, and never ahead.
    if (!element.rate.bad || (element.shift.startsWith(stuck) && !element.isWrapped)) continue
    if (worst !== null && element.rate.hits <= worst.element.rate.hits) continue
    if (during === null || isOddAlone(element, during.get(name))) worst = { name, element }
  }
  return worst
}

function isOddAlone({ rate }: Element, [start = 0, last = 0]: readonly number[] = []): boolean {
  return last - start >= othersRightMin && shareOf(rate) >= ofTypeMin
}

/** `OBX[3]-14` is `OBX-14`: one element, wherever it stands. */
const elementOf = remembered((path) => path.replaceAll(/\[\d+\]/g, ''))
