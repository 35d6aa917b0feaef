import type { Catalogue } from '../../model/interface.ts'
import type { JourneyPlan, JourneyStep } from '../../model/journey.ts'
import type { Text } from '../../model/text.ts'
import type { Instant } from '../../model/time.ts'
import type { StoredExchange } from '../../store/exchange-store.ts'

/**
 * `done`: it came, and something of it went well. `failed`: it came, and nothing of it went well. `awaited`: not yet, and in time. `late`: not yet, and its
 * time has passed. `missing`: it was passed over, a later step came without it. `open`: an optional step that hasn't come. `unobserved`: nobody listens there.
 */
export type StepState = 'done' | 'failed' | 'awaited' | 'late' | 'missing' | 'open' | 'unobserved'

export interface StepNow {
  readonly name: Text
  readonly interfaceIds: readonly string[]
  readonly state: StepState
  /** When it was first seen, and how long after the step before. */
  readonly at: Instant | null
  readonly afterMs: number | null
  /** When it is due; null where the plan doesn't say, or where the step before hasn't come. */
  readonly dueAt: Instant | null
  readonly exchangeIds: readonly string[]
}

/** The plan that most of the exchanges fit, by distinct interfaces; null when none of them stands in any. */
export function planFor(exchanges: readonly StoredExchange[], plans: readonly JourneyPlan[]): JourneyPlan | null {
  const seen = new Set(exchanges.map((e) => e.interfaceId))
  let best: JourneyPlan | null = null
  let bestCount = 0
  for (const plan of plans) {
    const count = plan.steps.flatMap((step) => step.interfaces).filter((id) => seen.has(id)).length
    if (count > bestCount) {
      best = plan
      bestCount = count
    }
  }
  return best
}

/** How far these exchanges have come on their way. `now`: up to when the hospital was listened to. */
export function stepsOf(
  plan: JourneyPlan,
  exchanges: readonly StoredExchange[],
  { catalogue, now }: { readonly catalogue: Catalogue; readonly now: Instant },
): readonly StepNow[] {
  const observed = new Set(
    catalogue.interfaces.flatMap((i) => (Object.values(i.sources).some((source) => source !== null) ? [i.id] : [])),
  )
  const known = new Set(catalogue.interfaces.map(({ id }) => id))
  const steps = plan.steps.filter((step) => step.interfaces.some((id) => known.has(id)))
  const ofStep = steps.map((step) => exchanges.filter((e) => step.interfaces.includes(e.interfaceId)))
  const lastSeen = ofStep.findLastIndex((list) => list.length > 0)
  let before: Instant | null = null
  return steps.map((step, i) => {
    const own = ofStep[i] ?? []
    const at = own[0]?.at ?? null
    const dueAt: Instant | null = before === null || step.withinMin === undefined ? null : before + step.withinMin * 60_000
    const isObserved = step.interfaces.some((id) => observed.has(id))
    const afterMs = at === null || before === null ? null : at - before
    if (at !== null) before = at
    const state = stateOf(step, own, { dueAt, now, isPassed: i < lastSeen, isObserved })
    return { name: step.name, interfaceIds: step.interfaces, state, at, afterMs, dueAt, exchangeIds: own.map(({ id }) => id) }
  })
}

function stateOf(
  step: JourneyStep,
  own: readonly StoredExchange[],
  told: { readonly dueAt: Instant | null; readonly now: Instant; readonly isPassed: boolean; readonly isObserved: boolean },
): StepState {
  if (own.length > 0) return own.some((e) => e.outcome === 'answered' || e.outcome === 'one-way') ? 'done' : 'failed'
  if (!told.isObserved) return 'unobserved'
  if (step.isOptional === true) return 'open'
  if (told.isPassed) return 'missing'
  return told.dueAt !== null && told.now > told.dueAt ? 'late' : 'awaited'
}
