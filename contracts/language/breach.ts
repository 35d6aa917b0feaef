import type { ViolationSeverity } from '../../gateway/model/violation.ts'
import { valueShape } from '../hl7v2/check/value-shape.ts'
import type { BodyRuleName } from './body-rules.ts'

/** One breach of a schema: places and shapes only, never a value. */
export interface Breach {
  readonly rule: BodyRuleName
  /** From the top: names that the schema has itself, `*` for any other, numbers from 0 for items. */
  readonly steps: readonly (string | number)[]
  /** What was agreed, in the contract's own words: a type, a range, a format. */
  readonly expected: string
  readonly shape: string | null
  /** Where the schema says what this element's breaches weigh. */
  readonly severity: ViolationSeverity | null
}

/** A value's shape: `9{6}`, `object`, `array(3)`, `null`. */
export function shapeOfValue(value: unknown): string | null {
  if (value === undefined) return null
  if (value === null) return 'null'
  if (Array.isArray(value)) return `array(${value.length})`
  if (typeof value === 'object') return 'object'
  return typeof value === 'boolean' ? 'boolean' : valueShape(String(value))
}
