import type { Instant, Millis } from '../../gateway/model/time.ts'
import { keepLast } from '../shared/rate.ts'
import { amount, flag, type Held, list, record } from '../shared/state.ts'

const trialPart = record({ idleMs: amount(), isBroken: flag(), at: amount() })
type Trial = Held<typeof trialPart>

/** The last messages that came after a silence, and those that came next after one that broke, in order. */
export const idleTrialsPart = list(trialPart)
export type IdleTrials = Held<typeof idleTrialsPart>

/** What lies above an age fails, what lies below doesn't. */
export interface IdleEdge {
  /** The shortest silence after which it broke, and the longest below that after which it didn't: the time-out lies between. */
  readonly brokenMs: Millis
  readonly wellMs: Millis
  readonly brokenCount: number
  readonly wellBelow: number
  /** When the first of them broke. */
  readonly beganAt: Instant
}

/** Shorter silences say nothing of a time-out for idle connections. */
export const idleMsMin: Millis = 60_000
const trialsMax = 64
const brokenMin = 3
/** How much likelier a time-out must be than breaks at any age: e^11, as every age that ever broke is tried. */
const proofMin = 11
/** With a time-out nearly all break above it, and hardly any below. */
const brokenAbove = 0.95
const brokenBelow = 0.02

export function noteTrial(trials: IdleTrials, trial: Trial): void {
  keepLast(trials, trial, trialsMax)
}

/** The age that parts what breaks from what doesn't, where there is a sharp one and chance would hardly give it. */
export function edgeOf(trials: IdleTrials): IdleEdge | null {
  let best: IdleEdge | null = null
  let bestProof = proofMin
  for (const { idleMs, isBroken } of trials) {
    if (!isBroken || idleMs < idleMsMin) continue
    const since = sinceWellAbove(trials, idleMs)
    const proof = proofOf(since, idleMs)
    if (proof < bestProof) continue
    bestProof = proof
    best = edgeAt(since, idleMs)
  }
  return best
}

/** The trials since the last that did well at this age: before it the time-out wasn't there. */
function sinceWellAbove(trials: IdleTrials, ageMs: Millis): readonly Trial[] {
  const last = trials.findLastIndex((trial) => !trial.isBroken && trial.idleMs >= ageMs)
  return trials.slice(last + 1)
}

/** Log of the likelihood of a time-out at this age against breaks that don't care for age. */
function proofOf(trials: readonly Trial[], ageMs: Millis): number {
  const broken = trials.filter(({ isBroken }) => isBroken)
  const above = broken.filter(({ idleMs }) => idleMs >= ageMs).length
  const share = broken.length / trials.length
  if (above < brokenMin || share === 1) return 0
  const below = broken.length - above
  const well = trials.length - broken.length
  return (
    above * Math.log(brokenAbove / share) +
    below * Math.log(brokenBelow / share) +
    well * Math.log((1 - brokenBelow) / (1 - share))
  )
}

function edgeAt(trials: readonly Trial[], ageMs: Millis): IdleEdge {
  const well = trials.filter(({ isBroken }) => !isBroken)
  const broken = trials.filter(({ idleMs, isBroken }) => isBroken && idleMs >= ageMs)
  return {
    brokenMs: ageMs,
    wellMs: Math.max(0, ...well.map(({ idleMs }) => idleMs)),
    brokenCount: broken.length,
    wellBelow: well.length,
    beganAt: broken[0]?.at ?? 0,
  }
}
