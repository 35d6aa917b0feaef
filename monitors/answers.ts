import type { Facts, KeyKind } from '../gateway/model/document.ts'
import type { Seen } from '../gateway/model/reading.ts'
import { rememberedByFamily } from '../gateway/model/remembered.ts'
import type { WireFact } from '../gateway/model/wire.ts'
import { hit, isBeginning, miss, type RateRule, ratePart, shareOf } from './shared/rate.ts'
import { amount, type Held, heldAt, keyed, list, record } from './shared/state.ts'
import { rounded, say, voicePart } from './shared/voice.ts'
import { watchInterfaces } from './shared/watch.ts'

const questionPart = record({ rate: ratePart, voice: voicePart })

const repeatedPart = list(amount(), 2)

const memoryPart = record({
  mismatch: questionPart,
  late: questionPart,
  orphan: questionPart,
  /** How far back the answered request was, by `1`, `2`, ..., `unknown`: the same again and again is an off-by-one that stays. */
  distances: keyed(amount()),
  lateMsMax: amount(),
  /** Answers that name the number of that kind which their request named, and those that name another, by type and kind. */
  repeats: keyed(repeatedPart),
})
type Memory = Held<typeof memoryPart>

/** An answer to another question should never come: two within some forty messages are a fault. */
const mismatchRule: RateRule = { usualShare: 0.0005, badShare: 0.05, threshold: 7, distinctMin: 2 }
const rareRule: RateRule = { usualShare: 0.002, badShare: 0.05, threshold: 9, distinctMin: 3 }
const distancesMax = 8
/** So many answers repeated the request's number, and hardly one didn't: it belongs to the question, and is no number of the answerer's own. */
const repeatsMin = 30
const othersShareMax = 0.01
const kindsMax = 48
/** A list of many things names none of them as its question. */
const keysMax = 8

/**
 * Do the answers fit the questions? `answers/mismatch`: the answer names another message than the one that waits, or another request, order or person in a body
 * that always repeated the request's. `answers/late`:
 * it came after the sender had given up. `answers/orphan`: nothing was asked.
 */
export const answers = watchInterfaces<Memory>({
  name: 'answers',
  version: 2,
  memory: memoryPart,
  note(memory, seen) {
    const { exchange, id, at } = seen
    const what = { id, at, exchangeId: exchange.id }
    const wrong = find(exchange.wire, 'wrong-control-id')
    const late = find(exchange.wire, 'late')
    const count = (question: Memory['mismatch'], rule: RateRule, isHit: boolean) => {
      if (isHit) hit(question.rate, rule, what)
      else miss(question.rate, rule)
    }
    const isWrong = wrong !== undefined || answersOther(memory, seen)
    if (isWrong) {
      if (isBeginning(memory.mismatch.rate, mismatchRule)) memory.distances = new Map()
      const distance = String(wrong?.distance ?? 'unknown')
      if (memory.distances.has(distance) || memory.distances.size < distancesMax) {
        memory.distances.set(distance, (memory.distances.get(distance) ?? 0) + 1)
      }
    }
    if (late !== undefined) {
      if (isBeginning(memory.late.rate, rareRule)) memory.lateMsMax = 0
      memory.lateMsMax = Math.max(memory.lateMsMax, late.afterMs)
    }
    count(memory.mismatch, mismatchRule, isWrong)
    count(memory.late, rareRule, late !== undefined)
    // A wrong answer also leaves an orphan behind: the mismatch tells it.
    count(memory.orphan, rareRule, exchange.outcome === 'orphan' && wrong === undefined)
  },
  judge(memory, at, out) {
    const { mismatch, late, orphan } = memory
    if (isQuiet(mismatch) && isQuiet(late) && isQuiet(orphan)) return
    const context = { monitor: 'answers', subject: { kind: 'interface', id: at.iface.id }, now: at.now } as const
    for (const signal of ['mismatch', 'late', 'orphan'] as const) {
      const { rate, voice } = memory[signal]
      const rule = signal === 'mismatch' ? mismatchRule : rareRule
      say(out, voice, { ...context, signal }, rate.bad ? 'ticket' : null, () => ({
        onsetAt: rate.onsetAt,
        score: rounded(Math.max(rate.sum / rule.threshold, 1)),
        facts: { count: rate.hits, seen: rate.seen, share: rounded(shareOf(rate)), ...extra(memory, signal) },
        exchangeIds: rate.exchangeIds,
      }))
    }
  },
})

/** Whether the body of an answer names another number than its request, of a kind that answers always repeated. */
function answersOther({ repeats }: Memory, { item, exchange }: Seen): boolean {
  const asked = item.requestFacts?.keys
  const told = item.answerFacts?.keys
  if (asked === undefined || told === undefined || exchange.outcome !== 'answered') return false
  if (told.length === 0 || told.length > keysMax || asked.length > keysMax) return false
  let isOther = false
  for (const { kind } of told) {
    const question = onlyOf(asked, kind)
    const answer = onlyOf(told, kind)
    const counts =
      question === null || answer === null ? null : heldAt(repeats, named(kind, String(exchange.type)), repeatedPart, kindsMax)
    if (counts === null) continue
    const [same = 0, others = 0] = counts
    const isSame = question === answer
    isOther ||= !isSame && same >= repeatsMin && others <= othersShareMax * same
    // What is usual doesn't learn what is wrong.
    if (isSame) counts[0] = same + 1
    else if (same < repeatsMin) counts[1] = others + 1
  }
  return isOther
}

/** What is counted of numbers of each kind is known by the type of the message and by them. */
const named = rememberedByFamily((kind: KeyKind, type) => `${type} ${kind}`)

/** The one number of that kind; null: there is none, or several. */
function onlyOf(keys: Facts['keys'], kind: string): string | null {
  let only: string | null = null
  for (const key of keys) {
    if (key.kind !== kind) continue
    if (only !== null && only !== key.value) return null
    only = key.value
  }
  return only
}

function isQuiet({ rate, voice }: Memory['late']): boolean {
  return !rate.bad && !voice.bad
}

function extra(memory: Memory, signal: 'mismatch' | 'late' | 'orphan'): { readonly [name: string]: number | string } {
  if (signal === 'late') return { lateMsMax: rounded(memory.lateMsMax) }
  if (signal === 'orphan') return {}
  const [distance, count] = [...memory.distances].toSorted((a, b) => b[1] - a[1])[0] ?? ['unknown', 0]
  const all = [...memory.distances.values()].reduce((sum, n) => sum + n, 0)
  return { distance, distanceShare: rounded(count / Math.max(all, 1)) }
}

function find<K extends WireFact['kind']>(wire: readonly WireFact[], kind: K): Extract<WireFact, { kind: K }> | undefined {
  return wire.find((fact): fact is Extract<WireFact, { kind: K }> => fact.kind === kind)
}
