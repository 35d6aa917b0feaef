import type { ErrorObject } from 'ajv/dist/2020.js'
import { isRecord } from '../../../gateway/model/json.ts'
import { valueShape } from '../../hl7v2/check/value-shape.ts'
import { writeRange } from '../../language/range.ts'
import { attributeNameOf } from '../attribute-path.ts'
import { type JsonDataSet, textOf, valuesOf, vrOf } from '../json-model.ts'
import type { Finding, Step } from './finding.ts'

/** What ajv says of a data set in DICOM JSON, as a finding. Null: an echo of another error. */
export function findingOf(error: ErrorObject, set: JsonDataSet): Finding | null {
  const place = placeOf(error.instancePath, set)
  const { steps } = place
  const shape = place.value === null ? null : valueShape(place.value)
  switch (error.keyword) {
    case 'required':
      return {
        rule: 'required',
        steps: [...steps, { tag: String(error.params.missingProperty), item: 0 }],
        expected: 'present',
        shape: null,
      }
    case 'dicomFilled':
      return { rule: 'required', steps, expected: '', shape: null }
    case 'maxProperties':
      return { rule: 'forbidden', steps, expected: '', shape: null }
    case 'enum':
      return { rule: 'table', steps, expected: '', shape }
    case 'const':
      return { rule: 'type', steps, expected: String(error.params.allowedValue), shape: null }
    case 'minLength':
      return { rule: 'length', steps, expected: writeRange({ min: Number(error.params.limit), max: null }), shape }
    case 'maxLength':
      return { rule: 'length', steps, expected: writeRange({ min: 0, max: Number(error.params.limit) }), shape }
    case 'pattern':
      return { rule: 'format', steps, expected: `/${String(error.params.pattern)}/`, shape }
    case 'format':
      return { rule: 'format', steps, expected: formatWord(String(error.params.format)), shape }
    case 'minItems':
      return { rule: 'cardinality', steps, expected: writeRange({ min: Number(error.params.limit), max: null }), shape: null }
    case 'maxItems':
      return { rule: 'cardinality', steps, expected: writeRange({ min: 0, max: Number(error.params.limit) }), shape: null }
    default:
      return null
  }
}

/** `ScheduledProcedureStepSequence[1].Modality`, and without the item for counting. */
export function pathOf(steps: readonly Step[]): { readonly path: string; readonly element: string } {
  const names = steps.map(({ tag, item }) => ({ name: attributeNameOf(tag), item }))
  return {
    path: names.map(({ name, item }) => (item === 0 ? name : `${name}[${item}]`)).join('.'),
    element: names.map(({ name }) => name).join('.'),
  }
}

/** `/00400100/Value/0/00080060/Value/0` leads to an attribute, or to a value of it: below a sequence `Value/0` is an item. */
function placeOf(pointer: string, set: JsonDataSet): { readonly steps: readonly Step[]; readonly value: string | null } {
  const keys = pointer.split('/').slice(1)
  const steps: Step[] = []
  let here: JsonDataSet | null = set
  let value: string | null = null
  for (let i = 0; i < keys.length && here !== null; ) {
    const tag = keys[i] ?? ''
    const attribute: unknown = here[tag]
    const isIndexed = keys[i + 1] === 'Value' && keys[i + 2] !== undefined
    const index = Number(keys[i + 2] ?? 0)
    const found: unknown = isIndexed ? valuesOf(attribute)[index] : undefined
    const isItem = isIndexed && vrOf(attribute) === 'SQ' && isRecord(found)
    steps.push({ tag, item: isItem ? index + 1 : 0 })
    value = isItem ? null : textOf(found)
    here = isItem && isRecord(found) ? found : null
    i += isIndexed ? 3 : keys.length
  }
  return { steps, value }
}

/** As the contract writes it: `digits(8)` for ajv's `digits-8-8`. */
function formatWord(name: string): string {
  const digits = /^digits-(\d+)-(\d+)$/.exec(name)
  if (digits === null) return name
  return digits[1] === digits[2] ? `digits(${digits[1]})` : `digits(${digits[1]}..${digits[2]})`
}
