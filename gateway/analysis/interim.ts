import { verdictWeights } from '../model/charset.ts'
import type { CharsetFacts, Facts } from '../model/document.ts'
import type { Answer, Exchange } from '../model/exchange.ts'
import type { Violation } from '../model/violation.ts'

/** Most of each kind that the joined facts of one exchange's answers may have. */
const factsMax = 500

/** Answers that carry something before the last one comes: the items of a worklist. None for nearly every exchange. */
export function carryingInterim(exchange: Exchange): readonly Answer[] {
  if (exchange.interimCount === undefined || exchange.interimCount === 0) return none
  return exchange.answers.filter(({ stage, body }) => stage === 'interim' && body.length > 0)
}

const none: readonly Answer[] = []

/**
 * The facts of a last answer with those of the ones before it: their keys, codes, stamps and defects beside its own, and the character set of the one that
 * contradicts its label most. What the answer says of its request stays the last one's.
 */
export function joinedFacts(last: Facts | null, interim: readonly Facts[]): Facts | null {
  const all = last === null ? interim : [last, ...interim]
  const [first] = all
  if (first === undefined || interim.length === 0) return last
  const parts = interim.map((facts) => ({ type: facts.type, keys: facts.keys, ack: null }))
  return {
    ...first,
    ack: last?.ack ?? null,
    keys: distinct(all.flatMap(({ keys }) => keys)),
    codes: distinct(all.flatMap(({ codes }) => codes)),
    stamps: all.flatMap(({ stamps }) => stamps).slice(0, factsMax),
    defects: distinct(all.flatMap(({ defects }) => defects)),
    parts: [...(last?.parts ?? []), ...parts].slice(0, factsMax),
    charset: joinedCharset(all.map(({ charset }) => charset)) ?? first.charset,
  }
}

/** One breach of each kind: a worklist of forty items breaks its contract in one way, not in forty. */
export function distinctBreaches(violations: readonly Violation[]): readonly Violation[] {
  const told = new Map<string, Violation>()
  for (const violation of violations) {
    const key = `${violation.rule} ${violation.element} ${violation.message.en}`
    if (!told.has(key)) told.set(key, violation)
  }
  return [...told.values()]
}

function joinedCharset(facts: readonly CharsetFacts[]): CharsetFacts | null {
  const worst = facts.toSorted(
    (a, b) => verdictWeights[b.verdict] - verdictWeights[a.verdict] || b.nonAsciiCount - a.nonAsciiCount,
  )[0]
  if (worst === undefined) return null
  return {
    ...worst,
    nonAsciiCount: facts.reduce((sum, { nonAsciiCount }) => sum + nonAsciiCount, 0),
    delimiterInTrail: facts.some(({ delimiterInTrail }) => delimiterInTrail),
  }
}

function distinct<T extends object>(items: readonly T[]): readonly T[] {
  const known = new Map(items.map((item) => [JSON.stringify(item), item]))
  return [...known.values()].slice(0, factsMax)
}
