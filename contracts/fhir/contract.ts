import type { Text } from '../../gateway/model/text.ts'
import type { ViolationSeverity } from '../../gateway/model/violation.ts'
import type { Range } from '../language/range.ts'
import type { ValueFormat } from '../language/value-format.ts'
import type { Evaluation } from './check/fhirpath.ts'
import type { RuleName } from './check/finding.ts'
import type { ElementPath } from './element-path.ts'
import type { Profile } from './profile/read-profile.ts'

/** Required; required when known (not held); optional; not supported. */
export type ElementUsage = 'R' | 'RE' | 'O' | 'X'

/** What a contract says of one element of a resource. Null: it doesn't say. */
export interface ElementRule {
  readonly path: ElementPath
  readonly usage: ElementUsage | null
  /** How often it stands in what is around it. */
  readonly repeats: Range | null
  readonly values: ReadonlySet<string> | null
  /** The system that its codings or identifiers must have. */
  readonly system: string | null
  readonly format: ValueFormat | null
  /** The types of a choice that are agreed, as `Quantity`. */
  readonly types: readonly string[] | null
  /** The usage holds only where this is true; elsewhere the element is optional. */
  readonly when: Evaluation | null
  readonly severity: ViolationSeverity | null
}

/** What FHIRPath says, for what one element can't. */
export interface Invariant {
  readonly id: string
  readonly when: Evaluation | null
  readonly require: Evaluation
  /** Where a violation points to; the resource when null. */
  readonly at: string | null
  readonly severity: ViolationSeverity | null
  readonly message: Text
}

export interface ResourceContract {
  readonly type: string
  readonly side: 'request' | 'answer' | 'both'
  readonly elements: readonly ElementRule[]
  readonly invariants: readonly Invariant[]
  readonly profiles: readonly { readonly profile: Profile; readonly when: Evaluation | null }[]
}

/** What a contract says of one parameter of a query. `names`: any of them will do. */
export interface ParameterRule {
  readonly names: readonly string[]
  readonly usage: ElementUsage
  readonly severity: ViolationSeverity | null
}

export interface InteractionContract {
  readonly parameters: readonly ParameterRule[]
  readonly otherParameters: 'report' | 'allow'
  /** What the entries of a transaction or a batch may ask; null: what the contract allows at all. */
  readonly entries: readonly string[] | null
}

/** A contract as read: the agreement on what one FHIR interface carries. */
export interface Contract {
  readonly id: string
  readonly version: string
  readonly title: Text
  /** `fhirVersion` of the content type as agreed; empty: any. */
  readonly versions: readonly string[]
  /** Whether R4 itself holds beneath. */
  readonly base: 'hold' | 'ignore'
  /** By rule; what is left out has `defaultSeverities`. */
  readonly severities: { readonly [rule in RuleName]?: ViolationSeverity }
  /** By interaction as the product writes it: `read Patient`, `read *`. Empty: any. */
  readonly interactions: ReadonlyMap<string, InteractionContract>
  readonly otherInteractions: 'report' | 'allow'
  readonly resources: ReadonlyMap<string, ResourceContract>
}

/** What a breach of the contract's own words weighs when the contract doesn't say. */
export const defaultSeverities: { readonly [rule in RuleName]: ViolationSeverity } = {
  structure: 'ticket',
  interaction: 'warn',
  search: 'warn',
  required: 'ticket',
  cardinality: 'warn',
  'unknown-element': 'warn',
  type: 'ticket',
  format: 'warn',
  table: 'warn',
  reference: 'warn',
  narrative: 'observe',
  condition: 'warn',
  profile: 'warn',
  charset: 'ticket',
  masking: 'ticket',
  version: 'warn',
  more: 'observe',
}

/** What a breach of R4 itself weighs: a body that nobody can parse may open a ticket; what HL7 only warns of is observed. */
export const standardSeverities: { readonly [rule in RuleName]: ViolationSeverity } = {
  ...defaultSeverities,
  required: 'warn',
  type: 'warn',
  reference: 'observe',
  charset: 'warn',
}
