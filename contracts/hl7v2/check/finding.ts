import type { RuleName } from '../contract.ts'

/**
 * One breach as the keywords report it to ajv: places and shapes only. A value never enters, so that none can leave through an
 * error's parameters. Numbers count from 1; 0 means the whole.
 */
export interface Finding {
  readonly rule: RuleName
  /** Index of the segment in the message, from 0; -1: the message as a whole. */
  readonly index: number
  /** Segment name, for what is missing and so has no index of its own. */
  readonly segment: string
  readonly field: number
  /** 0 where the field doesn't repeat. */
  readonly repetition: number
  readonly component: number
  readonly subcomponent: number
  /** What was agreed, in the contract's words: a type, a range, a format, an assertion's id. */
  readonly expected: string
  readonly shape: string | null
}

/** A finding about a message or a segment, without a field. */
export function segmentFinding(rule: RuleName, segment: string, index: number, expected = ''): Finding {
  return { rule, index, segment, field: 0, repetition: 0, component: 0, subcomponent: 0, expected, shape: null }
}

export function isFinding(value: unknown): value is Finding {
  return typeof value === 'object' && value !== null && 'rule' in value && 'index' in value && 'repetition' in value
}
