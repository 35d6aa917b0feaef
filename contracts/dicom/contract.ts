import type { Text } from '../../gateway/model/text.ts'
import type { ViolationSeverity } from '../../gateway/model/violation.ts'
import type { Condition as AnyCondition } from '../language/condition.ts'
import type { Range } from '../language/range.ts'
import type { ValueFormat } from '../language/value-format.ts'
import type { AttributePath } from './attribute-path.ts'

/** What a contract can find. `more` counts what is left out of a long list. */
export const ruleNames = [
  'required',
  'forbidden',
  'type',
  'length',
  'table',
  'format',
  'cardinality',
  'condition',
  'charset',
  'structure',
  'more',
] as const

export type RuleName = (typeof ruleNames)[number]

export type Severities = { readonly [rule in RuleName]: ViolationSeverity }

export type Condition = AnyCondition<AttributePath>

/** Data element types of PS3.5 7.4, and X: no value may stand there. */
export type AttributeType = '1' | '1C' | '2' | '2C' | '3' | 'X'

/** What a contract says of one attribute. Null: it doesn't say. */
export interface AttributeRule {
  readonly path: AttributePath
  readonly type: AttributeType | null
  /** Where 1C and 2C hold; elsewhere `otherwise` does. */
  readonly when: Condition | null
  readonly otherwise: '3' | 'X'
  readonly vr: string | null
  /** How many values, or items of a sequence. */
  readonly vm: Range | null
  readonly values: readonly string[] | null
  readonly format: ValueFormat | null
  /** Characters of one value. */
  readonly length: Range | null
  readonly severity: ViolationSeverity | null
}

/** An assertion in the condition language, for what one attribute can't say. */
export interface Assertion {
  readonly id: string
  readonly when: Condition | null
  readonly require: Condition
  /** Where a violation points to. */
  readonly at: AttributePath | null
  readonly severity: ViolationSeverity | null
  readonly message: Text
}

export interface RuleSet {
  readonly attributes: readonly AttributeRule[]
  readonly assertions: readonly Assertion[]
}

/** Rules of the data sets of one command, and of one SOP class where it is named. */
export interface MessageContract extends RuleSet {
  /** `C-STORE-RQ`, `STOW-RQ`. */
  readonly command: string
  /** A UID; null: of every SOP class. */
  readonly sopClass: string | null
}

/** A contract as read: the agreement on what one interface carries. */
export interface Contract extends RuleSet {
  readonly id: string
  readonly version: string
  readonly title: Text
  /** (0008,0005) as agreed, an empty text for none stated; empty: any. */
  readonly charsets: readonly string[]
  /** UIDs; empty: any. */
  readonly transferSyntaxes: readonly string[]
  readonly severities: Severities
  /** Commands and SOP classes that the contract doesn't name: reported or let pass. */
  readonly otherMessages: 'report' | 'allow'
  readonly messages: readonly MessageContract[]
}

/** What a breach weighs when the contract doesn't say: what breaks receivers may open tickets, what merely surprises is shown. */
export const defaultSeverities: Severities = {
  required: 'ticket',
  forbidden: 'warn',
  type: 'warn',
  length: 'observe',
  table: 'warn',
  format: 'warn',
  cardinality: 'warn',
  condition: 'warn',
  charset: 'ticket',
  structure: 'warn',
  more: 'observe',
}
