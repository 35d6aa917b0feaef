import { describe, expect, test } from 'vitest'
import { checkProfile } from '../../../../contracts/fhir/profile/check-profile.ts'
import { readProfile } from '../../../../contracts/fhir/profile/read-profile.ts'

type Element = { readonly [name: string]: unknown }

function told(elements: readonly Element[], resource: { readonly [name: string]: unknown }): string[] {
  const { profile, problem } = readProfile(
    JSON.stringify({
      resourceType: 'StructureDefinition',
      name: 'P',
      type: 'Observation',
      differential: { element: elements },
    }),
  )
  expect(problem).toBeNull()
  return profile === null
    ? []
    : checkProfile(profile.root, resource, resource).map(({ rule, path, expected }) => `${rule} ${path} ${expected}`)
}

const vital = { coding: [{ system: 'http://cat', code: 'vital-signs', display: 'x' }] }
const lab = { coding: [{ system: 'http://cat', code: 'laboratory' }] }
const base = {
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '8310-5' }] },
}

describe('profiles', () => {
  test.each([
    ['a minimum', [{ id: 'Observation.subject', min: 1 }], base, ['required subject 1..']],
    [
      'a maximum',
      [{ id: 'Observation.category', max: '1' }],
      { ...base, category: [vital, lab] },
      ['cardinality category ..1'],
    ],
    [
      'a fixed value',
      [{ id: 'Observation.status', fixedCode: 'final' }],
      { ...base, status: 'amended' },
      ['profile status fixed'],
    ],
    [
      'a pattern that may say more',
      [{ id: 'Observation.category', patternCodeableConcept: { coding: [{ code: 'vital-signs' }] } }],
      { ...base, category: [vital] },
      [],
    ],
    [
      'a pattern that is broken',
      [{ id: 'Observation.category', patternCodeableConcept: { coding: [{ code: 'vital-signs' }] } }],
      { ...base, category: [vital, lab] },
      ['profile category[1] pattern'],
    ],
    [
      'a type of a choice',
      [{ id: 'Observation.value[x]', type: [{ code: 'Quantity' }] }],
      { ...base, valueString: 'a' },
      ['type valueString Quantity'],
    ],
    [
      'the agreed type of a choice',
      [{ id: 'Observation.value[x]', type: [{ code: 'Quantity' }], min: 1 }],
      { ...base, valueQuantity: { value: 1 } },
      [],
    ],
    [
      'below an element',
      [{ id: 'Observation.code.coding.system', min: 1 }],
      { ...base, code: { coding: [{ code: 'a' }] } },
      ['required code.coding[0].system 1..'],
    ],
    ['below an element that is not there', [{ id: 'Observation.method.text', min: 1 }], base, []],
    [
      'a constraint',
      [{ id: 'Observation', constraint: [{ key: 'c-1', severity: 'error', human: 'h', expression: 'subject.exists()' }] }],
      base,
      ['condition  c-1'],
    ],
    [
      'a value set of R4',
      [
        {
          id: 'Observation.status',
          binding: { strength: 'required', valueSet: 'http://hl7.org/fhir/ValueSet/request-status' },
        },
      ],
      base,
      ['table status status'],
    ],
  ] as const)('%s', (_, elements, resource, expected) => {
    expect(told(elements, resource)).toEqual(expected)
  })

  const slices = (rules: string): readonly Element[] => [
    { id: 'Observation.category', slicing: { discriminator: [{ type: 'value', path: 'coding.code' }], rules } },
    { id: 'Observation.category:vs', min: 1, max: '1' },
    { id: 'Observation.category:vs.coding.code', fixedCode: 'vital-signs' },
  ]

  test('a slice by value: missing, there, twice', () => {
    expect(told(slices('open'), { ...base, category: [lab] })).toEqual(['required category:vs 1..'])
    expect(told(slices('open'), { ...base, category: [vital, lab] })).toEqual([])
    expect(told(slices('open'), { ...base, category: [vital, vital] })).toEqual(['cardinality category:vs ..1'])
  })

  test('closed slicing lets nothing else stand', () => {
    expect(told(slices('closed'), { ...base, category: [vital, lab] })).toEqual(['profile category[1] slice'])
  })

  test('slices by pattern below the discriminator, by type and by existence', () => {
    const byPattern: readonly Element[] = [
      { id: 'Observation.component', slicing: { discriminator: [{ type: 'pattern', path: 'code' }], rules: 'open' } },
      { id: 'Observation.component:sys', min: 1 },
      { id: 'Observation.component:sys.code', patternCodeableConcept: { coding: [{ code: '8480-6' }] } },
    ]
    const component = (code: string) => ({ code: { coding: [{ code }] } })
    expect(told(byPattern, { ...base, component: [component('8480-6')] })).toEqual([])
    expect(told(byPattern, { ...base, component: [component('8462-4')] })).toEqual(['required component:sys 1..'])
    const byType: readonly Element[] = [
      { id: 'Observation.value[x]', slicing: { discriminator: [{ type: 'type', path: '$this' }] } },
      { id: 'Observation.value[x]:valueQuantity', min: 1, type: [{ code: 'Quantity' }] },
      { id: 'Observation.value[x]:valueQuantity.code', min: 1 },
    ]
    expect(told(byType, { ...base, valueQuantity: { value: 1 } })).toEqual(['required valueQuantity.code 1..'])
    expect(told(byType, { ...base, valueString: 'a' })).toEqual(['required value[x]:valueQuantity 1..'])
    const byExistence: readonly Element[] = [
      { id: 'Observation.identifier', slicing: { discriminator: [{ type: 'exists', path: 'system' }] } },
      { id: 'Observation.identifier:named', max: '1' },
      { id: 'Observation.identifier:named.system', min: 1 },
    ]
    expect(told(byExistence, { ...base, identifier: [{ system: 'a' }, { value: '1' }] })).toEqual([])
    expect(told(byExistence, { ...base, identifier: [{ system: 'a' }, { system: 'b' }] })).toEqual([
      'cardinality identifier:named ..1',
    ])
  })
})
