import type { Interface } from '../../gateway/model/interface.ts'
import type { JourneyPlan } from '../../gateway/model/journey.ts'

/** What follows on what: interfaces whose messages open a leg, and those where the next message is awaited. */
export interface LegPlan {
  /** Unique, without meaning beyond that; part of the saved memory. */
  readonly id: string
  readonly kind: 'journey' | 'callback'
  readonly from: readonly string[]
  readonly to: readonly string[]
  /** Steps between: of two legs to one place the shorter says more. */
  readonly length: number
}

/** Legs of all plans of a large hospital and of all its pairs of systems. */
const legsMax = 400

/**
 * Every pair of steps of every plan, as nobody can say beforehand which steps carry the same keys: what never meets is never learned. Steps that many orders never
 * come to are left out. A callback may come by any interface between the same two systems.
 */
export function legPlansOf(interfaces: readonly Interface[], plans: readonly JourneyPlan[]): readonly LegPlan[] {
  const known = new Set(interfaces.map(({ id }) => id))
  const legs: LegPlan[] = []
  for (const plan of plans) {
    const steps = plan.steps
      .filter(({ isOptional }) => isOptional !== true)
      .map((step) => step.interfaces.filter((id) => known.has(id)))
      .filter((ids) => ids.length > 0)
    for (const [i, from] of steps.entries()) {
      for (const [j, to] of steps.entries()) {
        if (j > i) legs.push({ id: `${plan.id}:${i}:${j}`, kind: 'journey', from, to, length: j - i })
      }
    }
  }
  return [...legs, ...callbackLegs(interfaces)].slice(0, legsMax)
}

function callbackLegs(interfaces: readonly Interface[]): readonly LegPlan[] {
  const pairs = new Map<string, string[]>()
  for (const { id, from, to } of interfaces) {
    const pair = [from, to].sort().join('+')
    pairs.set(pair, [...(pairs.get(pair) ?? []), id])
  }
  return [...pairs].map(([pair, ids]) => ({ id: `callback:${pair}`, kind: 'callback', from: ids, to: ids, length: 1 }))
}
