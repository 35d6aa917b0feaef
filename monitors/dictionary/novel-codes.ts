import type { Instant } from '../../gateway/model/time.ts'
import { codeShape } from '../shared/code-shape.ts'
import { hashOf, keepLast } from '../shared/rate.ts'
import { amount, type Held, heldAt, keyed, list, record, word } from '../shared/state.ts'
import { absenceSurprise, adopt, type CodeSet, codeSetPart, formerOf, isClosed, openUp, unseenBound } from './code-set.ts'

/** A code that its closed set didn't have, until it is accepted into it. */
const novelPart = record({
  field: word(),
  hash: amount(),
  shape: word(),
  count: amount(),
  firstAt: amount(),
  firstSeen: amount(),
  /** Of the set, when it first came. */
  unseen: amount(),
  messages: list(amount()),
  /** Hash of the code that it stands for now; -1: none vanished. */
  former: amount(-1),
})
export type Novel = Held<typeof novelPart>

/** The sets of an interface's fields, and what is new in them. */
export const vocabularyPart = record({
  /** By path, of requests and of answers. */
  asked: keyed(codeSetPart),
  answered: keyed(codeSetPart),
  novel: list(novelPart),
  vanished: amount(),
  vanishedField: word(),
  vanishedAt: amount(),
})
export type Vocabulary = Held<typeof vocabularyPart>

const fieldsMax = 40
const novelMax = 32
/** All fields of an interface together hold no more codes than this. */
const heldMax = 500
/** algorithms.md 6: the same new code three times in two messages, or more new codes than the set's tail explains. */
const sameCodeMin = 3
const chanceMax = 1e-4
const severalMin = 3
/** e^-9.2: one in ten thousand. */
const newcomerSurprise = 9.2
/** A new code that nobody refuses is one of the set's after a day. */
const adoptAfterMs = 24 * 3_600_000
/** A code that made a good part of its set, away for a week and beyond chance. */
const vanishedMs = 7 * 24 * 3_600_000
const vanishedSurprise = 13.8

/** `>OBX-3.1` of requests, `<Observation.code` of answers. */
export type CodeSide = '>' | '<'

/** The set of a path on that side; null: there are too many. */
export function setOf(vocabulary: Vocabulary, side: CodeSide, path: string): CodeSet | null {
  return heldAt(side === '<' ? vocabulary.answered : vocabulary.asked, path, codeSetPart, fieldsMax)
}

/** The set of a field by its name, as a novel code has it. */
function fieldOf({ asked, answered }: Vocabulary, field: string): CodeSet | undefined {
  return (field.startsWith('<') ? answered : asked).get(field.slice(1))
}

function allFields({ asked, answered }: Vocabulary): readonly (readonly [field: string, set: CodeSet])[] {
  const named = (side: CodeSide, sets: ReadonlyMap<string, CodeSet>) =>
    [...sets].map(([path, set]) => [`${side}${path}`, set] as const)
  return [...named('>', asked), ...named('<', answered)]
}

/** Takes a code that its closed set never had. */
export function noteNovel(
  memory: Vocabulary,
  set: CodeSet,
  code: { field: string; hash: number; value: string },
  seen: { id: string; at: Instant },
): void {
  const message = hashOf(seen.id)
  let novel = memory.novel.find((n) => n.hash === code.hash && n.field === code.field)
  if (novel === undefined) {
    if (memory.novel.length >= novelMax) return
    const { field, hash, value } = code
    novel = {
      ...novelPart.fresh(),
      field,
      hash,
      shape: codeShape(value),
      firstAt: seen.at,
      firstSeen: set.seen,
      unseen: unseenBound(set),
    }
    novel.messages = []
    memory.novel.push(novel)
  }
  if (novel.messages.includes(message)) return
  keepLast(novel.messages, message, 4)
  novel.count += 1
}

/** A day without a refusal makes a new code one of its set; one that is being refused stays news. */
export function settleNovel(memory: Vocabulary, accused: ReadonlySet<number>, now: Instant): void {
  if (memory.novel.length === 0) return
  const taken = new Set(memory.novel.map(({ former }) => former))
  memory.novel = memory.novel.filter((novel) => {
    const set = fieldOf(memory, novel.field)
    if (set === undefined || set.isOpen) return false
    if (novel.former < 0 && novel.count >= 5) {
      novel.former = formerOf(set, { sinceSeen: novel.firstSeen, count: novel.count }, taken) ?? -1
      taken.add(novel.former)
    }
    if (now - novel.firstAt < adoptAfterMs || accused.has(novel.hash)) return true
    adopt(set, novel.hash, novel.count, now)
    return false
  })
}

/** Whether what is new is more than the tail of its set. */
export function isNews(memory: Vocabulary): boolean {
  if (memory.novel.some((novel) => isNewcomer(memory, novel))) return true
  if (memory.novel.length < severalMin) return false
  const [first] = memory.novel
  const set = first === undefined ? undefined : fieldOf(memory, first.field)
  if (first === undefined || set === undefined) return false
  const together = memory.novel.filter(({ field }) => field === first.field).length
  return together >= severalMin && tailOf(together, (set.seen - first.firstSeen + 1) * first.unseen) <= chanceMax
}

/** Comes again and again, so that it would have come before if it always came as often: a rare code of old is no news. */
function isNewcomer(memory: Vocabulary, novel: Novel): boolean {
  const { count, messages, firstSeen } = novel
  if (count < sameCodeMin || messages.length < 2) return false
  const since = Math.max((fieldOf(memory, novel.field)?.seen ?? 0) - firstSeen, count)
  return ((count - 1) / since) * firstSeen >= newcomerSurprise
}

/** Poisson: the chance of so many or more where `expected` are expected. */
function tailOf(count: number, expected: number): number {
  let term = Math.exp(-expected)
  let below = 0
  for (let k = 0; k < count; k += 1) {
    below += term
    term *= expected / (k + 1)
  }
  return Math.max(1 - below, 0)
}

/** Takes in what was accepted for a day, looks for what stays away, and keeps the sets within their bound. */
export function lookAround(memory: Vocabulary, now: Instant): void {
  const fields = allFields(memory)
  const held = fields.reduce((sum, [, { codes }]) => sum + codes.size, 0)
  const [largest] = held > heldMax ? fields.map(([, set]) => set).toSorted((a, b) => b.codes.size - a.codes.size) : []
  if (largest !== undefined) openUp(largest)
  memory.vanished = 0
  for (const [field, set] of fields) {
    if (!isClosed(set)) continue
    for (const [hash, known] of set.codes) {
      if (now - known.lastAt < vanishedMs || absenceSurprise(set, known) < vanishedSurprise) continue
      memory.vanished += 1
      memory.vanishedField = field
      memory.vanishedAt = known.lastAt
      // Told of for a week, then it is no code of the set any more.
      if (now - known.lastAt > 2 * vanishedMs) set.codes.delete(hash)
    }
  }
}
