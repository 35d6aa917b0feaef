/**
 * FHIR validation. `node bench/fhir-validator.ts` measures resources a second of processor time (so that a busy machine spoils it less): the walk over R4 alone on a
 * parsed resource, and reading the bytes, their facts and the contract together. `--table` prints the agreement with other validators for docs/fhir-validation.md.
 */
import { readFileSync } from 'node:fs'
import { fhir } from '../adapters/formats/fhir/fhir.ts'
import { checkResource } from '../contracts/fhir/check/resource.ts'
import { standardContract } from '../contracts/fhir/standard.ts'
import { compileContractFile } from '../gateway/contract-files.ts'
import type { Hints } from '../gateway/model/document.ts'
import { corpus } from '../tests/support/fhir-corpus.ts'
import { knownDifferences, tableOf } from '../tests/support/fhir-differences.ts'
import { perSecond } from './rate.ts'

const fixtures = new URL('../fixtures/fhir/', import.meta.url)
const seconds = 1

if (process.argv.includes('--table')) printTable()
else measureAll()

function printTable(): void {
  console.log(`${tableOf(corpus())}\n`)
  for (const { reason, cases } of knownDifferences)
    console.log(`- ${cases.length} × ${reason} (${cases.map((one) => one.split(' ').slice(1).join(' ')).join(', ')})`)
}

function measureAll(): void {
  const vitals = JSON.parse(readFileSync(new URL('zh-synthetic/fhir-zh-bundle-vitals.json', fixtures), 'utf8'))
  const [entry] = vitals.entry
  const bundle = {
    ...vitals,
    entry: Array.from({ length: 50 }, (_, i) => ({
      ...entry,
      fullUrl: `urn:uuid:6b1c1d9e-0000-4000-8000-0000000001${i + 10}`,
    })),
  }
  measure('Patient of HL7 (2.5 kB)', load('fhir-test-cases-r4/patient-example.json'), ['PUT', '/fhir/Patient/example'])
  measure('Observation of HL7 (1.7 kB)', load('fhir-test-cases-r4/observation-example.json'), [
    'PUT',
    '/fhir/Observation/example',
  ])
  measure('Observation of a ward (0.5 kB)', entry.resource, ['POST', '/fhir/Observation'])
  measure('Bundle of 50 (31 kB)', bundle, ['POST', '/fhir'])
}

function load(name: string): unknown {
  const value: unknown = JSON.parse(readFileSync(new URL(name, fixtures), 'utf8'))
  return value
}

function measure(name: string, resource: unknown, [method, path]: readonly [string, string]): void {
  const bytes = new TextEncoder().encode(JSON.stringify(resource))
  const hints: Hints = {
    at: 0,
    timezone: 'Asia/Shanghai',
    side: 'request',
    envelope: [
      [':method', method],
      [':path', path],
      ['content-type', 'application/fhir+json'],
    ],
  }
  const standard = standardContract()
  const nursing = compileContractFile('mnis-emr-nursing', '.')
  const document = fhir.read(bytes, hints)
  const walk = rate(() => checkResource(resource))
  const facts = rate(() => fhir.read(bytes, hints).facts())
  const own = rate(() => nursing.check(document, 'request'))
  const all = rate(() => {
    const read = fhir.read(bytes, hints)
    read.facts()
    standard.check(read, 'request')
  })
  console.log(
    `${name}: R4 alone ${walk}/s, read + facts ${facts}/s, read + facts + R4 ${all}/s, contract mnis-emr-nursing ${own}/s`,
  )
}

function rate(run: () => unknown): number {
  return Math.round(perSecond(run, seconds))
}
