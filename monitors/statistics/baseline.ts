import type { LocalTime } from '../../gateway/model/calendar.ts'
import { createSketch, decodeSketch, type Sketch } from '../../gateway/model/sketch.ts'
import { amount, type Held, list, maybe, type Part, record } from '../shared/state.ts'
import { knotsOf, logOf, middleOf, scoreAmong } from './knots.ts'

/** A sketch in a few hundred characters. */
export const sketchPart: Part<Sketch> = {
  fresh: createSketch,
  write: (value) => Buffer.from(value.encode()).toString('base64'),
  read: (saved) => decodeSketch(Buffer.from(String(saved), 'base64')),
}

/** Quantiles of latencies, and of how many they are. */
const normalPart = record({ knots: list(amount()), count: amount() })
export type Normal = Held<typeof normalPart>

const learnerPart = record({ sketch: sketchPart, normal: maybe(normalPart), days: amount(), lastDay: amount(-1) })
type Learner = Held<typeof learnerPart>

/** Six parts of a day (four hours each), on workdays and on others. */
const daypartCount = 12

/** What an interface's latency is like when nothing is wrong: all in all, and by part of the day where that was learned. */
export const baselinePart = record({ all: learnerPart, dayparts: list(learnerPart, daypartCount) })
export type Baseline = Held<typeof baselinePart>

const firstCount = 50
const daypartCountMin = 200
const daypartDaysMin = 3
/** A generation is this long; then a new one is learned beside the old, which serves until the new one is known well enough. */
const generationCount = 6400
const laterCountMin = 800
/** How slow a latency is among those that are normal. */
export function scoreOf({ knots }: Normal, ms: number): number {
  return scoreAmong(knots, logOf(ms))
}

/** The median. */
export function middleMs({ knots }: Normal): number {
  return Math.exp(middleOf(knots))
}

/** Takes a healthy latency. */
export function learn(baseline: Baseline, local: LocalTime, ms: number): void {
  learnInto(baseline.all, local.day, ms, firstCount)
  const daypart = baseline.dayparts[daypartOf(local)]
  if (daypart) learnInto(daypart, local.day, ms, daypartCountMin)
}

/** What is normal at that time; null before enough was seen. */
export function normalAt(baseline: Baseline, local: LocalTime): { normal: Normal; isOfDaypart: boolean } | null {
  const daypart = baseline.dayparts[daypartOf(local)]
  if (daypart?.normal && daypart.days >= daypartDaysMin) return { normal: daypart.normal, isOfDaypart: true }
  return baseline.all.normal === null ? null : { normal: baseline.all.normal, isOfDaypart: false }
}

/** Forgets what was normal and starts from these latencies: a shift that stayed has become what is normal. */
export function adopt(baseline: Baseline, sketch: Sketch): void {
  const fresh = baselinePart.fresh()
  baseline.dayparts = fresh.dayparts
  baseline.all = { ...fresh.all, sketch, normal: normalOf(sketch) }
}

function learnInto(learner: Learner, day: number, ms: number, countMin: number): void {
  learner.sketch.record(ms)
  if (day !== learner.lastDay) {
    learner.lastDay = day
    learner.days += 1
  }
  const { count } = learner.sketch
  const needed = learner.normal === null ? countMin : laterCountMin
  const isFirst = learner.normal === null || learner.normal.count < laterCountMin
  // At each doubling, so that the cost of looking stays small and early estimates improve fast.
  if (count >= (isFirst ? countMin : needed) && isDoubling(count, countMin)) learner.normal = normalOf(learner.sketch)
  if (count >= generationCount) learner.sketch = createSketch()
}

function isDoubling(count: number, from: number): boolean {
  if (count % from !== 0) return false
  const doublings = Math.log2(count / from)
  return Number.isInteger(doublings) && doublings >= 0
}

function normalOf(sketch: Sketch): Normal {
  return { knots: knotsOf((share) => sketch.quantile(share) ?? 1), count: sketch.count }
}

function daypartOf(local: LocalTime): number {
  return Math.floor(local.hour / 4) + (local.dayType === 0 ? 0 : 6)
}
