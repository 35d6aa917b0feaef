import { patternProblem } from '../language/safe-pattern.ts'
import { type Evaluation, evaluation, namesIn } from './check/fhirpath.ts'
import { isKnownName } from './definitions/definitions.ts'

export type ExpressionReading =
  | { readonly evaluation: Evaluation; readonly problem: null }
  | { readonly evaluation: null; readonly problem: string }

const expressionMax = 1_000

/**
 * A contract's FHIRPath, asked of a resource. Refused is what can't be parsed, and a pattern that could take exponential time or that is put together when asked:
 * a contract must never be able to stop the analysis. Never throws.
 */
export function readExpression(type: string, source: string): ExpressionReading {
  if (source.length > expressionMax) return refused(`the expression is longer than ${expressionMax} characters`)
  const calls = source.match(/\b(?:matches|matchesFull|replaceMatches)\s*\(/g)?.length ?? 0
  const patterns = [...source.matchAll(/\b(?:matches|matchesFull|replaceMatches)\s*\(\s*'((?:[^'\\]|\\.)*)'/g)]
  if (patterns.length < calls) return refused('a pattern must stand in the expression itself')
  for (const [, pattern = ''] of patterns) {
    // FHIRPath's own escape of the backslash comes off first.
    const problem = patternProblem(pattern.replaceAll('\\\\', '\\'))
    if (problem !== null) return refused(problem)
  }
  try {
    const unknown = namesIn(source).find((name) => !isKnownName(name))
    // FHIRPath takes a name that isn't there for nothing, and nothing for true: a slip of the pen would never be found out.
    if (unknown !== undefined) return refused(`R4 has no element ${unknown}`)
    const made = evaluation(type, source)
    const bare = { resourceType: type }
    if (made({ node: bare, resource: bare, rootResource: bare }) === null)
      return refused("the expression can't be asked: a function is unknown, or needs another server")
    return { evaluation: made, problem: null }
  } catch {
    return refused("the expression can't be read as FHIRPath")
  }
}

function refused(problem: string): ExpressionReading {
  return { evaluation: null, problem }
}
