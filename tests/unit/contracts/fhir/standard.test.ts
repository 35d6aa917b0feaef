import { describe, expect, test } from 'vitest'
import { fhir } from '../../../../adapters/formats/fhir/fhir.ts'
import { narrativeProblem } from '../../../../contracts/fhir/check/narrative.ts'
import { isResourceType } from '../../../../contracts/fhir/definitions/definitions.ts'
import r4 from '../../../../contracts/fhir/definitions/r4.json' with { type: 'json' }
import { standardContract } from '../../../../contracts/fhir/standard.ts'
import type { Hints } from '../../../../gateway/model/document.ts'
import { resourceTypes } from '../../../../gateway/model/fhir/resources.ts'
import type { Violation } from '../../../../gateway/model/violation.ts'

const hints: Hints = { at: 0, timezone: 'Asia/Shanghai' }
const standard = standardContract()

function check(value: unknown, around: Hints = hints): readonly Violation[] {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return standard.check(fhir.read(new TextEncoder().encode(text), around), around.side ?? 'request')
}

const told = (value: unknown, around?: Hints) =>
  check(value, around).map(({ severity, rule, path }) => `${severity} ${rule} ${path}`)

const observation = {
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '8310-5' }] },
  subject: { reference: 'Patient/1' },
  valueQuantity: { value: 37.9, unit: '℃', system: 'http://unitsofmeasure.org', code: 'Cel' },
}

describe('what R4 itself requires', () => {
  test('nothing of a sound resource', () => {
    expect(told(observation)).toEqual([])
  })

  test.each([
    ['a required primitive', { ...observation, status: undefined }, ['warn required Observation.status']],
    [
      'a required primitive that has an extension alone is there',
      { ...observation, status: undefined, _status: { extension: [{ url: 'http://x/y', valueCode: 'unknown' }] } },
      [],
    ],
    ['two choices', { ...observation, valueString: 'a' }, ['warn cardinality Observation.valueString']],
    ['an unknown element', { ...observation, colour: 'red' }, ['warn unknown-element Observation']],
    ['a list for one', { ...observation, status: ['final'] }, ['warn cardinality Observation.status']],
    ['one for a list', { ...observation, category: { text: 'a' } }, ['warn type Observation.category']],
    ['an empty list', { ...observation, category: [] }, ['warn cardinality Observation.category']],
    ['null', { ...observation, issued: null }, ['warn type Observation.issued']],
    ['a number for a text', { ...observation, language: 7 }, ['warn type Observation.language']],
    [
      'a time without zone',
      { ...observation, effectiveDateTime: '2026-11-23T10:00:00' },
      ['warn format Observation.effectiveDateTime'],
    ],
    [
      'a day that the month lacks',
      { ...observation, effectiveDateTime: '2026-02-30' },
      ['warn format Observation.effectiveDateTime'],
    ],
    ['a code of no required value set', { ...observation, status: 'done' }, ['warn table Observation.status']],
    [
      'a unit code without its system',
      { ...observation, valueQuantity: { value: 1, code: 'Cel' } },
      ['warn condition Observation.valueQuantity'],
    ],
    [
      'a value and the reason why there is none',
      { ...observation, dataAbsentReason: { text: 'x' } },
      ['warn condition Observation'],
    ],
    [
      'a reference to the wrong type',
      { ...observation, encounter: { reference: 'Patient/1' } },
      ['observe reference Observation.encounter'],
    ],
    [
      'a local reference to nothing',
      { ...observation, performer: [{ reference: '#p' }] },
      ['warn condition Observation.performer[0]'],
    ],
    [
      'a contained resource that nobody names',
      { ...observation, contained: [{ resourceType: 'Patient', id: 'p' }] },
      ['warn condition Observation'],
    ],
    [
      'a contained resource that is named',
      { ...observation, contained: [{ resourceType: 'Patient', id: 'p' }], performer: [{ reference: '#p' }] },
      [],
    ],
    [
      'an extension with nothing',
      { ...observation, extension: [{ url: 'http://x/y' }] },
      ['warn condition Observation.extension[0]'],
    ],
    ['an element with nothing', { ...observation, method: {} }, ['warn condition Observation.method']],
    [
      'a primitive list whose hole has an extension',
      {
        resourceType: 'Patient',
        name: [{ given: ['a', null], _given: [null, { id: 'x', extension: [{ url: 'http://x/y', valueCode: 'unknown' }] }] }],
      },
      [],
    ],
    [
      'a primitive list with a hole',
      { resourceType: 'Patient', name: [{ given: ['a', null] }] },
      ['warn type Patient.name[0].given[1]'],
    ],
    [
      'whole numbers with a fraction or an exponent, which a decimal may have',
      `{"resourceType":"Bundle","type":"searchset","total":1.0,"entry":[{"fullUrl":"http://x/Basic/b","resource":{"resourceType":"Basic","id":"b","code":{"text":"x"},"extension":[{"url":"http://x/y","valuePositiveInt":1e1},{"url":"http://x/z","valueDecimal":1.0},{"url":"http://x/w","valueInteger":-2}]},"search":{"score":1.0}}]}`,
      ['warn type Bundle.total', 'warn type Bundle.entry[0].resource.extension[0].valuePositiveInt'],
    ],
    ['an unknown resource type', { resourceType: 'Pasient' }, ['warn type Resource']],
    ['no resource type', { status: 'final' }, ['warn required Resource.resourceType']],
    [
      'scripts in a narrative',
      { ...observation, text: { status: 'generated', div: '<div>a<script>b</script></div>' } },
      ['observe narrative Observation.text.div'],
    ],
    ['no JSON', '{"resourceType":', ['ticket structure body']],
    ['a name twice', '{"resourceType":"Patient","active":true,"active":false}', ['ticket structure active']],
  ] satisfies readonly (readonly [string, unknown, readonly string[]])[])('%s', (_, value, expected) => {
    expect(told(value)).toEqual(expected)
  })

  test('a place in a Bundle is told from the top, its element from its own resource', () => {
    const bundle = {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [{ resource: { ...observation, status: undefined }, request: { method: 'POST', url: 'Observation' } }],
    }
    expect(check(bundle)).toEqual([
      {
        path: 'Bundle.entry[0].resource.status',
        element: 'Observation.status',
        rule: 'required',
        severity: 'warn',
        message: {
          zh: 'Bundle.entry[0].resource.status 必填,但没有',
          en: 'Bundle.entry[0].resource.status is required and is missing',
        },
        shape: 'empty',
        side: 'request',
      },
    ])
  })

  test('an invariant is told in both languages', () => {
    const [first] = check({ ...observation, dataAbsentReason: { text: 'x' } })
    expect(first?.message).toEqual({
      zh: 'Observation:有值时不得有缺值原因(obs-6)',
      en: 'Observation: dataAbsentReason SHALL only be present if Observation.value[x] is not present (obs-6)',
    })
  })

  test('fifty are told at most, and the last counts the rest', () => {
    const violations = check({ resourceType: 'Patient', name: Array.from({ length: 2_000 }, () => ({ family: 1 })) })
    expect(violations).toHaveLength(50)
    expect(violations.at(-1)).toMatchObject({ rule: 'more', message: { en: '1951 more violations' } })
  })

  test('nesting without end is told, not followed', () => {
    let extension: unknown = { url: 'http://x/y', valueCode: 'a' }
    for (let i = 0; i < 90; i++) extension = { url: 'http://x/y', extension: [extension] }
    expect(told({ ...observation, extension: [extension] }).filter((one) => one.includes('structure'))).toHaveLength(1)
  })

  test('bytes that are not UTF-8 break it, and an error page on success', () => {
    const gb = Uint8Array.from([
      ...new TextEncoder().encode('{"resourceType":"Patient","name":[{"family":"'),
      0xd5,
      0xc5,
      ...new TextEncoder().encode('"}]}'),
    ])
    expect(standard.check(fhir.read(gb, hints), 'request').map(({ rule }) => rule)).toEqual(['charset'])
    const page = (status: string): Hints => ({
      ...hints,
      side: 'answer',
      envelope: [
        [':status', status],
        ['content-type', 'text/html'],
      ],
    })
    expect(told('<html>', page('200'))).toEqual(['warn structure body'].map((one) => one.replace('warn', 'ticket')))
    expect(told('<html>', page('502'))).toEqual([])
  })

  test('a Bundle in a Bundle has its own container', () => {
    const inner = {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [{ fullUrl: 'Patient/1', resource: { resourceType: 'Patient', id: '1' } }],
    }
    expect(told({ resourceType: 'Bundle', type: 'collection', entry: [{ fullUrl: 'urn:uuid:1', resource: inner }] })).toEqual([
      'warn format Bundle.entry[0].resource.entry[0].fullUrl',
    ])
  })
})

describe('narratives (R4 2.4.0)', () => {
  test.each([
    ['<div>a</div>', null],
    ['<div xmlns="http://www.w3.org/1999/xhtml"><p>a &lt; b<br/></p><!-- c --><a href="http://x">y</a></div>', null],
    ['<div><img src="#x" alt=""/></div>', null],
    ['<div> <p/> </div>', 'txt-2'],
    ['<div><script>a</script></div>', 'txt-1'],
    ['<div onclick="a">b</div>', 'txt-1'],
    ['<div><a href="javascript:x">b</a></div>', 'txt-1'],
    ['<div>a', 'xhtml'],
    ['<div>a</p></div>', 'xhtml'],
    ['<p>a</p>', 'xhtml'],
    ['<div>a & b</div>', 'xhtml'],
    ['<div>a</div><div>b</div>', 'xhtml'],
    ['a<div>b</div>', 'xhtml'],
    ['<div a=b>c</div>', 'xhtml'],
    ['', 'xhtml'],
  ] as const)('%s', (text, expected) => {
    expect(narrativeProblem(text)).toBe(expected)
  })

  test('a hostile one takes no long time', () => {
    expect(narrativeProblem(`<div ${'a="b" '.repeat(20_000)}`)).toBe('xhtml')
    expect(narrativeProblem(`<div>${'<!--'.repeat(20_000)}`)).toBe('xhtml')
    expect(narrativeProblem('<div>'.repeat(20_000))).toBe('xhtml')
  })
})

test('the format and the contracts know the same resource types, all of R4', () => {
  expect([...resourceTypes].filter((type) => !isResourceType(type))).toEqual([])
  expect(Object.keys(r4.types).filter((type) => isResourceType(type) && !resourceTypes.has(type))).toEqual([])
  expect(resourceTypes.size).toBe(146)
})
