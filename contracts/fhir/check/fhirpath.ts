import fhirpath from 'fhirpath'
import r4 from 'fhirpath/fhir-context/r4'
import { isRecord } from '../../../gateway/model/json.ts'
import { plainQuestion } from './plain-question.ts'

/** What an expression is asked of: an element, its resource, and the resource that contains that (itself, where none does). */
export interface Asked {
  readonly node: unknown
  readonly resource: unknown
  readonly rootResource: unknown
}

/** What an expression gave: the values, or null where it can't be answered here (it asks another server, or fails on this value). */
export type Evaluation = (asked: Asked) => readonly unknown[] | null

/**
 * A FHIRPath expression, ready to be asked of elements at `base` (`Observation.component`, `Quantity`). Does no I/O: what a reference points to
 * elsewhere is not followed, and `trace` says nothing. Throws when the expression can't be parsed.
 */
export function evaluation(base: string, expression: string): Evaluation {
  const evaluate = fhirpath.compile({ base, expression }, r4, options)
  const plain = plainQuestion(base, expression)
  return ({ node, resource, rootResource }) => {
    const answer = plain === null || !isRecord(node) ? 'unclear' : plain(node)
    if (answer !== 'unclear') return found[answer]
    try {
      const values: unknown = evaluate(node, { resource, rootResource })
      return Array.isArray(values) ? values : null
    } catch {
      // What was thrown may hold values of the message.
      return null
    }
  }
}

const found = { true: [true], false: [false], empty: [] } as const

/** The names of elements that an expression speaks of, and of types in `ofType(...)`. Throws when it can't be parsed. */
export function namesIn(expression: string): readonly string[] {
  const tree: unknown = fhirpath.parse(expression)
  const names = new Set<string>()
  const walk = (node: unknown, depth: number): void => {
    if (typeof node !== 'object' || node === null || depth > 200) return
    if ('type' in node && node.type === 'MemberInvocation' && 'text' in node) names.add(String(node.text).replaceAll('`', ''))
    if ('children' in node && Array.isArray(node.children)) for (const child of node.children) walk(child, depth + 1)
  }
  walk(tree, 0)
  return [...names]
}

/** Whether a value makes an invariant hold (FHIRPath 5.1.1): nothing or true. */
export function isTrue(found: readonly unknown[]): boolean {
  return found.length === 0 || found[0] === true || (found.length === 1 && typeof found[0] !== 'boolean')
}

const options: Parameters<typeof fhirpath.compile>[2] & { async: false } = {
  async: false,
  traceFn: () => {},
  userInvocationTable: {
    resolve: { fn: () => [], arity: { 0: [] } },
    htmlChecks: { fn: () => [true], arity: { 0: [] } },
  },
}
