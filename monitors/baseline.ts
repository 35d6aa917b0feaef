import type { LocalTime } from '../gateway/model/calendar.ts'
import { createSketch, decodeSketch, type Sketch } from '../gateway/model/sketch.ts'
import { amount, type Held, list, maybe, type Part, record } from './state.ts'

/** A sketch in a few hundred characters. */
export const sketchPart: Part<Sketch> = {
  fresh: createSketch,
  write: (value) => Buffer.from(value.encode()).toString('base64'),
  read: (saved) => decodeSketch(Buffer.from(String(saved), 'base64')),
}

/** The quantiles of ln(latency) that `shares` names, and of how many they are. */
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
/** Latencies that hardly vary must not make a difference of some percent look like a fault. */
const spreadMin = 0.2

/** Some quantiles, and where a normal distribution has them, in deviations from its middle. */
const shares = [0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975] as const
const scores = [-1.96, -1.282, -0.674, 0, 0.674, 1.282, 1.96] as const
const middle = 3
/** One odd latency is no shift. */
const clip = 3

/**
 * How slow a latency is among those that are normal, as deviations of a normal distribution that has as many above it: whatever their shape, healthy ones are 0 on average. Of two kinds
 * of message one may take ten times as long every day.
 */
export function scoreOf({ knots }: Normal, ms: number): number {
  const ln = Math.log(Math.max(ms, 0.01))
  let i = 1
  while (i < knots.length - 1 && ln > at(knots, i)) i += 1
  const share = (ln - at(knots, i - 1)) / (at(knots, i) - at(knots, i - 1))
  const z = at(scores, i - 1) + share * (at(scores, i) - at(scores, i - 1))
  return Math.min(Math.max(z, -clip), clip)
}

/** The median. */
export function middleMs({ knots }: Normal): number {
  return Math.exp(at(knots, middle))
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
  const knots = shares.map((q) => Math.log(Math.max(sketch.quantile(q) ?? 1, 0.01)))
  for (let i = middle + 1; i < knots.length; i += 1) knots[i] = Math.max(at(knots, i), at(knots, i - 1) + leastStep(i))
  for (let i = middle; i > 0; i -= 1) knots[i - 1] = Math.min(at(knots, i - 1), at(knots, i) - leastStep(i))
  return { knots, count: sketch.count }
}

function leastStep(i: number): number {
  return spreadMin * (at(scores, i) - at(scores, i - 1))
}

function at(values: readonly number[], i: number): number {
  return values[i] ?? 0
}

function daypartOf(local: LocalTime): number {
  return Math.floor(local.hour / 4) + (local.dayType === 0 ? 0 : 6)
}
