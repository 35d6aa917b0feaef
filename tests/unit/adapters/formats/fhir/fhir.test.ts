import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fhir } from '../../../../../adapters/formats/fhir/fhir.ts'
import type { Hints, TreeNode } from '../../../../../gateway/model/document.ts'
import type { Envelope } from '../../../../../gateway/model/envelope.ts'

const folder = resolve(import.meta.dirname, '../../../../../fixtures/fhir')
const load = (name: string) => new Uint8Array(readFileSync(resolve(folder, name)))
const zh = (name: string) => load(`zh-synthetic/${name}.json`)
const bytes = (value: unknown) => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value))
const hints: Hints = { at: Date.UTC(2026, 10, 23), timezone: 'Asia/Shanghai' }

function request(method: string, path: string, ...more: readonly (readonly [string, string])[]): Hints {
  return {
    ...hints,
    side: 'request',
    envelope: [[':method', method], [':path', path], ['content-type', 'application/fhir+json'], ...more],
  }
}

function answer(status: string, to: Hints, ...more: readonly (readonly [string, string])[]): Hints {
  const envelope: Envelope = [[':status', status], ['content-type', 'application/fhir+json; charset=UTF-8'], ...more]
  return { ...hints, side: 'answer', envelope, ...(to.envelope === undefined ? {} : { requestEnvelope: to.envelope }) }
}

const defectsOf = (body: Uint8Array, around: Hints = hints) =>
  fhir
    .read(body, around)
    .facts()
    .defects.map(({ code, path }) => (path === null ? code : `${code} ${path}`))

describe('what a message is', () => {
  test('a transaction of vital signs: whose, which visit, when, what was measured, and each entry', () => {
    const facts = fhir
      .read(zh('fhir-zh-bundle-vitals'), request('POST', '/fhir', ['x-request-id', 'r-77'], ['user-agent', 'mnis/4.2 (ward)']))
      .facts()
    expect(facts.type).toBe('transaction')
    expect(facts.version).toBe('4.0.1')
    expect(facts.sender).toBe('mnis/4.2')
    expect(facts.keys).toEqual([
      { kind: 'request', value: 'r-77', authority: null },
      { kind: 'patient', value: 'P0001', authority: 'Patient' },
      { kind: 'visit', value: 'V202611230001', authority: 'Encounter' },
    ])
    expect(facts.stamps).toEqual([
      { path: 'Bundle.timestamp', kind: 'message', at: Date.UTC(2026, 10, 23, 2, 2, 11), resolutionMs: 1000, hasZone: true },
      {
        path: 'Observation.effectiveDateTime',
        kind: 'event',
        at: Date.UTC(2026, 10, 23, 2),
        resolutionMs: 1000,
        hasZone: true,
      },
    ])
    expect(facts.codes).toContainEqual({ path: 'Observation.code', value: 'http://loinc.org|8310-5' })
    expect(facts.codes).toContainEqual({ path: 'Observation.valueQuantity', value: 'http://unitsofmeasure.org|Cel' })
    expect(facts.parts?.map(({ type }) => type)).toEqual(['create Observation'])
    expect(facts.charset).toMatchObject({ detected: 'utf-8', verdict: 'agrees', nonAsciiCount: 3 })
    expect(facts.defects).toEqual([])
    expect(facts.ack).toBeNull()
  })

  test('a request without a body is known by what HTTP says', () => {
    const trace = ['traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'] as const
    const facts = fhir.read(new Uint8Array(0), request('GET', '/fhir/Patient/P0001/$everything?_count=50', trace)).facts()
    expect(facts.type).toBe('operation Patient/$everything')
    expect(facts.keys).toEqual([
      { kind: 'trace', value: '0af7651916cd43dd8448eb211c80319c', authority: null },
      { kind: 'patient', value: 'P0001', authority: 'Patient' },
    ])
    expect(facts.defects).toEqual([])
  })

  test('a search names whom it looks for in its query, or in its form', () => {
    const query = 'identifier=http%3A%2F%2Fszph.example%2Fmrn%7CP0001&_count=1'
    const found = [{ kind: 'patient', value: 'P0001', authority: 'http://szph.example/mrn' }]
    expect(fhir.read(new Uint8Array(0), request('GET', `/fhir/Patient?${query}`)).facts().keys).toEqual(found)
    const form: Hints = {
      ...hints,
      side: 'request',
      envelope: [
        [':method', 'POST'],
        [':path', '/fhir/Patient/_search'],
        ['content-type', 'application/x-www-form-urlencoded'],
      ],
    }
    expect(fhir.read(bytes(query), form).facts()).toMatchObject({ type: 'search Patient', keys: found, defects: [] })
    const subject = fhir.read(new Uint8Array(0), request('GET', '/Observation?subject=Patient/1&encounter=9')).facts()
    expect(subject.keys.map(({ kind, value }) => `${kind} ${value}`)).toEqual(['patient 1', 'visit 9'])
  })

  test('identifiers are told apart by their type, else by their resource', () => {
    const typed = (code: string, value: string) => ({ type: { coding: [{ code }] }, value })
    const order = {
      resourceType: 'ServiceRequest',
      identifier: [typed('PLAC', 'P1'), typed('FILL', 'F1'), typed('ACSN', 'A1'), { value: 'S1' }],
      requisition: { value: 'G1' },
    }
    expect(
      fhir
        .read(bytes(order), hints)
        .facts()
        .keys.map(({ kind, value }) => `${kind} ${value}`),
    ).toEqual(['placer P1', 'filler F1', 'accession A1', 'placer S1', 'group G1'])
    const study = {
      resourceType: 'ImagingStudy',
      identifier: [{ system: 'urn:dicom:uid', value: 'urn:oid:1.2.3' }],
      subject: { identifier: { system: 's', value: 'M1' } },
    }
    expect(fhir.read(bytes(study), hints).facts().keys).toEqual([
      { kind: 'study', value: '1.2.3', authority: 'urn:dicom:uid' },
      { kind: 'patient', value: 'M1', authority: 's' },
    ])
  })

  test('the last update is when the message was made only where the exchange wrote it', () => {
    const body = bytes({ resourceType: 'Patient', id: 'x', meta: { lastUpdated: '2026-11-23T10:00:00.250+08:00' } })
    const kinds = (around: Hints) =>
      fhir
        .read(body, around)
        .facts()
        .stamps.map(({ path, kind, resolutionMs }) => `${path} ${kind} ${resolutionMs}`)
    const date = ['date', 'Mon, 23 Nov 2026 02:00:01 GMT'] as const
    expect(kinds(answer('200', request('GET', '/Patient/x'), date))).toEqual([
      'date message 1000',
      'Patient.meta.lastUpdated event 1',
    ])
    expect(kinds(answer('201', request('POST', '/Patient')))).toEqual(['Patient.meta.lastUpdated message 1'])
    // A server takes no notice of what a request says there (FHIR R4 2.36.4.1).
    expect(kinds(request('POST', '/Patient'))).toEqual(['Patient.meta.lastUpdated event 1'])
  })
})

describe('what an answer says', () => {
  test('an OperationOutcome with an error says no, whatever the status; texts leave as digests', () => {
    const told = fhir.read(zh('fhir-operationoutcome-unknown-patient'), answer('200', request('POST', '/Observation'))).facts()
    expect(told.type).toBe('OperationOutcome')
    expect(told.ack).toEqual({
      code: 'not-found',
      verdict: 'no',
      answersId: null,
      errors: [{ code: 'not-found', location: 'Observation.subject', textDigest: expect.stringMatching(/^[0-9a-f]{12}$/) }],
    })
  })

  test('digests of one wording with other numbers are equal; a location with a value in it is left out', () => {
    const outcome = (diagnostics: string, expression: string) =>
      bytes({
        resourceType: 'OperationOutcome',
        issue: [{ severity: 'error', code: 'invalid', diagnostics, expression: [expression] }],
      })
    const errorsOf = (body: Uint8Array) => fhir.read(body, answer('400', request('POST', '/Patient'))).facts().ack?.errors
    const one = errorsOf(outcome('Patient/P0001 is unknown', "Bundle.entry.where(fullUrl='P0001')"))
    const two = errorsOf(outcome('Patient/P0002 is unknown', 'Bundle.entry[3].resource'))
    expect(one?.[0]?.textDigest).toBe(two?.[0]?.textDigest)
    expect([one?.[0]?.location, two?.[0]?.location]).toEqual([null, 'Bundle.entry[3].resource'])
  })

  test('warnings, and the result of $validate, say no to nothing', () => {
    const outcome = (severity: string) => bytes({ resourceType: 'OperationOutcome', issue: [{ severity, code: 'invariant' }] })
    expect(fhir.read(outcome('warning'), answer('200', request('POST', '/Patient'))).facts().ack?.verdict).toBeNull()
    expect(fhir.read(outcome('error'), answer('200', request('POST', '/Patient/$validate'))).facts().ack?.verdict).toBeNull()
    expect(fhir.read(outcome('fatal'), answer('200', request('POST', '/Patient'))).facts().ack?.verdict).toBe('no')
  })

  test('a transaction fails with any of its entries, a batch with all of them', () => {
    const outcome = { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'duplicate' }] }
    const bundle = (type: string, ...statuses: string[]) =>
      bytes({
        resourceType: 'Bundle',
        type,
        entry: statuses.map((status) => ({ response: { status, ...(status < '4' ? {} : { outcome }) } })),
      })
    const verdict = (body: Uint8Array) => fhir.read(body, answer('200', request('POST', '/'))).facts()
    expect(verdict(bundle('transaction-response', '201 Created', '409 Conflict')).ack).toMatchObject({
      code: '409',
      verdict: 'no',
      errors: [{ code: 'duplicate' }],
    })
    expect(verdict(bundle('batch-response', '201 Created', '409 Conflict')).ack).toMatchObject({ code: '409', verdict: null })
    expect(verdict(bundle('batch-response', '404', '409')).ack?.verdict).toBe('no')
    expect(verdict(bundle('transaction-response', '201 Created', '200 OK')).reckoning).toMatchObject({
      taken: 2,
      isOneEach: true,
    })
    expect(verdict(bundle('searchset', '200')).reckoning).toBeUndefined()
    expect(verdict(bundle('searchset')).hasNone).toBe(true)
    expect(verdict(bundle('searchset', '200')).hasNone).toBeUndefined()
    expect(verdict(bundle('batch-response', '201 Created', '200 OK')).ack).toBeNull()
    expect(verdict(bundle('batch-response', '201 Created', '409')).parts?.map(({ ack }) => ack?.verdict)).toEqual(['yes', 'no'])
  })

  test('a failed entry beyond the first hundred fails its transaction too', () => {
    const entry = Array.from({ length: 150 }, (_, i) => ({ response: { status: i === 149 ? '500' : '201' } }))
    const facts = fhir
      .read(bytes({ resourceType: 'Bundle', type: 'transaction-response', entry }), answer('200', request('POST', '/')))
      .facts()
    expect(facts.ack?.verdict).toBe('no')
    expect(facts.parts).toHaveLength(150)
  })

  test('a page that counts more than it brings, and links to no next one, says so', () => {
    const entry = [{ resource: { resourceType: 'Patient' } }]
    const countsMore = (bundle: object) =>
      fhir
        .read(bytes({ resourceType: 'Bundle', type: 'searchset', ...bundle }), answer('200', request('GET', '/Patient?x=1')))
        .facts().countsMore
    expect(countsMore({ total: 2, entry })).toBe(true)
    expect(countsMore({ total: 2, entry, link: [{ relation: 'self', url: '/' }] })).toBe(true)
    for (const whole of [
      { total: 1, entry },
      { entry },
      { total: 7 },
      { total: 7, entry: [] },
      { total: 2, entry, link: [{ relation: 'next', url: '/?page=2' }] },
      { total: 2, entry, type: 'history' },
    ])
      expect(countsMore(whole)).toBeUndefined()
  })

  test('a search whose result tells an error says no', () => {
    const outcome = { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'timeout' }] }
    const entry = [
      { resource: { resourceType: 'Patient' }, search: { mode: 'match' } },
      { resource: outcome, search: { mode: 'outcome' } },
    ]
    const facts = fhir
      .read(bytes({ resourceType: 'Bundle', type: 'searchset', entry }), answer('200', request('GET', '/Patient?x=1')))
      .facts()
    expect(facts.type).toBe('Bundle searchset')
    expect(facts.ack).toMatchObject({ code: 'timeout', verdict: 'no' })
  })
})

describe('what is wrong with a body', () => {
  test.each([
    ['FHIR_NOT_JSON', '{"resourceType":"Patient",}'],
    ['FHIR_NO_RESOURCE_TYPE', '[1]'],
    [
      'FHIR_DUPLICATE_NAME name[0].family',
      '{"resourceType":"Patient","name":[{"family":"a","given":["x"],"fam\\u0069ly":"b"}]}',
    ],
    [
      'FHIR_NUMBER_PRECISION valueQuantity.value',
      '{"resourceType":"Observation","valueQuantity":{"value":0.12345678901234567891}}',
    ],
    ['FHIR_BYTE_ORDER_MARK', '\ufeff{"resourceType":"Patient"}'],
    ['FHIR_TOO_DEEP', `{"resourceType":"Patient","x":${'['.repeat(300)}${']'.repeat(300)}}`],
    ['FHIR_TOO_DEEP', `{"resourceType":"Patient","x":${'['.repeat(1_000_000)}`],
    ['FHIR_XML', '<Patient xmlns="http://hl7.org/fhir"/>'],
    ['FHIR_NOT_FHIR', 'Service unavailable'],
    ['FHIR_BAD_TIMESTAMP Observation.issued', '{"resourceType":"Observation","issued":"2026-13-01T10:00:00Z"}'],
  ])('%s', (expected, text) => {
    expect(defectsOf(bytes(text))).toEqual([expected])
  })

  test('numbers that doubles keep, and names that differ, are none', () => {
    expect(
      defectsOf(
        bytes(
          '{"resourceType":"Basic","a":1.10,"b":100000000000000000000,"c":0.1,"d":123456789012345,"a1":{"a":1},"a2":{"a":1}}',
        ),
      ),
    ).toEqual([])
  })

  test('GB18030 is read for people, and contradicts', () => {
    const gb = Uint8Array.from([...bytes('{"resourceType":"Patient","name":[{"family":"'), 0xd5, 0xc5, ...bytes('"}]}')])
    const document = fhir.read(gb, hints)
    expect(document.get('Patient.name[0].family')).toBe('张')
    expect(document.facts().charset).toMatchObject({ detected: 'gb18030', verdict: 'contradicts' })
    expect(defectsOf(gb)).toEqual(['FHIR_NOT_UTF8'])
  })

  test('a label that is not UTF-8 is odd, and no more, on bytes that are', () => {
    const around: Hints = { ...hints, envelope: [['content-type', 'application/fhir+json; charset=gb18030']] }
    expect(fhir.read(zh('fhir-zh-patient'), around).facts().charset).toMatchObject({
      declared: 'gb18030',
      verdict: 'odd-label',
    })
  })

  test('a body that a limit cut is not judged by its content', () => {
    const whole = zh('fhir-zh-patient')
    expect(defectsOf(whole.subarray(0, 400), { ...hints, bodyBytes: whole.length })).toEqual(['FHIR_TRUNCATED'])
  })

  test('gzip is undone', () => {
    const around = request('POST', '/Patient', ['content-encoding', 'gzip'])
    expect(fhir.read(gzipSync(zh('fhir-zh-patient')), around).get('Patient.birthDate')).toBe('1970-01-01')
  })

  test('an error page of a proxy is not taken for FHIR in XML', () => {
    const around: Hints = {
      ...hints,
      side: 'answer',
      envelope: [
        [':status', '502'],
        ['content-type', 'text/html'],
      ],
    }
    expect(defectsOf(bytes('<html>Bad Gateway</html>'), around)).toEqual(['FHIR_NOT_FHIR'])
  })

  test('a Binary may be sent as what it is', () => {
    const pdf: Envelope = [
      [':status', '200'],
      ['content-type', 'application/pdf'],
    ]
    const around = (path: string): Hints => ({
      ...hints,
      side: 'answer',
      envelope: pdf,
      requestEnvelope: request('GET', path).envelope ?? [],
    })
    expect(defectsOf(bytes('%PDF-1.7'), around('/fhir/Binary/1'))).toEqual([])
    expect(defectsOf(bytes('%PDF-1.7'), around('/fhir/Patient/1'))).toEqual(['FHIR_NOT_FHIR'])
  })

  test('a JSON Patch is an array, and may be', () => {
    const patch = bytes([{ op: 'replace', path: '/active', value: false }])
    expect(defectsOf(patch, { ...hints, envelope: [['content-type', 'application/json-patch+json']] })).toEqual([])
  })
})

describe('what people see', () => {
  const patient = fhir.read(zh('fhir-zh-patient'), hints)

  test.each([
    ['Patient.identifier[0].value', '990000197001010018'],
    ['Patient.identifier[1].value', 'P0001'],
    ['identifier.value', '990000197001010018'],
    ['Patient.name.given', '三丰'],
    ['Patient.name.given[1]', null],
    ['Patient.name', null],
    ['Observation.id', null],
    ['Patient.constructor', null],
    ['Patient..id', null],
  ])('%s is %s', (path, expected) => {
    expect(patient.get(path)).toBe(expected)
  })

  test('elements and codes have names in both languages', () => {
    const found = new Map<string, TreeNode>()
    const walk = (node: TreeNode) => {
      found.set(node.path, node)
      node.children.forEach(walk)
    }
    patient.tree().forEach(walk)
    expect(found.get('Patient')?.name).toEqual({ zh: '患者', en: 'Patient' })
    expect(found.get('Patient.birthDate')).toMatchObject({ name: { zh: '出生日期', en: 'Birth date' }, value: '1970-01-01' })
    expect(found.get('Patient.gender')?.meaning).toEqual({ zh: '男', en: 'male' })
    const vitals = fhir.read(zh('fhir-zh-bundle-vitals'), hints)
    vitals.tree().forEach(walk)
    expect(found.get('Bundle.entry[0].resource.valueQuantity')?.name).toEqual({ zh: '值', en: 'Value quantity' })
    expect(vitals.text()).toContain('\n  "type": "transaction",')
  })

  const files = ['r4-examples', 'fhir-test-cases-r4', 'validator-cases'].flatMap((source) =>
    readdirSync(resolve(folder, source))
      .filter((name) => name.endsWith('.json'))
      .map((name) => `${source}/${name}`),
  )

  test('everything can be asked of every fixture, and a sound one has no defect', () => {
    for (const file of files) {
      const document = fhir.read(load(file), hints)
      document.tree()
      document.text()
      document.shape()
      const odd = document.facts().defects.filter(({ code }) => code !== 'FHIR_NUMBER_PRECISION')
      if (file.startsWith('r4-examples')) expect([file, odd]).toEqual([file, []])
      expect(document.facts().type ?? 'none').toMatch(/^[A-Za-z -]+$/)
    }
  })
})

test('whatever the bytes and the envelope are, reading never throws', () => {
  const json = fc
    .json({ maxDepth: 6 })
    .map((text) => bytes(`{"resourceType":"Bundle","type":"transaction-response","entry":${text},"constructor":{"a":"b"}}`))
  const envelope = fc.array(
    fc.tuple(
      fc.constantFrom(':method', ':path', ':status', 'content-type', 'content-encoding', 'date', 'traceparent'),
      fc.string(),
    ),
  )
  fc.assert(
    fc.property(
      fc.oneof(fc.uint8Array({ maxLength: 300 }), json),
      envelope,
      fc.constantFrom('request', 'answer'),
      (body, around, side) => {
        const document = fhir.read(body, {
          ...hints,
          side: side === 'answer' ? 'answer' : 'request',
          envelope: around,
          requestEnvelope: around,
        })
        document.facts()
        document.tree()
        document.text()
        document.shape()
        document.get('Bundle.entry[0].response.status')
      },
    ),
    { numRuns: 500 },
  )
})
