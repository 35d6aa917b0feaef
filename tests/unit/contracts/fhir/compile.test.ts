import { describe, expect, test } from 'vitest'
import { fhir } from '../../../../adapters/formats/fhir/fhir.ts'
import { compileContractText } from '../../../../contracts/languages.ts'
import type { Hints } from '../../../../gateway/model/document.ts'

const head = 'contract: x\nversion: 1\ntitle: { zh: 甲, en: A }\nformat: fhir\n'

function told(
  yaml: string,
  asked: { readonly method?: string; readonly path?: string; readonly body?: unknown; readonly side?: 'request' | 'answer' },
): string[] {
  const { method = 'POST', path = '/fhir/Observation', body, side = 'request' } = asked
  const contract = compileContractText({ text: head + yaml, path: 'x.yaml' }, () => null)
  const envelope = [
    [':method', method],
    [':path', path],
    ['content-type', 'application/fhir+json'],
  ] as const
  const hints: Hints = {
    at: 0,
    timezone: 'Asia/Shanghai',
    side,
    ...(side === 'request' ? { envelope } : { envelope: [[':status', '200']], requestEnvelope: envelope }),
  }
  const bytes = new TextEncoder().encode(body === undefined ? '' : JSON.stringify(body))
  return contract.check(fhir.read(bytes, hints), side).map((one) => `${one.severity} ${one.rule} ${one.path}`)
}

const observation = {
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '8310-5' }] },
  subject: { reference: 'Patient/1' },
  identifier: [{ system: 'http://a', value: '12' }],
  valueQuantity: { value: 37.9, code: 'Cel', system: 'http://unitsofmeasure.org' },
}

describe('interactions', () => {
  const yaml = `interactions:
  read Patient, search Patient: allow
  read *: allow
  search Observation:
    parameters: { "patient|subject": R, _sort: X, code: O }
    otherParameters: report
  transaction: { entries: [create Observation] }
  operation Patient/$everything: allow
`
  test.each([
    ['GET', '/Patient/1', []],
    ['GET', '/Encounter/1', []],
    ['GET', '/Patient/1/$everything', []],
    ['DELETE', '/Patient/1', ['warn interaction delete Patient']],
    ['GET', '/nothing', ['warn interaction GET']],
    ['SECRET', '/Patient/1', ['warn interaction ?']],
    ['GET', '/Patient/1/$match', ['warn interaction operation Patient/$match']],
    ['GET', '/Observation?patient=1&code=x&_count=5', []],
    ['GET', '/Observation?subject:Patient=1', []],
    ['GET', '/Observation?code=x', ['warn search search Observation?patient|subject']],
    ['GET', '/Observation?patient=1&_sort=date', ['warn search search Observation?_sort']],
    ['GET', '/Observation?patient=1&performer=2', ['warn search search Observation?performer']],
    ['GET', '/Observation?patient=1&%E5%BC%A0=2', ['warn search search Observation??']],
  ] as const)('%s %s', (method, path, expected) => {
    expect(told(yaml, { method, path })).toEqual(expected)
  })

  test('an answer asks nothing', () => {
    expect(told(yaml, { method: 'DELETE', path: '/Patient/1', side: 'answer' })).toEqual([])
  })

  test('the entries of a transaction', () => {
    const entry = (method: string, url: string) => ({
      fullUrl: `urn:uuid:${url}`,
      resource: observation,
      request: { method, url },
    })
    const bundle = {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [entry('POST', 'Observation'), entry('DELETE', 'Observation/1')],
    }
    expect(told(yaml, { path: '/fhir', body: bundle })).toEqual(['warn interaction Bundle.entry[1].request'])
  })

  test('without a list everything may be asked', () => {
    expect(told('fhir: { base: hold }\n', { method: 'DELETE', path: '/Patient/1' })).toEqual([])
  })
})

describe('elements', () => {
  const elements = (...lines: string[]) =>
    `resources:\n  Observation:\n    elements:\n${lines.map((line) => `      ${line}\n`).join('')}`
  test('what must not come in clear is masking, and a ticket', () => {
    const body = { ...observation, note: [{ text: '家属电话19900000001' }] }
    expect(told(elements('note.text: { format: masked }'), { body })).toEqual(['ticket masking Observation.note[0].text'])
  })
  test.each([
    ['a required one that is there', 'subject: R', []],
    ['a required one that is not', 'encounter: R', ['ticket required Observation.encounter']],
    ['below another', 'code.coding.display: R', ['ticket required Observation.code.coding.display']],
    ['of a choice', 'effective[x]: R', ['ticket required Observation.effective[x]']],
    ['a choice that is there', 'value[x]: R', []],
    ['another type of it', 'value[x]: { types: [string, CodeableConcept] }', ['ticket type Observation.valueQuantity']],
    ['the agreed type of it', 'value[x]: { types: [Quantity] }', []],
    ['one that must not stand', 'subject: X', ['warn cardinality Observation.subject']],
    ['how often', 'identifier: { repeats: 2..3 }', ['warn cardinality Observation.identifier']],
    ['how often around each', 'code.coding: { repeats: 1 }', []],
    ['codes', 'status: { values: [preliminary] }', ['warn table Observation.status']],
    ['codes of a CodeableConcept', 'code: { values: [8310-5, x] }', []],
    ['a system', "code: { system: 'http://snomed.info/sct' }", ['warn table Observation.code']],
    ['a format', 'identifier.value: { format: digits(3) }', ['warn format Observation.identifier[0].value']],
    ['only some of them', "identifier[system='http://a'].value: R", []],
    [
      'only some of them that are not',
      "identifier[system='http://b'].value: R",
      ['ticket required Observation.identifier.value'],
    ],
    [
      'with a condition that holds',
      'encounter: { usage: R, when: "status = \'final\'" }',
      ['ticket required Observation.encounter'],
    ],
    ['with one that does not', 'encounter: { usage: R, when: "status = \'amended\'" }', []],
    ['with a weight', 'encounter: { usage: R, severity: observe }', ['observe required Observation.encounter']],
  ] as const)('%s', (_, line, expected) => {
    expect(told(elements(line), { body: observation })).toEqual(expected)
  })

  test('hold in every resource of a Bundle, and on their side alone', () => {
    const bundle = { resourceType: 'Bundle', type: 'searchset', entry: [{ resource: { ...observation, id: '1' } }] }
    expect(told(elements('encounter: R'), { body: bundle, side: 'answer' })).toEqual([
      'ticket required Bundle.entry[0].resource.encounter',
    ])
    expect(
      told(elements('encounter: R').replace('elements:', 'side: request\n    elements:'), { body: bundle, side: 'answer' }),
    ).toEqual([])
  })
})

describe('rules', () => {
  const rule = (require: string, when: string | null = null) =>
    `resources:\n  Observation:\n    rules:\n      - id: r\n        require: "${require}"\n${when === null ? '' : `        when: "${when}"\n`}        at: valueQuantity.code\n        severity: ticket\n        message: { zh: 乙, en: B }\n`
  test.each([
    ['true', "valueQuantity.code = 'Cel'", null, []],
    ['false', "value.code = 'K'", null, ['ticket condition Observation.valueQuantity.code']],
    ['false where it is not asked', "value.code = 'K'", "status = 'amended'", []],
    ['nothing counts as true', 'component.code.exists() or {}', null, []],
    ['a name of the resource', 'Observation.status.exists().not()', null, ['ticket condition Observation.valueQuantity.code']],
  ] as const)('%s', (_, require, when, expected) => {
    expect(told(rule(require, when), { body: observation })).toEqual(expected)
  })
})

test('versions that the content type names', () => {
  expect(told('fhir: { versions: ["4.3.0"] }\n', { body: observation })).toEqual(['warn version body'])
})

test('a refusal by what stands before the server need not be FHIR; one that claims to be is held to it', () => {
  const refusal = (body: unknown, status: string) => {
    const envelope = [
      [':status', status],
      ['content-type', 'application/json'],
    ] as const
    const requestEnvelope = [
      [':method', 'GET'],
      [':path', '/fhir/R4/Patient'],
    ] as const
    const bytes = new TextEncoder().encode(JSON.stringify(body))
    const hints: Hints = { at: 0, timezone: 'Asia/Shanghai', side: 'answer', envelope, requestEnvelope }
    return compileContractText({ text: head, path: 'x.yaml' }, () => null)
      .check(fhir.read(bytes, hints), 'answer')
      .map(({ path }) => path)
  }
  expect(refusal({ error: 'too many requests' }, '429')).toEqual([])
  expect(refusal({ error: 'too many requests' }, '200')).toEqual(['Resource.resourceType'])
  expect(refusal({ resourceType: 'OperationOutcome' }, '429')).not.toEqual([])
})

test('severities of the contract outrank the defaults, also for what R4 itself requires', () => {
  const broken = { ...observation, status: 'done' }
  expect(told('severities: { table: ticket }\n', { body: broken })).toEqual(['ticket table Observation.status'])
  expect(told('fhir: { base: ignore }\n', { body: broken })).toEqual([])
})
