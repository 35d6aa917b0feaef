import type { KeyKind } from '../../gateway/model/document.ts'
import type { Text } from '../../gateway/model/text.ts'
import type { ViolationSeverity } from '../../gateway/model/violation.ts'
import type { BodySeverities } from '../language/body-rules.ts'
import type { Range } from '../language/range.ts'
import type { SchemaCheck } from '../language/schema-check.ts'
import type { SuccessRule } from '../language/success.ts'
import type { ValueFormat } from '../language/value-format.ts'

/** A contract for SOAP and XML, as read. */
export interface SoapContract {
  readonly id: string
  readonly version: string
  readonly title: Text
  /** SOAP versions agreed; empty: any. */
  readonly versions: readonly string[]
  readonly charsets: readonly string[]
  readonly otherOperations: 'report' | 'allow'
  readonly severities: BodySeverities
  readonly keys: readonly { readonly path: string; readonly kind: KeyKind }[]
  readonly success: SuccessRule | null
  readonly operations: readonly SoapOperation[]
}

export interface SoapOperation {
  /** Local name of the body's element, or the service that its `action` names. */
  readonly name: string
  readonly side: 'request' | 'answer' | 'both'
  /** Empty: any. */
  readonly soapActions: readonly string[]
  /** Over `elementValue` of the body's element; null: nothing is said of it. */
  readonly check: SchemaCheck | null
}

export type ElementUsage = 'R' | 'RE' | 'O' | 'X'

/** What a contract says of an element or attribute. Null: it doesn't say. */
export interface ElementRule {
  /** Names below the body's element; an attribute's begins with `@`. */
  readonly path: readonly string[]
  readonly usage: ElementUsage | null
  readonly type: 'text' | 'integer' | 'number' | 'boolean' | 'time' | null
  readonly repeats: Range | null
  readonly length: Range | null
  readonly values: readonly string[] | null
  readonly format: ValueFormat | null
  readonly severity: ViolationSeverity | null
}
