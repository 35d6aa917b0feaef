import type { JsonRecord } from '../../gateway/model/json.ts'
import { valueTexts } from '../language/raw.ts'

interface Beside {
  readonly format: string
  /** What was learnt of the same element. */
  readonly learnt: JsonRecord | null
}

/** What a contract says of an element, without what broke it. Null: it says nothing that could be taken back. */
export function relaxed(rule: JsonRecord, broken: string, beside: Beside): JsonRecord | null {
  const eased = withoutBreach(rule, broken, beside)
  return eased === nothingSaid && beside.format === 'dicom' ? { type: '3' } : eased
}

function withoutBreach(rule: JsonRecord, broken: string, { format, learnt }: Beside): JsonRecord | null {
  switch (broken) {
    case 'required':
      return withoutUsage(rule, format)
    case 'forbidden':
      return format === 'dicom' ? changed(rule, { type: '3' }, []) : changed(rule, { usage: 'O' }, ['when', 'otherwise'])
    case 'table':
      return wider(rule, learnt, format)
    case 'format':
      return learnt?.format === undefined ? changed(rule, {}, ['format']) : changed(rule, { format: learnt.format }, [])
    case 'length':
      return learnt?.length === undefined ? changed(rule, {}, ['length']) : changed(rule, { length: learnt.length }, [])
    case 'type':
      return format === 'hl7v2'
        ? changed(rule, { type: learnt?.type ?? 'ST' }, [])
        : changed(rule, {}, [format === 'dicom' ? 'vr' : 'type'])
    case 'cardinality':
      return format === 'hl7v2' ? changed(rule, { repeats: '1..*' }, []) : changed(rule, {}, ['repeats', 'vm'])
    default:
      return null
  }
}

function withoutUsage(rule: JsonRecord, format: string): JsonRecord | null {
  if (format === 'dicom') {
    const type = rule.type ?? rule.usage
    return type === '1' || type === '2' || type === '1C' || type === '2C'
      ? changed(rule, { type: '3' }, ['usage', 'when'])
      : null
  }
  if (rule.usage === undefined && Object.keys(rule).length > 0) return null
  return changed(rule, { usage: rule.usage === undefined ? 'O' : 'RE' }, ['when', 'otherwise'])
}

/** The codes agreed and those that came; any where the traffic shows no closed dictionary. */
function wider(rule: JsonRecord, learnt: JsonRecord | null, format: string): JsonRecord | null {
  const agreed = valueTexts(rule.values)
  const seen = valueTexts(learnt?.values)
  if (agreed.length === 0) return format === 'hl7v2' ? changed(rule, { type: 'ST' }, ['table']) : null
  const added = seen.filter((value) => !agreed.includes(value))
  return added.length === 0 ? changed(rule, {}, ['values']) : changed(rule, { values: [...agreed, ...added] }, [])
}

/** By what is short for it in each language. */
const nothingSaid: JsonRecord = { usage: 'O' }

/** Null where nothing changes. An element of which nothing is left to say is optional. */
function changed(rule: JsonRecord, said: JsonRecord, dropped: readonly string[]): JsonRecord | null {
  const kept = Object.fromEntries(Object.entries({ ...rule, ...said }).filter(([key]) => !dropped.includes(key)))
  if (JSON.stringify(kept) === JSON.stringify(rule)) return null
  return Object.keys(kept).length === 0 ? nothingSaid : kept
}
