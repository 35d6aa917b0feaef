import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { evaluation, isTrue } from '../../../../contracts/fhir/check/fhirpath.ts'
import { typePlan } from '../../../../contracts/fhir/check/plan.ts'
import { writtenOut } from '../../../../contracts/fhir/check/written-out.ts'
import { typeDefinition } from '../../../../contracts/fhir/definitions/definitions.ts'
import { isRecord } from '../../../../gateway/model/json.ts'

const baseOf: { readonly [key: string]: string } = {
  'qty-3': 'Quantity',
  'cpt-2': 'ContactPoint',
  'att-1': 'Attachment',
  'sqty-1': 'SimpleQuantity',
  'per-1': 'Period',
  'obs-6': 'Observation',
  'obs-7': 'Observation',
  'obs-3': 'Observation.referenceRange',
  'bdl-5': 'Bundle.entry',
  'bdl-8': 'Bundle.entry',
}

const all = [...writtenOut].map(([key, rule]) => ({ key, rule, base: baseOf[key] ?? 'Bundle' }))

test.each(all)("$key is the standard's own expression", ({ key, rule, base }) => {
  const constraint = typeDefinition(base)?.constraints.find((one) => one.key === key)
  expect(constraint?.expression).toBe(rule.expression)
})

const some = <T>(value: T) => fc.option(fc.constant(value), { nil: undefined })
const time = fc.option(
  fc.constantFrom(
    '2026-01-01',
    '2026-01-02',
    '2026',
    '2026-01-01T10:00:00Z',
    '2026-01-01T09:00:00+08:00',
    '2026-01-01T10:00:00+08:00',
  ),
  { nil: undefined },
)
const node = fc.record({
  code: some('x'),
  system: some('y'),
  value: some('1'),
  valueQuantity: some({ value: 1 }),
  valueString: some('a'),
  dataAbsentReason: some({ text: 'a' }),
  component: some([{ code: { coding: [{ system: 's', code: 'c' }] } }]),
  low: some({ value: 1 }),
  high: some({ value: 1 }),
  text: some('t'),
  data: some('AAAA'),
  contentType: some('text/plain'),
  comparator: some('<'),
  start: time,
  end: time,
  total: some(3),
  type: fc.option(
    fc.constantFrom(
      'searchset',
      'history',
      'batch',
      'transaction',
      'batch-response',
      'transaction-response',
      'document',
      'message',
      'collection',
    ),
    { nil: undefined },
  ),
  timestamp: some('2026-01-01T10:00:00Z'),
  resource: some({ resourceType: 'Patient' }),
  request: some({ method: 'GET', url: 'x' }),
  response: some({ status: '200' }),
  fullUrl: fc.option(fc.constantFrom('http://a/Patient/1', 'http://a/Patient/1/_history/2'), { nil: undefined }),
  entry: fc.option(
    fc.array(
      fc.record({
        fullUrl: fc.option(fc.constantFrom('urn:a', 'urn:b'), { nil: undefined }),
        search: some({ mode: 'match' }),
        request: some({ method: 'GET', url: 'x' }),
        response: some({ status: '200' }),
        resource: fc.option(
          fc.record({ resourceType: fc.constant('Patient'), meta: fc.record({ versionId: fc.constantFrom('1', '2') }) }),
          { nil: undefined },
        ),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    { nil: undefined },
  ),
})

test.each(all)('$key says what FHIRPath says, whatever stands there', ({ rule, base }) => {
  const ask = evaluation(base, rule.expression)
  fc.assert(
    fc.property(node, (raw) => {
      // As JSON has it, without what is undefined, and with the names that the type has.
      const plan = typePlan(base)
      const json: unknown = JSON.parse(JSON.stringify(raw))
      const known = Object.fromEntries(
        Object.entries(isRecord(json) ? json : {}).filter(([name]) => plan?.properties.has(name)),
      )
      const resource = base === 'Bundle' || base === 'Observation' ? { resourceType: base, ...known } : known
      const holds = rule.holds(resource)
      if (holds === null) return
      const found = ask({ node: resource, resource, rootResource: resource })
      expect(found).not.toBeNull()
      expect(holds).toBe(isTrue(found ?? []))
    }),
    { numRuns: 300 },
  )
})

test('every invariant of R4 can be read, and all but those that follow references can be asked', () => {
  const r4: { constraints: readonly (readonly string[])[] } = JSON.parse(
    readFileSync(resolve(import.meta.dirname, '../../../../contracts/fhir/definitions/r4.json'), 'utf8'),
  )
  expect(r4.constraints.length).toBeGreaterThan(200)
  for (const [key, , , expression = ''] of r4.constraints) expect(() => evaluation('Element', expression), key).not.toThrow()
})

test('asking leaves a message as it was', () => {
  const folder = resolve(import.meta.dirname, '../../../../fixtures/fhir/fhir-test-cases-r4')
  for (const name of readdirSync(folder).filter((one) => one.startsWith('observation'))) {
    const text = readFileSync(resolve(folder, name), 'utf8')
    const resource: unknown = JSON.parse(text)
    evaluation(
      'Observation',
      'descendants().where(code.exists()).count() > 0',
    )({ node: resource, resource, rootResource: resource })
    expect(resource).toEqual(JSON.parse(text))
  }
})
