import type { Constraint } from '../definitions/definitions.ts'
import { type Asked, type Evaluation, evaluation, isTrue } from './fhirpath.ts'

/**
 * Whether an invariant holds of an element; null where that can't be told. The few that stand on data types met everywhere are
 * written out below, because asking FHIRPath costs some ten times as much; a test holds them to what FHIRPath says.
 */
export function constraintHolds(constraint: Constraint, base: string, asked: Asked): boolean | null {
  const written = writtenOut.get(constraint.key)
  if (written !== undefined && written.expression === constraint.expression && isRecord(asked.node))
    return written.holds(asked.node)
  const found = evaluationOf(base, constraint.expression)?.(asked) ?? null
  return found === null ? null : isTrue(found)
}

export type Fields = { readonly [name: string]: unknown }

/** By key. `expression` is HL7's; a constraint of the same key with another expression is asked of FHIRPath. */
export const writtenOut: ReadonlyMap<string, { readonly expression: string; readonly holds: (node: Fields) => boolean }> =
  new Map([
    ['qty-3', { expression: 'code.empty() or system.exists()', holds: (node) => !has(node, 'code') || has(node, 'system') }],
    ['cpt-2', { expression: 'value.empty() or system.exists()', holds: (node) => !has(node, 'value') || has(node, 'system') }],
    [
      'att-1',
      { expression: 'data.empty() or contentType.exists()', holds: (node) => !has(node, 'data') || has(node, 'contentType') },
    ],
    ['sqty-1', { expression: 'comparator.empty()', holds: (node) => !has(node, 'comparator') }],
    [
      'bdl-5',
      {
        expression: 'resource.exists() or request.exists() or response.exists()',
        holds: (node) => has(node, 'resource') || has(node, 'request') || has(node, 'response'),
      },
    ],
  ])

function has(node: Fields, name: string): boolean {
  return node[name] !== undefined || node[`_${name}`] !== undefined
}

const evaluations = new Map<string, Evaluation | null>()
/** Those of the standard are 200 and some; contracts and profiles bring their own. */
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

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
