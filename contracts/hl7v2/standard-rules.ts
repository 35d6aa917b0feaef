import { tableCodes } from '../../gateway/model/hl7v2/codes.ts'
import { type FieldSpec, segmentSpec } from '../../gateway/model/hl7v2/spec.ts'
import type { ViolationSeverity } from '../../gateway/model/violation.ts'
import type { Range } from '../language/range.ts'
import { typeTest } from './check/value-type.ts'
import type { RuleName } from './contract.ts'

/** What the standard itself says of a field, with what a breach weighs. */
export interface StandardField {
  readonly number: number
  readonly isRequired: boolean
  readonly type: string | null
  readonly repeats: Range | null
  readonly table: string | null
  readonly values: readonly string[] | null
  readonly severities: { readonly [rule in RuleName]?: ViolationSeverity }
}

/**
 * The fields of a segment about which that version of the standard says something that can be held. Lengths are left out: before
 * 2.7 they are advice that few obey. What real senders leave out or stretch every day without harm is only observed; what
 * receivers use to find the patient, the order and the result is a warning; what an answer can't be paired without is a ticket.
 */
export function standardFields(version: string, segment: string): readonly StandardField[] {
  const fields = segmentSpec(version, segment)?.fields ?? []
  return fields.flatMap((field) => {
    const rule = ruleOf(version, segment, field)
    return rule === null ? [] : [rule]
  })
}

/** Severities of what the standard says of messages and segments as a whole. */
export const standardSeverities: { readonly [rule in RuleName]: ViolationSeverity } = {
  required: 'warn',
  forbidden: 'observe',
  type: 'warn',
  length: 'observe',
  table: 'observe',
  format: 'observe',
  cardinality: 'observe',
  order: 'observe',
  'unknown-segment': 'observe',
  condition: 'observe',
  charset: 'warn',
  masking: 'observe',
  version: 'observe',
  structure: 'warn',
  more: 'observe',
}

/** Required by the standard and needed by every receiver. */
const neededFields = new Set([
  'MSH-7',
  'MSH-11',
  'MSA-1',
  'MSA-2',
  'PID-3',
  'PID-5',
  'ORC-1',
  'OBR-4',
  'OBX-3',
  'MRG-1',
  'TXA-2',
  'FT1-7',
  'RXA-5',
  'MFI-1',
  'MFE-1',
  'MFE-4',
])

/** Without these a message can't be understood or its answer not be paired. */
const vitalFields = new Set(['MSH-9', 'MSH-10', 'MSH-12'])

/** Forms that programs compute with: text in a number breaks them. */
const computedTypes = new Set(['NM', 'DT', 'TM', 'TS', 'DTM'])

/** Table 0125 as published names only what newer versions allow; these are in every sender's OBX-2. */
const olderValueTypes = ['CE', 'CNE', 'CQ', 'EI', 'HD', 'ID', 'IS', 'MA', 'NA', 'PPN', 'SI', 'TS', 'VR']

function ruleOf(version: string, segment: string, field: FieldSpec): StandardField | null {
  const isRequired = field.usage === 'R' && !isDelimiterField(segment, field.number)
  const type = typeTest(version, field.dataType) === null ? null : field.dataType
  const repeats = field.repeatMax === 1 && !isDelimiterField(segment, field.number) ? { min: 0, max: 1 } : null
  const codes = field.dataType === 'ID' && field.table !== null ? tableCodes(field.table) : null
  const values = codes === null ? null : [...codes.keys(), ...(field.table === '0125' ? olderValueTypes : [])]
  if (!isRequired && type === null && repeats === null && values === null) return null
  const element = `${segment}-${field.number}`
  return {
    number: field.number,
    isRequired,
    type,
    repeats,
    table: values === null ? null : field.table,
    values,
    severities: {
      ...standardSeverities,
      required: vitalFields.has(element) ? 'ticket' : neededFields.has(element) ? 'warn' : 'observe',
      type: computedTypes.has(field.dataType) ? 'warn' : 'observe',
    },
  }
}

/** MSH-1 and MSH-2 are the delimiters themselves: reading finds what is wrong with them. */
function isDelimiterField(segment: string, number: number): boolean {
  return (segment === 'MSH' || segment === 'FHS' || segment === 'BHS') && number <= 2
}
