import type { KeyKind } from '../../gateway/model/document.ts'
import type { Text } from '../../gateway/model/text.ts'
import type { ViolationSeverity } from '../../gateway/model/violation.ts'
import type { BodySeverities } from '../language/body-rules.ts'
import type { SchemaCheck } from '../language/schema-check.ts'
import type { SuccessRule } from '../language/success.ts'

/** A contract for JSON, records and files of rows, as read. */
export interface JsonContract {
  readonly id: string
  readonly version: string
  readonly title: Text
  /** Character sets agreed, as `utf-8`. */
  readonly charsets: readonly string[]
  readonly otherOperations: 'report' | 'allow'
  readonly severities: BodySeverities
  readonly keys: readonly { readonly path: string; readonly kind: KeyKind }[]
  /** What holds in every request and every answer; an operation's own outranks it part by part. */
  readonly request: MessageRules
  readonly answer: AnswerRules
  readonly operations: readonly Operation[]
}

/** One thing that the interface does, with how its requests are known. */
export interface Operation {
  readonly name: string
  readonly route: Route | null
  readonly record: NamePattern | null
  readonly file: NamePattern | null
  readonly where: { readonly path: string; readonly values: readonly string[] } | null
  readonly request: MessageRules
  readonly answer: AnswerRules
}

/** Name of a topic or a file, in pieces between which any characters may stand. */
export type NamePattern = readonly string[]

/** `POST /**` + `/rx/{code}`. */
export interface Route {
  readonly method: string
  readonly hasAnyPrefix: boolean
  /** Null: any one segment. */
  readonly segments: readonly (string | null)[]
  /** `POST /rx/{code}`: the operation's type. */
  readonly text: string
}

/** A name that must be there, and what its absence weighs; null: as the rule `header` weighs. */
export interface NeededName {
  readonly name: string
  readonly severity: ViolationSeverity | null
}

export interface MessageRules {
  readonly headers: readonly NeededName[]
  readonly query: readonly NeededName[]
  readonly schema: SchemaCheck | null
  /** Schema of one row of a file. */
  readonly rows: SchemaCheck | null
}

export interface AnswerRules {
  readonly headers: readonly NeededName[]
  readonly schema: SchemaCheck | null
  readonly error: SchemaCheck | null
  readonly success: SuccessRule | null
}

export const noMessageRules: MessageRules = { headers: [], query: [], schema: null, rows: null }
export const noAnswerRules: AnswerRules = { headers: [], schema: null, error: null, success: null }
