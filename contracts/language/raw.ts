import { isRecord, type JsonRecord } from '../../gateway/model/json.ts'
import type { ViolationSeverity } from '../../gateway/model/violation.ts'

/** Something of a contract's YAML that has passed its language's schema. */
export type Raw = JsonRecord

export function record(value: unknown): Raw {
  return isRecord(value) ? value : {}
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

export function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(text) : []
}

/** Values of a contract as texts, as `Document.get` gives them: `0` of the number 0. */
export function valueTexts(values: unknown): readonly string[] {
  return Array.isArray(values) ? values.map(String) : []
}

/** The names that share one entry: `ADT^A01, ADT^A04`. */
export function keyNames(key: string): readonly string[] {
  return key.split(',').map((name) => name.trim())
}

export function severityOf(value: unknown): ViolationSeverity | null {
  return value === 'observe' || value === 'warn' || value === 'ticket' ? value : null
}
