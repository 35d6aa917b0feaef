import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { corpus } from '../../../support/fhir-corpus.ts'
import { knownDifferences, tableOf } from '../../../support/fhir-differences.ts'

const cases = corpus()

test('every example of FHIR R4 is accepted', () => {
  const refused = cases.filter(({ set, got }) => set === 'r4-examples' && got === 'rejected')
  expect(refused.map(({ name, found }) => [name, found[0]])).toEqual([])
  expect(cases.filter(({ set }) => set === 'r4-examples')).toHaveLength(413)
})

test('where Auscult differs from the others is known, case by case, with its reason', () => {
  const differing = cases.filter(({ expected, got }) => expected !== got).map(({ set, name }) => `${set} ${name}`)
  expect(differing.toSorted()).toEqual(knownDifferences.flatMap((one) => one.cases).toSorted())
})

test('at least 95 of 100 agree, and the published table is this one', () => {
  const agreeing = cases.filter(({ expected, got }) => expected === got).length
  expect(agreeing / cases.length).toBeGreaterThan(0.95)
  const published = readFileSync(resolve(import.meta.dirname, '../../../../docs/fhir-validation.md'), 'utf8')
  expect(published).toContain(tableOf(cases))
})
