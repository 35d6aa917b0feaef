import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fhir } from '../../../../adapters/formats/fhir/fhir.ts'
import { violationsMax } from '../../../../contracts/fhir/compile.ts'
import { standardContract } from '../../../../contracts/fhir/standard.ts'
import { compileContractFile } from '../../../../gateway/contract-files.ts'
import type { Hints } from '../../../../gateway/model/document.ts'

const folder = new URL('../../../../fixtures/fhir/', import.meta.url)
const sound = ['fhir-test-cases-r4', 'zh-synthetic'].flatMap((source) =>
  readdirSync(new URL(source, folder)).map((name) => readFileSync(new URL(`${source}/${name}`, folder), 'utf8')),
)
const contracts = [
  standardContract(),
  compileContractFile('mnis-emr-nursing', '.'),
  compileContractFile('patient360-fhir', '.'),
]
const hints: Hints = {
  at: 0,
  timezone: 'UTC',
  envelope: [
    [':method', 'POST'],
    [':path', '/Observation?x=1'],
  ],
}

/** A resource of which one value, anywhere, was replaced by anything. */
const spoiled = fc.tuple(fc.constantFrom(...sound), fc.nat(), fc.jsonValue({ maxDepth: 3 })).map(([text, at, value]) => {
  const spots = [...text.matchAll(/:\s*("(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null)/g)]
  const spot = spots[at % spots.length]
  if (spot === undefined) return text
  const from = spot.index + spot[0].length - (spot[1] ?? '').length
  return text.slice(0, from) + JSON.stringify(value) + text.slice(spot.index + spot[0].length)
})

test('whatever stands in a resource, a check ends, throws nothing and tells fifty at most', () => {
  fc.assert(
    fc.property(spoiled, (text) => {
      const document = fhir.read(new TextEncoder().encode(text), hints)
      for (const contract of contracts) {
        for (const side of ['request', 'answer'] as const) {
          expect(contract.check(document, side).length).toBeLessThanOrEqual(violationsMax)
        }
      }
    }),
    { numRuns: 120 },
  )
})

test('names of the language itself are elements like any other', () => {
  const text =
    '{"resourceType":"Patient","__proto__":{"a":1},"constructor":"x","toString":[1],"name":[{"hasOwnProperty":true,"given":{"length":3}}]}'
  const rules = standardContract()
    .check(fhir.read(new TextEncoder().encode(text), hints), 'request')
    .map(({ rule }) => rule)
  expect(rules).toEqual(['unknown-element', 'unknown-element', 'unknown-element', 'unknown-element', 'type'])
})

test('invariants that take quadratic time are not asked of long resources, and everything else still is', () => {
  const told = (count: number) => {
    const concept = Array.from({ length: count }, (_, i) => ({ code: i === count - 1 ? 7 : 'same' }))
    const text = JSON.stringify({ resourceType: 'CodeSystem', status: 'active', content: 'complete', concept })
    return standardContract()
      .check(fhir.read(new TextEncoder().encode(text), { at: 0, timezone: 'UTC' }), 'request')
      .map(({ rule, path }) => `${rule} ${path}`)
  }
  expect(told(100)).toEqual(['type CodeSystem.concept[99].code', 'condition CodeSystem'])
  expect(told(5_000)).toEqual(['type CodeSystem.concept[4999].code'])
})

test('FHIRPath is asked so often in one message, and no more', () => {
  const period = { start: '2026-02', end: '2026-01-01' }
  const conditions = (count: number) =>
    standardContract()
      .check(
        fhir.read(
          new TextEncoder().encode(
            JSON.stringify({ resourceType: 'Patient', name: Array.from({ length: count }, () => ({ period })) }),
          ),
          {
            at: 0,
            timezone: 'UTC',
          },
        ),
        'request',
      )
      .filter(({ rule }) => rule === 'condition' || rule === 'more')
      .map(({ message }) => message.en)
  expect(conditions(10)).toHaveLength(10)
  // 49 are told, and the last one counts: findings are kept up to 1,000, and what was asked beyond is counted up to 2,000.
  expect(conditions(5_000).at(-1)).toBe('1951 more violations')
})
