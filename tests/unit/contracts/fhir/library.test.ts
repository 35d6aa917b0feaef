import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { fhir } from '../../../../adapters/formats/fhir/fhir.ts'
import { parseContract } from '../../../../contracts/fhir/read.ts'
import { compileContractFile, readContractFile } from '../../../../gateway/contract-files.ts'
import type { Hints } from '../../../../gateway/model/document.ts'

const zh = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../../../../fixtures/fhir/zh-synthetic/${name}.json`, import.meta.url)))
const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))

function request(method: string, path: string): Hints {
  return {
    at: 0,
    timezone: 'Asia/Shanghai',
    side: 'request',
    envelope: [
      [':method', method],
      [':path', path],
      ['content-type', 'application/fhir+json'],
    ],
  }
}

function answer(method: string, path: string, status = '200'): Hints {
  const asked = request(method, path).envelope ?? []
  return {
    at: 0,
    timezone: 'Asia/Shanghai',
    side: 'answer',
    envelope: [
      [':status', status],
      ['content-type', 'application/fhir+json'],
    ],
    requestEnvelope: asked,
  }
}

const told = (id: string, body: Uint8Array, hints: Hints) =>
  compileContractFile(id, '.')
    .check(fhir.read(body, hints), hints.side ?? 'request')
    .map(({ severity, rule, path }) => `${severity} ${rule} ${path}`)

test.each(['mnis-emr-nursing', 'patient360-fhir'])('%s can be read, and has both titles', (id) => {
  const { text, path } = readContractFile(id, '.')
  const contract = parseContract(text, path, () => null)
  expect(contract.id).toBe(id)
  expect(contract.title.zh).toMatch(/\p{Script=Han}/u)
  expect(contract.interactions.size).toBeGreaterThan(5)
})

describe('mnis-emr-nursing', () => {
  const nothing = new Uint8Array(0)
  const given = {
    resourceType: 'MedicationAdministration',
    status: 'completed',
    medicationCodeableConcept: { coding: [{ system: 'urn:oid:2.16.156.1', code: 'D1' }] },
    subject: { reference: 'Patient/P0001' },
    context: { reference: 'Encounter/V1' },
    effectiveDateTime: '2026-11-23T10:00:00+08:00',
    performer: [{ actor: { reference: 'Practitioner/N1' } }],
    request: { reference: 'MedicationRequest/R1' },
    dosage: { dose: { value: 1 } },
  }

  test('has nothing to say of sound traffic', () => {
    expect(told('mnis-emr-nursing', zh('fhir-zh-bundle-vitals'), request('POST', '/fhir'))).toEqual([])
    expect(told('mnis-emr-nursing', zh('fhir-zh-patient'), answer('GET', '/fhir/Patient/P0001'))).toEqual([])
    expect(
      told('mnis-emr-nursing', zh('fhir-operationoutcome-unknown-patient'), answer('GET', '/fhir/Patient/P9999', '404')),
    ).toEqual([])
    expect(told('mnis-emr-nursing', nothing, request('GET', '/fhir/MedicationRequest?patient=P0001&status=active'))).toEqual([])
    expect(told('mnis-emr-nursing', bytes(given), request('POST', '/fhir/MedicationAdministration'))).toEqual([])
  })

  test('the loop of medication breaks without the order', () => {
    const { request: _, ...without } = given
    expect(told('mnis-emr-nursing', bytes(without), request('POST', '/fhir/MedicationAdministration'))).toEqual([
      'ticket required MedicationAdministration.request',
    ])
    expect(
      told('mnis-emr-nursing', bytes({ ...given, status: 'not-done' }), request('POST', '/fhir/MedicationAdministration')),
    ).toEqual(['warn condition MedicationAdministration.statusReason'])
  })

  test('a scan without an identifier would fetch the whole hospital', () => {
    expect(told('mnis-emr-nursing', nothing, request('GET', '/fhir/Patient?gender=male'))).toEqual([
      'warn search search Patient?identifier|_id',
    ])
    expect(told('mnis-emr-nursing', nothing, request('DELETE', '/fhir/Patient/1'))).toEqual(['warn interaction delete Patient'])
  })

  test('temperature in Fahrenheit, and one without visit', () => {
    const text = new TextDecoder().decode(zh('fhir-zh-bundle-vitals'))
    expect(
      told('mnis-emr-nursing', new TextEncoder().encode(text.replace('"Cel"', '"[degF]"')), request('POST', '/fhir')),
    ).toEqual(['warn condition Bundle.entry[0].resource.valueQuantity.code'])
    expect(
      told('mnis-emr-nursing', new TextEncoder().encode(text.replace('"encounter"', '"_encounter"')), request('POST', '/fhir')),
    ).toEqual(['ticket required Bundle.entry[0].resource.encounter', 'warn unknown-element Bundle.entry[0].resource'])
  })
})

describe('patient360-fhir', () => {
  const nothing = new Uint8Array(0)
  test('reads one patient at a time, and only reads', () => {
    expect(told('patient360-fhir', nothing, request('GET', '/fhir/Patient/P1/$everything'))).toEqual([])
    expect(told('patient360-fhir', nothing, request('GET', '/fhir/Observation?patient=P1&_count=50'))).toEqual([])
    expect(told('patient360-fhir', nothing, request('GET', '/fhir/Observation?code=x'))).toEqual([
      'ticket search search Observation?patient|subject|patient.identifier|subject.identifier',
    ])
    expect(told('patient360-fhir', nothing, request('GET', '/fhir/Patient?name=x'))).toEqual([
      'ticket search search Patient?identifier|_id',
      'warn search search Patient?name',
    ])
    expect(told('patient360-fhir', bytes({ resourceType: 'Observation' }), request('POST', '/fhir/Observation'))[0]).toBe(
      'ticket interaction create Observation',
    )
  })

  test('a partial result says which source is missing', () => {
    const found = {
      fullUrl: 'urn:uuid:1',
      resource: { resourceType: 'Patient', id: 'P1', identifier: [{ system: 'a', value: '1' }] },
      search: { mode: 'match' },
    }
    const outcome = (resource: unknown) => ({
      resourceType: 'Bundle',
      type: 'searchset',
      entry: [found, { resource, search: { mode: 'outcome' } }],
    })
    const asked = answer('GET', '/fhir/Patient/P1/$everything')
    expect(
      told(
        'patient360-fhir',
        bytes(outcome({ resourceType: 'OperationOutcome', issue: [{ severity: 'warning', code: 'incomplete' }] })),
        asked,
      ),
    ).toEqual([])
    expect(told('patient360-fhir', bytes(outcome({ resourceType: 'Basic', id: '2', code: { text: 'x' } })), asked)).toEqual([
      'warn condition Bundle.entry',
    ])
  })
})
