/** What checking a FHIR message can find. `more` counts what is left out of a long list. */
export const ruleNames = [
  'structure',
  'interaction',
  'search',
  'required',
  'cardinality',
  'unknown-element',
  'type',
  'format',
  'table',
  'reference',
  'narrative',
  'condition',
  'profile',
  'charset',
  'masking',
  'version',
  'more',
] as const

export type RuleName = (typeof ruleNames)[number]

/** One breach: places, the agreement's words and shapes. A value never enters. */
export interface Finding {
  readonly rule: RuleName
  /** `Bundle.entry[0].resource.name[1].given[0]`: the way from the top, indices from 0 as FHIRPath has them. */
  readonly path: string
  /** Named from its own resource, without indices: `Patient.name.given`. */
  readonly element: string
  /** What was agreed: a type, a range, the key of an invariant. */
  readonly expected: string
  readonly shape: string | null
  /** As HL7 weighs it: an error makes a message invalid. */
  readonly level: 'error' | 'warning'
}
