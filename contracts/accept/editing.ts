import type { Document } from 'yaml'
import type { JsonRecord } from '../../gateway/model/json.ts'

/** A lasting breach that is to become part of the agreement. */
export interface Accept {
  /** Without repetition indices: `OBX-5`. */
  readonly element: string
  readonly rule: string
  /** Message type; null: of every message that says something of the element. */
  readonly type: string | null
}

export interface Editing {
  readonly document: Document
  readonly learnt: JsonRecord
  readonly format: string
}
