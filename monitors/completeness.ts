import type { Facts } from '../gateway/model/document.ts'
import type { Reading } from '../gateway/model/reading.ts'
import { hit, keepLast, miss, type RateRule, ratePart, shareOf } from './rate.ts'
import { amount, flag, type Held, keyed, list, record, word } from './state.ts'
import { rounded, say, shownExchanges, type Telling, voicePart } from './voice.ts'
import { type InterfaceNow, type Seen, watchInterfaces } from './watch.ts'

/** One kind of part: how many of the answers had one, and the leanest block of answers ever. */
const sourcePart = record({
  count: amount(),
  lastSeen: amount(),
  lastAt: amount(),
  /** Answers with it in the running block, and the smallest such share of a whole block. */
  inBlock: amount(),
  leanest: amount(1),
  /** The same of blocks since it was last seen: they are experience only when it comes again. */
  unsettled: amount(1),
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
  /** Aggregates and sources that are missing now: `search Observation\nObservation`. */
  missing: list(word()),
  exchangeIds: list(word()),
  voice: voicePart,
})
type Memory = Held<typeof memoryPart>

const aggregatesMax = 16
const sourcesMax = 24
const partsMax = 200
/** Answers in a block; so many blocks must have been seen, and none without the source, before its absence says anything. */
const block = 16
const blocksMin = 1
/** One in ten thousand by chance, at no more than half of the leanest share that was ever seen: far less at what is usual. */
const surpriseMin = 9.2
const absentMin = 10
/** What says so itself: an OperationOutcome beside the entries (FHIR R4 3.1.1: search mode `outcome`). */
const outcomeType = 'OperationOutcome'
const outcomeRule: RateRule = { usualShare: 0.005, badShare: 0.15, threshold: 8, distinctMin: 3 }

/**
 * Do answers that gather several sources still have them all? `completeness/source`: a kind of part that answers to the same question always had (entries of a
 * Bundle by resource type, instances, lists of a body) stays away while they are answered as ever, or answers say themselves that they are not whole.
 */
export const completeness = watchInterfaces<Memory>({
  name: 'completeness',
  version: 2,
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
    if (parts?.has(outcomeType) === true) hit(memory.outcomes, outcomeRule, what)
    else miss(memory.outcomes, outcomeRule)
  },
  judge(memory, at, out) {
    if (memory.missing.length === 0 && !memory.outcomes.bad && !memory.voice.bad) return
    saySource(memory, at, out)
  },
})

const nothing: ReadonlySet<string> = new Set()

/** The kinds of what a body holds several of; null: it holds none. */
function partTypes({ parts, codes }: Facts): ReadonlySet<string> | null {
  if (parts !== undefined) {
    const types = new Set<string>()
    for (let i = 0; i < parts.length && i < partsMax; i += 1) {
      const type = parts[i]?.type
      if (type !== undefined && type !== null) types.add(type)
    }
    return types.size === 0 ? null : types
  }
  const lists = new Set<string>()
  for (let i = 0; i < codes.length && i < partsMax; i += 1) {
    const path = codes[i]?.path ?? ''
    const dot = path.indexOf('.')
    if (dot > 0 && !path.includes('-')) lists.add(path.slice(0, dot))
  }
  return lists.size === 0 ? null : lists
}

function noteSources(memory: Memory, asked: string, aggregate: Aggregate, parts: ReadonlySet<string>, seen: Seen): void {
  aggregate.seen += 1
  for (const type of parts) {
    if (aggregate.sources.has(type) || aggregate.sources.size >= sourcesMax || type === outcomeType) continue
    const fresh = sourcePart.fresh()
    // Before it first came there was none of it.
    if (aggregate.seen > block) fresh.leanest = 0
    aggregate.sources.set(type, fresh)
  }
  const isBlockOver = aggregate.seen % block === 0
  for (const [type, source] of aggregate.sources) {
    if (parts.has(type)) {
      // While it was missing its blocks were no experience, nor is what was missing of this one.
      if (source.isMissing) source.inBlock = (aggregate.seen - 1) % block
      else source.leanest = Math.min(source.leanest, source.unsettled)
      source.unsettled = 1
      source.count += 1
      source.inBlock += 1
      source.lastSeen = aggregate.seen
      source.lastAt = seen.at
      if (source.isMissing) forget(memory, asked, type, source)
    } else if (!source.isMissing && isGone(aggregate, source)) {
      source.isMissing = true
      memory.missing.push(`${asked}\n${type}`)
      memory.exchangeIds = []
    }
    if (source.isMissing) keepLast(memory.exchangeIds, seen.exchange.id, shownExchanges)
    if (!isBlockOver) continue
    source.unsettled = Math.min(source.unsettled, source.inBlock / block)
    source.inBlock = 0
  }
}

function isGone(aggregate: Aggregate, source: Source): boolean {
  const absent = aggregate.seen - source.lastSeen
  if (absent < absentMin || source.lastSeen < blocksMin * block || source.leanest <= 0) return false
  return absent * -Math.log(1 - Math.min(source.leanest / 2, 0.9)) >= surpriseMin
}

function forget(memory: Memory, asked: string, type: string, source: Source): void {
  source.isMissing = false
  memory.missing = memory.missing.filter((key) => key !== `${asked}\n${type}`)
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
    const [asked = '', type = ''] = key.split('\n')
    const aggregate = memory.aggregates.get(asked)
    const source = aggregate?.sources.get(type)
    return aggregate === undefined || source === undefined ? [] : [{ asked, type, aggregate, source }]
  })
  const [first] = missing.toSorted((a, b) => a.source.lastAt - b.source.lastAt)
  const { outcomes } = memory
  return {
    onsetAt: Math.min(
      first?.source.lastAt ?? Number.POSITIVE_INFINITY,
      outcomes.bad ? outcomes.onsetAt : Number.POSITIVE_INFINITY,
    ),
    score: rounded(1 + missing.length),
    facts: {
      part: first?.type ?? null,
      asked: first?.asked ?? null,
      parts: new Set(missing.map(({ type }) => type)).size,
      /** Of the answers that had it while all was well. */
      shareBefore: first === undefined ? null : rounded(first.source.count / Math.max(first.source.lastSeen, 1)),
      answersSince: first === undefined ? null : first.aggregate.seen - first.source.lastSeen,
      outcomes: outcomes.bad ? outcomes.hits : 0,
      outcomeShare: outcomes.bad ? rounded(shareOf(outcomes)) : 0,
    },
    exchangeIds: memory.missing.length > 0 ? memory.exchangeIds : outcomes.exchangeIds,
  }
}
