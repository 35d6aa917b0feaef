import { writeRange } from '../../language/range.ts'
import { formatTest, isOfMasking, writeFormat } from '../../language/value-format.ts'
import type { RuleName } from '../contract.ts'
import { type Delimiters, part } from './message-text.ts'
import type { ValuePlan } from './segment-plan.ts'
import { typeTest } from './value-type.ts'

/** A breach inside one field. `text` is only for its shape and goes no further. */
export interface ValueBreach {
  readonly rule: RuleName
  readonly repetition: number
  readonly component: number
  readonly subcomponent: number
  readonly expected: string
  readonly text: string | null
}

/** Tests one repetition, component or subcomponent that is neither empty nor null. Null: nothing is wrong. */
export type ValueTest = (text: string, delimiters: Delimiters) => readonly ValueBreach[] | null

export function breach(
  rule: RuleName,
  component: number,
  subcomponent: number,
  expected: string,
  text: string | null,
): ValueBreach {
  return { rule, repetition: 0, component, subcomponent, expected, text }
}

/** The tests of one value in one, or null when there are none. */
export function valueTest(plan: ValuePlan, version: string): ValueTest | null {
  const tests: ((text: string, delimiters: Delimiters) => ValueBreach | null)[] = []
  const { length, format } = plan
  const type = plan.type === null ? null : typeTest(version, plan.type)
  if (type !== null) {
    tests.push((text, delimiters) => {
      const found = type(text, delimiters)
      return found === null ? null : breach('type', found.component, found.subcomponent, found.type, found.text)
    })
  }
  if (length !== null) {
    const { min, max } = length
    tests.push((text) =>
      text.length >= min && (max === null || text.length <= max) ? null : breach('length', 0, 0, writeRange(length), text),
    )
  }
  if (plan.values !== null) {
    const values = new Set(plan.values)
    tests.push((text, delimiters) => {
      const code = codeOf(text, delimiters)
      // Blanks around a code are rare: it is trimmed only when it is not among the values as it stands.
      return values.has(code) || values.has(code.trim()) ? null : breach('table', 0, 0, plan.table ?? '', code.trim())
    })
  }
  if (format !== null) {
    const fits = formatTest(format)
    if (isOfMasking(format.kind)) tests.push((text) => (fits(text) ? null : breach('masking', 0, 0, '', null)))
    else
      tests.push((text, delimiters) => {
        const code = codeOf(text, delimiters).trim()
        return fits(code) ? null : breach('format', 0, 0, writeFormat(format), code)
      })
  }
  return tests.length === 0 ? null : all(tests)
}

function all(tests: readonly ((text: string, delimiters: Delimiters) => ValueBreach | null)[]): ValueTest {
  const [only] = tests
  if (only !== undefined && tests.length === 1) {
    return (text, delimiters) => {
      const found = only(text, delimiters)
      return found === null ? null : [found]
    }
  }
  return (text, delimiters) => {
    let found: ValueBreach[] | null = null
    for (const test of tests) {
      const one = test(text, delimiters)
      if (one === null) continue
      found ??= []
      found.push(one)
    }
    return found
  }
}

/** A coded field's code is its first component; what follows is its name and its table. */
function codeOf(text: string, delimiters: Delimiters): string {
  return part(text, delimiters.component, 1)
}
