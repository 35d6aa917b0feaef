import type { Facts, PartFacts } from '../gateway/model/document.ts'
import type { Reading, Seen } from '../gateway/model/reading.ts'
import type { Instant } from '../gateway/model/time.ts'
import { hit, keepLast, miss as noHit, type RateRule, ratePart, shareOf } from './shared/rate.ts'
import { amount, flag, type Held, keyed, list, record, word } from './shared/state.ts'
import { rounded, say, shownExchanges, type Telling, voicePart } from './shared/voice.ts'
import { type InterfaceNow, watchInterfaces } from './shared/watch.ts'

/** One kind of part, or several of it in one answer. */
const sourcePart = record({
  /** Answers to that question, and those that had it; only while all was well. */
  seen: amount(),
  count: amount(),
  /** The same since the sum was last zero: it is what is usual when the sum is zero again. */
  pendingSeen: amount(),
  pendingCount: amount(),
  /** Of the running block, and the smallest share of a whole one. */
  blockSeen: amount(),
  blockCount: amount(),
  leanest: amount(1),
  sum: amount(),
  /** Absences in a row. */
  run: amount(),
  /** When it was last there, before it began to stay away. */
  onsetAt: amount(),
  lastAt: amount(),
  isMissing: flag(),
})
type Source = Held<typeof sourcePart>

const aggregatePart = record({ seen: amount(), sources: keyed(sourcePart) })
type Aggregate = Held<typeof aggregatePart>

const memoryPart = record({
  /** By what was asked. */
  aggregates: keyed(aggregatePart),
  /** Answers that say themselves that something is amiss with them. */
  outcomes: ratePart,
  /** Aggregates and sources that are missing now: `search Observation\nObservation`, `search Observation\nObservation\n4` where the answers no longer have four of it. */
  missing: list(word()),
  exchangeIds: list(word()),
  voice: voicePart,
})
type Memory = Held<typeof memoryPart>

const aggregatesMax = 16
const sourcesMax = 48
const partsMax = 200
/** Of what answers hold several of they may come to hold fewer: the first alone, the first page alone. */
const several = [2, 4, 8, 16] as const
/** Answers in a block. What was first seen later than this came with a release, and may go with it. */
const block = 64
const seenMin = 8
const seenMax = 1_024
/**
 * A CUSUM of absences (reference/algorithms.md 2.2) against half of the share that is usual; usual is what the fewest would have it, by chance and by the leanest block
 * ever. Zero absences are never proof, and a sum that healthy answers reach once in a thousand weeks.
 */
const threshold = 9.2
const absentMin = 10
/** Of several questions together more is asked, as each has its own chance; and of each so many absences in a row. */
const togetherThreshold = 1.5 * threshold
const togetherRunMin = 3
/** What says so itself: an OperationOutcome beside the entries (FHIR R4 3.1.1: search mode `outcome`), or a count beyond them. */
const outcomeType = 'OperationOutcome'
const outcomeRule: RateRule = { usualShare: 0.005, badShare: 0.15, threshold: 8, distinctMin: 3 }

/**
 * Do answers that gather several sources still have them all? `completeness/source`: a kind of part that answers to the same question always had (entries of a
 * Bundle by resource type, instances, lists of a body), or several of it, stays away from all or half of them while they are answered as ever, or answers say
 * themselves that they are not whole.
 */
export const completeness = watchInterfaces<Memory>({
  name: 'completeness',
  version: 3,
  memory: memoryPart,
  note(memory, seen) {
    const { exchange, item } = seen
    if (exchange.outcome !== 'answered' || item.answerFacts === null) return
    const asked = item.requestFacts?.type ?? exchange.type
    if (asked === null) return
    const parts = partTypes(item.answerFacts)
    let aggregate = memory.aggregates.get(asked)
    if (aggregate === undefined) {
      // Answers that never hold several things are no aggregates, and cost nothing.
      if (parts === null || memory.aggregates.size >= aggregatesMax) return
      aggregate = aggregatePart.fresh()
      memory.aggregates.set(asked, aggregate)
    }
    noteSources(memory, asked, aggregate, parts ?? nothing, seen)
    const what = { id: seen.id, at: seen.at, exchangeId: exchange.id }
    if (parts?.has(outcomeType) === true || item.answerFacts.countsMore === true) hit(memory.outcomes, outcomeRule, what)
    else noHit(memory.outcomes, outcomeRule)
  },
  judge(memory, at, out) {
    if (memory.missing.length === 0 && !memory.outcomes.bad && !memory.voice.bad) return
    saySource(memory, at, out)
  },
})

const nothing: ReadonlySet<string> = new Set()

/** The kinds of what a body holds several of, and with a number behind them those that it has so many of; null: it holds none. */
function partTypes({ parts, codes }: Facts): ReadonlySet<string> | null {
  if (parts !== undefined) return kindsOf(parts)
  const lists = new Set<string>()
  for (let i = 0; i < codes.length && i < partsMax; i += 1) {
    const path = codes[i]?.path ?? ''
    const dot = path.indexOf('.')
    if (dot > 0 && !path.includes('-')) lists.add(path.slice(0, dot))
  }
  return lists.size === 0 ? null : lists
}

function kindsOf(parts: readonly PartFacts[]): ReadonlySet<string> | null {
  const counts = new Map<string, number>()
  for (let i = 0; i < parts.length && i < partsMax; i += 1) {
    const type = parts[i]?.type
    if (type !== undefined && type !== null) counts.set(type, (counts.get(type) ?? 0) + 1)
  }
  if (counts.size === 0) return null
  const kinds = new Set(counts.keys())
  for (const [type, count] of counts) for (const many of several) if (count >= many) kinds.add(`${type}\n${many}`)
  return kinds
}

function noteSources(memory: Memory, asked: string, aggregate: Aggregate, parts: ReadonlySet<string>, seen: Seen): void {
  for (const type of parts) {
    if (aggregate.sources.has(type) || aggregate.sources.size >= sourcesMax || type === outcomeType) continue
    const fresh = sourcePart.fresh()
    // Before it first came there was none of it.
    fresh.seen = aggregate.seen
    if (aggregate.seen > block) fresh.leanest = 0
    aggregate.sources.set(type, fresh)
  }
  aggregate.seen += 1
  for (const [type, source] of aggregate.sources) {
    const isThere = parts.has(type)
    const wasMissing = source.isMissing
    step(source, isThere, { at: seen.at, isMany: type.includes('\n') })
    if (source.isMissing && !wasMissing) miss(memory, asked, type)
    if (!source.isMissing && wasMissing) memory.missing = memory.missing.filter((key) => key !== `${asked}\n${type}`)
    if (!isThere && !source.isMissing && source.sum > 0 && memory.aggregates.size > 1) missTogether(memory, type)
    if (source.isMissing && !isThere) keepLast(memory.exchangeIds, seen.exchange.id, shownExchanges)
  }
}

function miss(memory: Memory, asked: string, type: string): void {
  memory.missing.push(`${asked}\n${type}`)
  memory.exchangeIds = []
}

/** Who asks for everything and who asks for this alone miss the same source: what each of them shows adds up. */
function missTogether(memory: Memory, type: string): void {
  const lacking: [string, Source][] = []
  let sum = 0
  let absent = 0
  for (const [asked, { sources }] of memory.aggregates) {
    const source = sources.get(type)
    if (source === undefined || source.isMissing || source.run < togetherRunMin) continue
    lacking.push([asked, source])
    sum += source.sum
    absent += source.pendingSeen - source.pendingCount
  }
  if (lacking.length < 2 || sum < togetherThreshold || absent < absentMin) return
  for (const [asked, source] of lacking) {
    source.isMissing = true
    miss(memory, asked, type)
  }
}

/** Takes one more answer, with this source or without. */
function step(source: Source, isThere: boolean, { at, isMany }: { at: Instant; isMany: boolean }): void {
  const absentWeight = absentWeightOf(source)
  const isBack = isThere && source.isMissing && source.run * absentWeight >= threshold
  source.pendingSeen += 1
  if (isThere) {
    source.pendingCount += 1
    source.run = 0
    source.sum = Math.max(0, source.sum - Math.LN2)
  } else {
    if (source.sum === 0) source.onsetAt = source.lastAt
    source.run += 1
    source.sum = Math.min(threshold, source.sum + absentWeight)
  }
  if (isThere) source.lastAt = at
  const absent = source.pendingSeen - source.pendingCount
  if (source.sum >= threshold && absent >= absentMin && isProven(source, isMany)) source.isMissing = true
  // What lasts longer than all that was known before and is no proof is how it is: the first few answers were luck.
  const isLuck = !source.isMissing && source.pendingSeen > Math.max(source.seen, block)
  if (source.sum > 0 && !isBack && !isLuck) return
  // What was missing is no experience.
  if (!source.isMissing) learn(source)
  source.isMissing = false
  source.sum = 0
  source.pendingSeen = 0
  source.pendingCount = 0
}

/** Who asks of one patient again and again shows how he is, and no habit: less than all gone, or only fewer of it, takes longer to learn. */
function isProven({ run, seen }: Source, isMany: boolean): boolean {
  if (isMany) return run >= absentMin && seen >= block / 2
  return seen >= block || (run >= absentMin && seen >= block / 4)
}

function learn(source: Source): void {
  const { pendingSeen, pendingCount } = source
  source.seen += pendingSeen
  source.count += pendingCount
  source.blockSeen += pendingSeen
  source.blockCount += pendingCount
  if (source.blockSeen >= block) {
    source.leanest = Math.min(source.leanest, source.blockCount / source.blockSeen)
    source.blockSeen = 0
    source.blockCount = 0
  }
  if (source.seen < seenMax) return
  source.seen /= 2
  source.count /= 2
}

/** ln of how much likelier an answer without it is when half of the usual share has it. */
function absentWeightOf({ seen, count, leanest }: Source): number {
  if (seen < seenMin) return 0
  const share = (count + 1) / (seen + 2)
  const least = Math.min(share - 2 * Math.sqrt((share * (1 - share)) / (seen + 2)), leanest)
  return least <= 0 ? 0 : Math.log((1 - least / 2) / (1 - least))
}

function saySource(memory: Memory, at: InterfaceNow, out: Reading[]): void {
  const isBad = memory.missing.length > 0 || memory.outcomes.bad
  const saying = {
    monitor: 'completeness',
    signal: 'source',
    subject: { kind: 'interface', id: at.iface.id },
    now: at.now,
  } as const
  say(out, memory.voice, saying, isBad ? 'ticket' : null, () => telling(memory))
}

function telling(memory: Memory): Telling {
  const missing = memory.missing.flatMap((key) => {
    const [asked = '', type = '', many = '1'] = key.split('\n')
    const source = memory.aggregates.get(asked)?.sources.get(many === '1' ? type : `${type}\n${many}`)
    return source === undefined ? [] : [{ asked, type, many: Number(many), source }]
  })
  // What is gone is not there several times either.
  const [first] = missing.toSorted((a, b) => a.many - b.many || a.source.onsetAt - b.source.onsetAt)
  const { outcomes } = memory
  const { source } = first ?? {}
  return {
    onsetAt: Math.min(
      ...missing.map(({ source: { onsetAt } }) => onsetAt),
      outcomes.bad ? outcomes.onsetAt : Number.POSITIVE_INFINITY,
    ),
    score: rounded(1 + missing.length),
    facts: {
      part: first?.type ?? null,
      /** So many of it in one answer are missed; 1: it is gone. */
      many: first?.many ?? null,
      asked: first?.asked ?? null,
      parts: new Set(missing.map(({ type }) => type)).size,
      /** Of the answers that had it while all was well. */
      shareBefore: source === undefined ? null : rounded(source.count / Math.max(source.seen, 1)),
      answersSince: source === undefined ? null : source.pendingSeen,
      withSince: source === undefined ? null : source.pendingCount,
      outcomes: outcomes.bad ? outcomes.hits : 0,
      outcomeShare: outcomes.bad ? rounded(shareOf(outcomes)) : 0,
    },
    exchangeIds: memory.missing.length > 0 ? memory.exchangeIds : outcomes.exchangeIds,
  }
}
