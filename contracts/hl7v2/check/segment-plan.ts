import type { Range } from '../../language/range.ts'
import type { ValueFormat } from '../../language/value-format.ts'

/**
 * What holds inside one segment, as JSON: an entry of the `hl7Segments` keyword in the schema of `../json-schema.ts`. Only what is
 * checked stands here; severities are kept beside the schema.
 */
export interface SegmentPlan {
  readonly segment: string
  /** Whose data types hold. */
  readonly version: string
  /** Fields that must not be empty. */
  readonly required: readonly number[]
  /** Fields that must be empty. */
  readonly forbidden: readonly number[]
  readonly fields: readonly FieldPlan[]
  /** The field whose data type another field names, as OBX-5 by OBX-2. */
  readonly valueByType: { readonly typeField: number; readonly valueField: number } | null
}

export interface FieldPlan extends ValuePlan {
  readonly number: number
  readonly repeats: Range | null
  readonly components: readonly ComponentPlan[]
}

export interface ComponentPlan extends ValuePlan {
  readonly component: number
  readonly subcomponent: number
  readonly isRequired: boolean
  readonly isForbidden: boolean
}

/** What holds for one value: a repetition of a field, a component or a subcomponent. */
export interface ValuePlan {
  readonly type: string | null
  readonly length: Range | null
  /** Table number, for people; its codes are among `values`. */
  readonly table: string | null
  readonly values: readonly string[] | null
  readonly format: ValueFormat | null
}
