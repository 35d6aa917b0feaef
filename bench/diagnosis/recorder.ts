import type { Scenario } from '../../fixtures/scenarios/scenario.ts'
import type { Calibration } from '../../gateway/incidents/calibration.ts'
import type { Cause } from '../../gateway/incidents/cause.ts'
import { causes } from '../../gateway/incidents/causes/index.ts'
import type { Evidence } from '../../gateway/incidents/evidence/evidence.ts'
import { explain } from '../../gateway/incidents/explain.ts'

/** The best named cause under one calibration. */
export interface Guess extends Calibration {
  readonly cause: string
  readonly confidence: number
}

/** Keeps the last evidence that was weighed about a scenario's fault, so that it can be weighed again. */
export function createRecorder(scenario: Scenario) {
  const [label] = scenario.labels
  let last: Evidence | null = null
  const [first, ...rest] = causes
  const recording: readonly Cause[] = first === undefined ? [] : [{ ...first, kinds: everyKind, weigh: heard(first) }, ...rest]
  function heard(cause: Cause): Cause['weigh'] {
    return (evidence) => {
      const isAbout =
        evidence.interfaces.some(({ id }) => label?.interfaceIds.includes(id)) ||
        evidence.systemIds.some((id) => label?.loci.some((l) => l.kind === 'system' && l.id === id))
      if (isAbout && evidence.onsetAt >= (label?.from ?? 0) - 300_000) last = evidence
      const weighing = cause.weigh(evidence)
      // Asked of every incident, so that it hears them all; it competes only where it would have.
      return cause.kinds.some((kind) => evidence.kinds.includes(kind)) || evidence.kinds.includes('other')
        ? weighing
        : { ...weighing, isOpen: false }
    }
  }
  return {
    causes: recording,
    guesses(calibrations: readonly Calibration[]): readonly Guess[] {
      if (last === null) return []
      const evidence: Evidence = last
      return calibrations.flatMap((calibration) => {
        const best = explain(causes, evidence, calibration).find(({ id }) => id !== 'unknown')
        return best === undefined ? [] : [{ ...calibration, cause: best.id, confidence: best.confidence }]
      })
    },
  }
}

const everyKind = ['time', 'content', 'framing', 'flow', 'reach', 'slow', 'answer', 'self', 'other'] as const
