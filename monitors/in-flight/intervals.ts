import type { Json } from '../../gateway/model/json.ts'
import type { Instant, Millis } from '../../gateway/model/time.ts'
import type { Part } from '../shared/state.ts'

/** When the last exchanges began and ended, in whole milliseconds: a ring. */
export interface Intervals {
  readonly starts: number[]
  readonly ends: number[]
  /** Where the next one is written. */
  next: number
  /** The sum of what they took. */
  busyMs: number
}

/** Enough for a hundred in flight at once. */
const intervalsMax = 256

/** In the database from the oldest: how much later than the one before it ended, and how long it took. */
export const intervalsPart: Part<Intervals> = {
  fresh: () => ({ starts: [], ends: [], next: 0, busyMs: 0 }),
  write: (value) => {
    const flat: number[] = []
    let before = 0
    for (let i = 0; i < value.ends.length; i += 1) {
      const at = value.ends.length < intervalsMax ? i : (value.next + i) % intervalsMax
      const end = value.ends[at] ?? 0
      flat.push(end - before, end - (value.starts[at] ?? 0))
      before = end
    }
    return flat
  },
  read: readIntervals,
}

export function took(intervals: Intervals, startAt: Instant, endAt: Instant): void {
  const { starts, ends, next } = intervals
  const start = Math.round(startAt)
  const end = Math.max(Math.round(endAt), start)
  intervals.busyMs += end - start - ((ends[next] ?? 0) - (starts[next] ?? 0))
  starts[next] = start
  ends[next] = end
  intervals.next = (next + 1) % intervalsMax
}

/** About how many were in flight on average, at no cost: Little's L over the time that is remembered. */
export function meanInFlight({ ends, next, busyMs }: Intervals): number {
  const newest = ends[(next + intervalsMax - 1) % intervalsMax] ?? ends.at(-1) ?? 0
  const oldest = ends.length < intervalsMax ? (ends[0] ?? 0) : (ends[next] ?? 0)
  return newest > oldest ? busyMs / (newest - oldest) : 0
}

/** How many exchanges were in flight while that is known. */
export interface InFlight {
  readonly spanMs: Millis
  /** The highest number that held for a hundredth of the time: two that pass each other within a millisecond are no third. */
  readonly peak: number
  /** Of the time: at the peak, and at the peak or one below. */
  readonly atPeakShare: number
  readonly nearPeakShare: number
  readonly mean: number
  /** Of the exchanges that began in the span, ascending, and on average. */
  readonly tookMs: Float64Array
  readonly tookMeanMs: Millis
}

/**
 * Of the time from the oldest end that is remembered to `now` less the longest that any of them took: what was in flight in it has ended by now, and is
 * remembered. Null where there is no such time, or fewer began in it. How many are in flight is Little's L; L = arrivals x time holds of it.
 */
export function inFlight({ starts, ends }: Intervals, now: Instant, begunMin: number): InFlight | null {
  let from = Number.POSITIVE_INFINITY
  let longest = 0
  for (let i = 0; i < ends.length; i += 1) {
    const end = ends[i] ?? 0
    if (end < from) from = end
    const length = end - (starts[i] ?? 0)
    if (length > longest) longest = length
  }
  const to = Math.floor(now) - longest
  if (!(to > from)) return null
  const begins: Instant[] = []
  const tookMs: Millis[] = []
  for (let i = 0; i < ends.length; i += 1) {
    const start = starts[i] ?? 0
    if (!(start > from && start <= to)) continue
    begins.push(start)
    tookMs.push((ends[i] ?? 0) - start)
  }
  return begins.length < begunMin ? null : sweep({ starts, ends }, { from, to }, { begins: ascending(begins), tookMs })
}

/** The counts as they change: +1 at a beginning, -1 at an end, ends first where both fall on one millisecond. */
function sweep(
  { starts, ends }: Pick<Intervals, 'starts' | 'ends'>,
  { from, to }: { from: number; to: number },
  { begins, tookMs }: { begins: Float64Array; tookMs: readonly Millis[] },
): InFlight {
  const finishes = ascending(ends.filter((end) => end > from && end <= to))
  let count = 0
  for (let i = 0; i < ends.length; i += 1) if ((starts[i] ?? 0) <= from && (ends[i] ?? 0) > from) count += 1
  /** By how many were in flight. */
  const timeAt: number[] = []
  let at = from
  for (let b = 0, f = 0; b < begins.length || f < finishes.length; ) {
    const begin = begins[b] ?? Number.POSITIVE_INFINITY
    const finish = finishes[f] ?? Number.POSITIVE_INFINITY
    const next = Math.min(begin, finish)
    if (next > at) timeAt[count] = (timeAt[count] ?? 0) + next - at
    at = next
    if (finish <= begin) {
      count -= 1
      f += 1
    } else {
      count += 1
      b += 1
    }
  }
  if (to > at) timeAt[count] = (timeAt[count] ?? 0) + to - at
  const spanMs = to - from
  const peak = Math.max(
    timeAt.findLastIndex((ms) => ms >= spanMs / 100),
    0,
  )
  const timeFrom = (least: number) => timeAt.reduce((sum, ms, level) => sum + (level >= least ? ms : 0), 0)
  return {
    spanMs,
    peak,
    atPeakShare: timeFrom(peak) / spanMs,
    nearPeakShare: timeFrom(peak - 1) / spanMs,
    mean: timeAt.reduce((sum, ms, level) => sum + level * ms, 0) / spanMs,
    tookMs: ascending(tookMs),
    tookMeanMs: tookMs.reduce((sum, ms) => sum + ms, 0) / Math.max(tookMs.length, 1),
  }
}

/** As typed numbers: they are sorted without asking a function for their order. */
function ascending(values: readonly number[]): Float64Array {
  return new Float64Array(values).sort()
}

function readIntervals(saved: Json): Intervals {
  const wrong = () => new RangeError('saved monitor state is not a list of intervals')
  if (!Array.isArray(saved) || saved.length % 2 !== 0 || saved.length > 2 * intervalsMax) throw wrong()
  const starts: number[] = []
  const ends: number[] = []
  let end = 0
  for (let i = 0; i < saved.length; i += 2) {
    const [later, length] = [saved[i], saved[i + 1]]
    if (typeof later !== 'number' || typeof length !== 'number') throw wrong()
    end += later
    ends.push(end)
    starts.push(end - length)
  }
  const busyMs = ends.reduce((sum, at, i) => sum + at - (starts[i] ?? 0), 0)
  return { starts, ends, next: ends.length % intervalsMax, busyMs }
}
