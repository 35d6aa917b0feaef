import type { RuleName } from '../contract.ts'

/** One step into a data set: an attribute, and which item of it (from 1; 0: the attribute itself). */
export interface Step {
  readonly tag: string
  readonly item: number
}

/** One breach: places and shapes only, so that no value can leave through an error's parameters. */
export interface Finding {
  readonly rule: RuleName
  /** Empty: the data set as a whole. */
  readonly steps: readonly Step[]
  /** What was agreed, in the contract's words: a VR, a range, a format, an assertion's id. */
  readonly expected: string
  readonly shape: string | null
}

export function isFinding(value: unknown): value is Finding {
  return typeof value === 'object' && value !== null && 'rule' in value && 'steps' in value && 'expected' in value
}
