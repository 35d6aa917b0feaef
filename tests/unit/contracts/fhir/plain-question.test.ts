import fc from 'fast-check'
import fhirpath from 'fhirpath'
import r4 from 'fhirpath/fhir-context/r4'
import { expect, test } from 'vitest'
import { plainQuestion } from '../../../../contracts/fhir/check/plain-question.ts'
import { isRecord } from '../../../../gateway/model/json.ts'

const questions = [
  ['Observation', 'value.exists() or dataAbsentReason.exists() or component.exists() or hasMember.exists()'],
  ['Observation', "valueQuantity.code = 'Cel'"],
  ['Observation', "code.coding.where(system = 'a' and code = 'b').exists() and valueQuantity.exists()"],
  ['Observation', "component.code.coding.where(code = 'a').exists() and component.code.coding.where(code = 'b').exists()"],
  ['Observation', "status = 'a' implies (component.value.empty() or value.exists().not())"],
  ['Observation', "code.coding.code = 'a' or code.text = 'b'"],
  ['Observation', "(code.coding.system = 'a' and code.coding.code = 'b').not()"],
  ['Observation', "component.where(value.exists() and code.text = 'a').value.exists() implies status = 'b'"],
  ['Observation.component', "value.exists() or code.coding.where(code = 'a' or system = 'b').empty()"],
  ['Bundle', 'entry.resource.ofType(Observation).component.exists()'],
  ['Bundle', "entry.resource.ofType(Observation).where(status = 'a').code.coding.exists()"],
] as const

const text = fc.constantFrom<unknown>('a', 'b', 'Cel', '')
const odd = fc.constantFrom<unknown>(null, 1, true, {}, [], [null], [['a']], { extension: [{ url: 'a' }] }, 'a')
/** Mostly what has its place in R4; now and then anything. */
const mostly = (sound: fc.Arbitrary<unknown>) =>
  fc.option(fc.oneof({ arbitrary: sound, weight: 40 }, { arbitrary: odd, weight: 1 }), { nil: undefined })
const seldom = fc.oneof({ arbitrary: fc.constant(undefined), weight: 40 }, { arbitrary: odd, weight: 1 })
const some = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, seldom]))
const coding = fc.record({ system: mostly(text), code: mostly(text), _code: seldom })
const concept = fc.record({ coding: mostly(fc.array(coding, { maxLength: 3 })), text: mostly(text) })
const quantity = fc.record({ value: mostly(fc.constant(1.5)), code: mostly(text) })
const choice = { valueQuantity: mostly(quantity), valueString: mostly(text), ...some('_valueString', 'valueInteger', 'value') }
const component = fc.record({ code: mostly(concept), ...choice })
const observation = fc.record({
  resourceType: fc.oneof(
    { arbitrary: fc.constant('Observation'), weight: 20 },
    { arbitrary: fc.constantFrom('code', 'Patient'), weight: 1 },
  ),
  status: mostly(text),
  code: mostly(concept),
  component: mostly(fc.array(component, { maxLength: 3 })),
  hasMember: mostly(fc.constant([{ reference: 'a' }])),
  dataAbsentReason: mostly(concept),
  ...choice,
  ...some('_status', '_code', '_component'),
})
const bundle = fc.record({
  resourceType: fc.constant('Bundle'),
  entry: mostly(fc.array(fc.record({ resource: mostly(observation) }), { maxLength: 3 })),
})

test.each(questions)('%s: %s is answered as FHIRPath answers it, or left to it', (base, expression) => {
  const question = plainQuestion(base, expression)
  if (question === null) throw new Error('it is no plain question')
  const ask = fhirpath.compile({ base, expression }, r4, { async: false })
  let answered = 0
  fc.assert(
    fc.property(base === 'Bundle' ? bundle : base === 'Observation' ? observation : component, (raw) => {
      const node: unknown = JSON.parse(JSON.stringify(raw))
      if (!isRecord(node)) return
      const answer = question(node)
      if (answer === 'unclear') return
      answered += 1
      const found: unknown = ask(node, { resource: node, rootResource: node })
      expect(found).toEqual(answer === 'empty' ? [] : [answer === 'true'])
    }),
    { numRuns: 600 },
  )
  expect(answered).toBeGreaterThan(150)
})

test.each([
  ['Observation', 'valueQuantity.value > 3'],
  ['Observation', "code.coding.first().code = 'a'"],
  ['Observation', "status != 'a'"],
  ['Observation', "effective = '2026'"],
  ['Observation', "issued = '2026-01-01T00:00:00Z'"],
  ['Observation', "status = 'it\\'s'"],
  ['Observation', 'value.unit.exists()'],
  ['Observation', 'value is Quantity'],
  ['Observation', 'component.exists(code.exists())'],
  ['Observation', "component.where(code.text ~ 'a').exists()"],
  ['Observation', 'status'],
  ['Observation', 'Observation.status.exists()'],
  ['Observation', 'status.exists() xor code.exists()'],
  ['Observation', '%resource.status.exists()'],
  ['Bundle', "entry.resource.where(status = 'a').exists()"],
  ['Bundle', 'entry.resource.ofType(DomainResource).exists()'],
  ['code', 'exists()'],
  ['Nothing', 'status.exists()'],
])('%s: %s is left to FHIRPath', (base, expression) => {
  expect(plainQuestion(base, expression)).toBe(null)
})

test('what is not plain is left to FHIRPath: extensions of a primitive, holes, lists in lists, several values beside one text', () => {
  const exists = plainQuestion('Observation', 'code.coding.code.exists()')
  const equals = plainQuestion('Observation', "code.coding.code = 'a'")
  const coded = (...coding: readonly unknown[]) => ({ resourceType: 'Observation', code: { coding } })
  expect(exists?.(coded({ code: 'a' }))).toBe('true')
  expect(exists?.(coded({}))).toBe('false')
  expect(equals?.(coded({}))).toBe('empty')
  expect(equals?.(coded({ code: 'b' }))).toBe('false')
  for (const odd of [{ _code: { id: 'a' } }, { code: ['a', null] }, { code: [['a']] }, { code: null }, 'text', null])
    expect(exists?.(coded(odd)), JSON.stringify(odd)).toBe('unclear')
  expect(equals?.(coded({ code: 'a' }, { code: 'a' }))).toBe('unclear')
  expect(equals?.(coded({ code: 1 }))).toBe('unclear')
})
