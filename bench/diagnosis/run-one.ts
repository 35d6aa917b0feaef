import { type Place, scenarioAt } from '../../fixtures/scenarios/list.ts'
import type { Scenario } from '../../fixtures/scenarios/scenario.ts'
import type { Calibration } from '../../gateway/incidents/calibration.ts'
import { type Baselines, BaselineWitness } from './baselines.ts'
import { type ClockAnswer, judgeClock } from './clock-verdict.ts'
import { type Ablation, play, type Theatre } from './play.ts'
import { createRecorder, type Guess } from './recorder.ts'
import { judge, type Verdict } from './verdict.ts'

/** All that is known of one scenario when it was played. */
export interface Result {
  readonly place: Place
  readonly verdict: Verdict
  readonly detects: string | null
  readonly perHour: number
  readonly variant: string
  readonly baselines: Baselines | null
  /** What was said without a part of the product, of faults only. */
  readonly without: { readonly [ablation in Exclude<Ablation, 'none'>]?: Verdict }
  readonly clock: ClockAnswer | null
  /** What would have been said with other calibrations. */
  readonly guesses: readonly Guess[] | null
}

export interface Extent {
  readonly baselines: boolean
  readonly ablations: boolean
  readonly calibrations: readonly Calibration[]
}

/** Makes the scenario of that place, plays it, and holds what was said against the truth. */
export function runOne(theatre: Theatre, place: Place, extent: Extent): Result {
  const scenario = scenarioAt(place, theatre.hospital)
  const isJudged = scenario.labels.length > 0 && (place.kind === 'fault' || place.kind === 'look-alike')
  const witness = extent.baselines && isJudged ? new BaselineWitness(scenario) : null
  const recorder = extent.calibrations.length > 0 && isJudged ? createRecorder(scenario) : null
  const options = recorder === null ? {} : { causes: recorder.causes }
  const played = play(theatre, scenario, witness ? { ...options, witnesses: [witness] } : options)
  return {
    place,
    verdict: judge(scenario, played),
    detects: scenario.detects ?? null,
    perHour: scenario.feeds[0]?.perHour ?? 0,
    variant: scenario.id.split('/').at(-2) ?? '',
    baselines: witness?.say() ?? null,
    without: extent.ablations && (place.kind === 'fault' || place.kind === 'cascade') ? ablated(theatre, scenario) : {},
    clock: scenario.measures === undefined ? null : judgeClock(scenario, scenario.measures, played),
    guesses: recorder?.guesses(extent.calibrations) ?? null,
  }
}

function ablated(theatre: Theatre, scenario: Scenario): Result['without'] {
  const without = (ablation: Ablation) => judge(scenario, play(theatre, scenario, { ablation }))
  return { 'without-topology': without('without-topology'), 'without-gates': without('without-gates') }
}
