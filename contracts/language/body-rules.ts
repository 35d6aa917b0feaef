import type { ViolationSeverity } from '../../gateway/model/violation.ts'
import { severityOf } from './raw.ts'

/** What a contract for JSON, XML or rows can find. `more` counts what is left out of a long list. */
export const bodyRuleNames = [
  'required',
  'forbidden',
  'type',
  'length',
  'range',
  'table',
  'format',
  'cardinality',
  'unknown-member',
  'condition',
  'operation',
  'header',
  'charset',
  'masking',
  'structure',
  'version',
  'more',
] as const

export type BodyRuleName = (typeof bodyRuleNames)[number]

export type BodySeverities = { readonly [rule in BodyRuleName]: ViolationSeverity }

/** What a breach weighs when the contract doesn't say: what breaks receivers may open tickets, what merely surprises is shown. */
export const defaultBodySeverities: BodySeverities = {
  required: 'ticket',
  forbidden: 'warn',
  type: 'ticket',
  length: 'observe',
  range: 'warn',
  table: 'warn',
  format: 'warn',
  cardinality: 'warn',
  'unknown-member': 'observe',
  condition: 'warn',
  operation: 'warn',
  header: 'warn',
  charset: 'ticket',
  masking: 'ticket',
  structure: 'warn',
  version: 'warn',
  more: 'observe',
}

/** The contract's severities with the defaults filled in. */
export function bodySeverities(own: unknown): BodySeverities {
  const merged: { [rule in BodyRuleName]: ViolationSeverity } = { ...defaultBodySeverities }
  if (typeof own !== 'object' || own === null) return merged
  for (const [rule, value] of Object.entries(own)) {
    const severity = severityOf(value)
    const name = bodyRuleNames.find((known) => known === rule)
    if (severity !== null && name !== undefined) merged[name] = severity
  }
  return merged
}
