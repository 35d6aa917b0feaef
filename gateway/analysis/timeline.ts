import type { Entry } from '../model/entry.ts'
import type { Json } from '../model/json.ts'
import { listOf, numberOf, recordOf, textOf } from '../model/saved.ts'
import type { Instant, Millis } from '../model/time.ts'

/** The edges' clock was set back, from `fromAt` to `toAt`. */
export interface SetBack {
  readonly fromAt: Instant
  readonly toAt: Instant
  /** What was noted later than this was noted by the wrong clock. */
  readonly wrongAfter: Instant
}

/** The analysis clock: the running maximum of the entries' times, until the edges' own clock turns out to have been set back. */
export interface Timeline {
  readonly now: Instant
  /** Lets time pass until that entry. Null: it goes on, or stands, as it always does. */
  pass(entry: Entry): SetBack | null
  save(): Json
}

/** The edges' entries are out of order by less, and standing still for so long harms nothing. */
const setBackMsMin = 60_000
/** Ticks come every second: with nothing for so long the edge was away, or its clock was set forward. */
const gapMsMin = 60_000
const gapsMax = 8
const edgesMax = 64

/**
 * A gateway that started with a wrong clock, eight hours ahead, has its time set back by NTP. Standing still until then is over would be eight hours without a silence, a hold-off or a
 * ticket, so the analysis follows: ticks say what time it is for their edge, and the latest of all edges holds.
 */
export function createTimeline(saved: Json | null): Timeline {
  const state = saved === null ? fresh : savedTimeline(saved)
  let { now, gaps } = state
  const edges = new Map(state.edges)
  return {
    get now() {
      return now
    },
    pass(entry) {
      const { at } = entry
      if (entry.kind === 'tick') {
        const { edgeId } = entry.health
        if (edges.has(edgeId) || edges.size < edgesMax) edges.set(edgeId, at)
        const newest = Math.max(...edges.values())
        if (now - newest > setBackMsMin) return setBack(newest)
      }
      if (at - now > gapMsMin) gaps = [...gaps.slice(1 - gapsMax), [now, at]]
      now = Math.max(now, at)
      return null
    },
    save: () => ({ now, gaps, edges: [...edges] }),
  }

  function setBack(toAt: Instant): SetBack {
    const fromAt = now
    // Back to where it leapt from: between, nothing was noted but by the wrong clock. Else all that is known keeps its distance.
    const isLeapBack = gaps.some(([from, to]) => toAt >= from && toAt < to)
    now = toAt
    gaps = gaps.filter(([, to]) => isLeapBack && to <= toAt)
    return { fromAt, toAt, wrongAfter: isLeapBack ? toAt : Number.NEGATIVE_INFINITY }
  }
}

interface TimelineState {
  readonly now: Instant
  /** The last stretches without entries: from, to. */
  readonly gaps: readonly (readonly [Instant, Instant])[]
  /** The newest tick of each edge. */
  readonly edges: readonly (readonly [string, Instant])[]
}

const fresh: TimelineState = { now: 0, gaps: [], edges: [] }

function savedTimeline(saved: Json): TimelineState {
  const { now, gaps, edges } = recordOf(saved)
  return {
    now: numberOf(now),
    gaps: listOf(gaps).map((gap) => [numberOf(listOf(gap)[0]), numberOf(listOf(gap)[1])]),
    edges: listOf(edges).map((edge) => [textOf(listOf(edge)[0]), numberOf(listOf(edge)[1])]),
  }
}

/** Instants of a state are those numbers that lie within these years before its end: nothing else that is counted comes near. */
const rememberedMs: Millis = 2 * 366 * 24 * 3_600_000

/**
 * A saved state as it would be had the clock been right: every instant that the wrong clock noted is moved back by as much as the clock was. Members of those names stay as they are,
 * wherever they stand.
 */
export function movedBack(state: Json, { fromAt, toAt, wrongAfter }: SetBack, kept: readonly string[] = []): Json {
  const after = Math.max(wrongAfter, fromAt - rememberedMs)
  const moved = (value: Json): Json => {
    if (typeof value === 'number') return value > after && value <= fromAt ? value - (fromAt - toAt) : value
    if (Array.isArray(value)) return value.map(moved)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, kept.includes(key) ? one : moved(one)]))
  }
  return moved(state)
}
