import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { fhir } from '../../adapters/formats/fhir/fhir.ts'
import { compileContract } from '../../contracts/fhir/compile.ts'
import { standardAgreement, standardContract } from '../../contracts/fhir/standard.ts'
import { compileContractText } from '../../contracts/languages.ts'
import { compileContractFile } from '../../gateway/contract-files.ts'
import type { Hints } from '../../gateway/model/document.ts'
import type { CompiledContract } from '../../gateway/model/violation.ts'

const root = new URL('../../fixtures/fhir/', import.meta.url)
const envelope = [
  [':method', 'POST'],
  [':path', '/fhir/Patient/SECRET-ID/Observation?name=SECRET-NAME'],
  ['content-type', 'application/fhir+json'],
] as const
const hints: Hints = { at: 0, timezone: 'Asia/Shanghai', side: 'request', envelope }

/** The privacy law for contracts, over JSON: whatever a message holds, and however wrong it is, no text of a violation repeats a value of it. */
function privacyLaw(contract: CompiledContract, folder: string): void {
  it.each(
    readdirSync(new URL(folder, root)).filter((name) => name.endsWith('.json')),
  )('no violation repeats a value: %s', (name) => {
    const text = readFileSync(new URL(`${folder}/${name}`, root), 'utf8')
    for (const body of [text, ...spoiled(text)]) {
      const values = valuesOf(body)
      for (const violation of contract.check(fhir.read(new TextEncoder().encode(body), hints), 'request')) {
        const { message, shape, path, element, rule } = violation
        const words = new Set([message.zh, message.en, path, element, rule].flatMap((one) => one.split(/[\s,;:()]+/u)))
        const told = [...values].filter((value) => words.has(value) || shape === value)
        expect(told.map(() => `${rule} ${path}`)).toEqual([])
        expect(JSON.stringify(violation)).not.toContain('SECRET')
      }
    }
  })
}

/** The same with each text made another one, with each number a text, and each object a text: nearly every value is a breach then. */
function spoiled(text: string): readonly string[] {
  return [
    text.replace(/:\s*"((?:[^"\\]|\\.)*)"/g, (whole, value: string) =>
      whole.includes('resourceType') || isType(value) ? whole : `: "SECRET ${value}"`,
    ),
    text.replace(/:\s*(-?\d[\d.]*)/g, ': "SECRET $1"'),
    text.replace(/\{[^{}]*\}/g, '"SECRET"'),
  ]
}

/** Of `resourceType`, which stays: without it nothing below is looked at. */
function isType(value: string): boolean {
  return /^[A-Z][A-Za-z]+$/.test(value)
}

/** Texts that could tell something: four characters or more, one of them a digit or beyond ASCII; the words of FHIR and of the contract have none. */
function valuesOf(text: string): ReadonlySet<string> {
  const strings = [...text.matchAll(/"((?:[^"\\]|\\.)*)"(\s*:)?/g)].filter(([, , colon]) => colon === undefined)
  return new Set(strings.map(([, value = '']) => value).filter((value) => value.length >= 4 && /[\d\P{ASCII}]/u.test(value)))
}

describe('contract privacy: FHIR R4', () => {
  const standard = standardContract()
  for (const folder of ['zh-synthetic', 'fhir-test-cases-r4', 'validator-cases']) privacyLaw(standard, folder)
})

describe.each(['mnis-emr-nursing', 'patient360-fhir'])('contract privacy: %s', (id) => {
  privacyLaw(compileContractFile(id, '.'), 'zh-synthetic')
})

it('the law can fail: a contract that tells the value is caught by it', () => {
  const yaml = `contract: x
version: 1
title: { zh: 甲, en: A }
format: fhir
resources:
  Patient:
    rules:
      - { id: leak, require: "name.empty()", message: { zh: 病人 P0001, en: patient P0001 } }
`
  const contract = compileContractText({ text: yaml, path: 'x.yaml' }, () => null)
  const document = fhir.read(readFileSync(new URL('zh-synthetic/fhir-zh-patient.json', root)), hints)
  expect(contract.check(document, 'request').map(({ message }) => message.en)).toContain('patient P0001')
  expect(valuesOf(document.text())).toContain('P0001')
  expect(compileContract(standardAgreement).id).toBe('fhir-r4')
})
