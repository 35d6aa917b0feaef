import type { WireFact } from '../gateway/model/wire.ts'
import { hit, isBeginning, miss, type RateRule, ratePart, shareOf } from './rate.ts'
import { amount, type Held, keyed, record } from './state.ts'
import { rounded, say, voicePart } from './voice.ts'
import { watchInterfaces } from './watch.ts'

const questionPart = record({ rate: ratePart, voice: voicePart })

const memoryPart = record({
  mismatch: questionPart,
  late: questionPart,
  orphan: questionPart,
  /** How far back the answered request was, by `1`, `2`, ..., `unknown`: the same again and again is an off-by-one that stays. */
  distances: keyed(amount()),
  lateMsMax: amount(),
})
type Memory = Held<typeof memoryPart>

/** An answer to another question should never come: two within some forty messages are a fault. */
const mismatchRule: RateRule = { usualShare: 0.0005, badShare: 0.05, threshold: 7, distinctMin: 2 }
const rareRule: RateRule = { usualShare: 0.002, badShare: 0.05, threshold: 9, distinctMin: 3 }
const distancesMax = 8

/**
 * Do the answers fit the questions? `answers/mismatch`: the answer names another message than the one that waits. `answers/late`:
 * it came after the sender had given up. `answers/orphan`: nothing was asked.
 */
export const answers = watchInterfaces<Memory>({
  name: 'answers',
  version: 1,
  memory: memoryPart,
  note(memory, { exchange, id, at }) {
    const what = { id, at, exchangeId: exchange.id }
    const wrong = find(exchange.wire, 'wrong-control-id')
    const late = find(exchange.wire, 'late')
    const count = (question: Memory['mismatch'], rule: RateRule, isHit: boolean) => {
      if (isHit) hit(question.rate, rule, what)
      else miss(question.rate, rule)
    }
    if (wrong !== undefined) {
      if (isBeginning(memory.mismatch.rate, mismatchRule)) memory.distances = new Map()
      const distance = wrong.distance === null ? 'unknown' : String(wrong.distance)
      if (memory.distances.has(distance) || memory.distances.size < distancesMax) {
        memory.distances.set(distance, (memory.distances.get(distance) ?? 0) + 1)
      }
    }
    if (late !== undefined) {
      if (isBeginning(memory.late.rate, rareRule)) memory.lateMsMax = 0
      memory.lateMsMax = Math.max(memory.lateMsMax, late.afterMs)
    }
    count(memory.mismatch, mismatchRule, wrong !== undefined)
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
