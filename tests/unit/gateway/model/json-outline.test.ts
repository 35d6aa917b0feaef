import fc from 'fast-check'
import { expect, test } from 'vitest'
import { unspokenIn } from '../../../../adapters/formats/fhir/json-text.ts'
import { outlineOf } from '../../../../gateway/model/json-outline.ts'

test('names and nesting are counted outside of strings alone', () => {
  expect(outlineOf('{"a:{[":[{"b\\"":":"}],"c":1}')).toEqual({ nameCount: 3, depth: 3, hasOddNumber: false })
  expect(outlineOf('')).toEqual({ nameCount: 0, depth: 0, hasOddNumber: false })
  expect(outlineOf('{"open')).toMatchObject({ nameCount: 0, depth: 1 })
})

test.each([
  ['0', false],
  ['-37', false],
  ['37.5', false],
  ['1.05', false],
  ['100.50', false],
  ['123456789012345', false],
  ['[1,2.5,-3]', false],
  ['1.0', true],
  ['-0.00', true],
  ['1e3', true],
  ['2.5E-1', true],
  ['1234567890123456', true],
  ['0.1234567890123456', true],
  ['{"a":[7,{"b":1.0}]}', true],
  ['"1.0 1e3 1234567890123456"', false],
])('%s has a number that others may read as another: %s', (text, isOdd) => {
  expect(outlineOf(text).hasOddNumber).toBe(isOdd)
})

test('no number that loses digits, or is whole and written with a fraction, is passed over', () => {
  const digits = fc.string({ unit: fc.constantFrom('0', '1', '5', '9'), minLength: 1, maxLength: 18 })
  const part = (mark: string) =>
    fc.option(
      digits.map((text) => `${mark}${text}`),
      { nil: '' },
    )
  const number = fc
    .tuple(
      fc.constantFrom('', '-'),
      fc.oneof(
        fc.constant('0'),
        digits.map((text) => `1${text}`),
      ),
      part('.'),
      part('e-'),
    )
    .map((parts) => parts.join(''))
  fc.assert(
    fc.property(fc.array(number, { maxLength: 3 }), (numbers) => {
      const text = `{"a":[${numbers.join(',')}]}`
      const { defects, fractions } = unspokenIn(text)
      if (defects.length + fractions.size > 0) expect(outlineOf(text).hasOddNumber).toBe(true)
    }),
    { numRuns: 500 },
  )
})
