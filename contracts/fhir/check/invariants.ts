import { isRecord } from '../../../gateway/model/json.ts'
import type { Constraint } from '../definitions/definitions.ts'
import { type Asked, type Evaluation, evaluation, isTrue } from './fhirpath.ts'
import { writtenOut } from './written-out.ts'

/**
 * Whether an invariant holds, where it is written out in code; null where FHIRPath has to be asked. Those that stand on elements met everywhere are written out, because
 * asking costs some ten times as much; a test holds them to what FHIRPath says.
 */
export function writtenHolds(constraint: Constraint, node: unknown): boolean | null {
  const written = writtenOut.get(constraint.key)
  if (written === undefined || written.expression !== constraint.expression || !isRecord(node)) return null
  return written.holds(node)
}

/** Whether an invariant holds of an element of type `base`, by FHIRPath; null where that can't be told. */
export function constraintHolds(constraint: Constraint, base: string, asked: Asked): boolean | null {
  const found = evaluationOf(base, constraint.expression)?.(asked) ?? null
  return found === null ? null : isTrue(found)
}

const evaluations = new Map<string, Evaluation | null>()
/** Those of the standard are 200 and some; profiles bring their own. */
const evaluationsMax = 2_000

function evaluationOf(base: string, expression: string): Evaluation | null {
  const key = `${base}\n${expression}`
  const known = evaluations.get(key)
  if (known !== undefined) return known
  if (evaluations.size >= evaluationsMax) evaluations.clear()
  const made = compiled(base, expression)
  evaluations.set(key, made)
  return made
}

function compiled(base: string, expression: string): Evaluation | null {
  try {
    return evaluation(base, expression)
  } catch {
    return null
  }
}
