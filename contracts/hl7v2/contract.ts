import type { Text } from '../../gateway/model/text.ts'
import type { ViolationSeverity } from '../../gateway/model/violation.ts'
import type { Range } from '../language/range.ts'
import type { ValueFormat } from '../language/value-format.ts'
import type { Condition } from './language/condition.ts'
import type { ElementPath } from './language/path.ts'
import type { Grammar } from './structure/grammar.ts'

/** What a contract can find. `more` counts what is left out of a long list. */
export const ruleNames = [
  'required',
  'forbidden',
  'type',
  'length',
  'table',
  'format',
  'cardinality',
  'order',
  'unknown-segment',
  'condition',
  'charset',
  'masking',
  'version',
  'structure',
  'more',
] as const

export type RuleName = (typeof ruleNames)[number]

/** Required; required, may be empty; optional; conditional; not supported: HL7 2.5.1 section 2.12. */
export type ContractUsage = 'R' | 'RE' | 'O' | 'C' | 'X'

/** What a contract says of one field, component or subcomponent. Null: the contract doesn't say. */
export interface FieldRule {
  readonly usage: ContractUsage | null
  /** HL7 data type, as `CX`. */
  readonly type: string | null
  readonly repeats: Range | null
  /** Characters of the raw text of one repetition. */
  readonly length: Range | null
  /** HL7 table number with four digits, as `0119`. */
  readonly table: string | null
  readonly values: readonly string[] | null
  readonly format: ValueFormat | null
  /** `usage` holds only where this is true; elsewhere `otherwise` does. */
  readonly when: Condition | null
  readonly otherwise: 'O' | 'X'
  /** Outranks the contract's severities for every rule of this element. */
  readonly severity: ViolationSeverity | null
}

/** What a contract says of a segment as a whole: it must, may or may not be there, and how often. */
export interface SegmentRule {
  readonly usage: ContractUsage | null
  readonly repeats: Range | null
  readonly severity: ViolationSeverity | null
}

/** An assertion in the condition language, for what a field alone can't say. */
export interface Assertion {
  readonly id: string
  /** It is asked once for each of these segments; null: once a message. */
  readonly segment: string | null
  readonly when: Condition | null
  readonly require: Condition
  /** Where a violation points to; `segment` or the message when null. */
  readonly at: string | null
  readonly severity: ViolationSeverity | null
  readonly message: Text
}

export interface ElementRule {
  readonly path: ElementPath
  readonly rule: FieldRule
}

/** Rules of one message type, or of all types. */
export interface RuleSet {
  readonly segments: readonly { readonly segment: string; readonly rule: SegmentRule }[]
  readonly elements: readonly ElementRule[]
  readonly assertions: readonly Assertion[]
}

export interface MessageContract extends RuleSet {
  /** `ORU^R01`; `ADT^*` for every event; `ACK` for every acknowledgment. */
  readonly type: string
  /** Which message of the exchange may be of this type. */
  readonly side: 'request' | 'answer' | 'both'
  /** Standard structure whose segments, data types and required fields hold beneath this contract; null: nothing is inherited. */
  readonly standard: string | null
  /** The contract's own structure; null: that of `standard`, or none. */
  readonly structure: Grammar | null
}

/** A contract as read: the agreement on what one interface carries. */
export interface Contract extends RuleSet {
  readonly id: string
  readonly version: string
  readonly title: Text
  /** MSH-12 as agreed; empty: any. */
  readonly versions: readonly string[]
  /** MSH-18 as agreed, an empty text for none stated; empty: any. */
  readonly charsets: readonly string[]
  /** By rule; what is left out has `defaultSeverities`. */
  readonly severities: { readonly [rule in RuleName]?: ViolationSeverity }
  /** Z segments that the contract doesn't name: reported as unknown, or let pass. */
  readonly zSegments: 'report' | 'allow'
  /** Message types that the contract doesn't name: reported, let pass, or held to the standard's common segments. */
  readonly otherMessages: 'report' | 'allow' | 'standard'
  readonly messages: readonly MessageContract[]
}

/** What a breach weighs when the contract doesn't say: what breaks receivers may open tickets, what merely surprises is shown. */
export const defaultSeverities: { readonly [rule in RuleName]: ViolationSeverity } = {
  required: 'ticket',
  forbidden: 'warn',
  type: 'ticket',
  length: 'observe',
  table: 'warn',
  format: 'warn',
  cardinality: 'warn',
  order: 'ticket',
  'unknown-segment': 'observe',
  condition: 'warn',
  charset: 'ticket',
  masking: 'ticket',
  version: 'warn',
  structure: 'ticket',
  more: 'observe',
}
