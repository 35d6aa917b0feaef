import { expect, test } from 'vitest'
import { remembered, rememberedByFamily } from '../../../../gateway/model/remembered.ts'

function counting(limits?: { entriesMax?: number; charsMax?: number }) {
  let made = 0
  const read = remembered((text): string | null => {
    made += 1
    return text === '' ? null : text.toUpperCase()
  }, limits)
  return { read, made: () => made }
}

test('what was read before is not read again, nothing among it', () => {
  const { read, made } = counting()
  expect(['a', 'b', 'a', '', '', 'b'].map(read)).toEqual(['A', 'B', 'A', null, null, 'B'])
  expect(made()).toBe(3)
})

test('it stays small: all is forgotten when it is full, and long texts are never kept', () => {
  const { read, made } = counting({ entriesMax: 2, charsMax: 3 })
  for (const text of ['a', 'b', 'c', 'b', 'c']) read(text)
  // `c` pushed `a` and `b` out.
  expect(made()).toBe(4)
  for (const text of ['long', 'long', 'c']) read(text)
  expect(made()).toBe(6)
})

test('texts of any kind are told apart: halves of surrogate pairs, and names of what every object has', () => {
  const { read } = counting()
  expect(['\ud800', '\udc00', 'constructor', '__proto__', '\ud800'].map(read)).toEqual([
    '\ud800',
    '\udc00',
    'CONSTRUCTOR',
    '__PROTO__',
    '\ud800',
  ])
})

test('of each family the same text is another', () => {
  let made = 0
  const read = rememberedByFamily((family, text) => {
    made += 1
    return `${family} of ${text}`
  })
  const asked = [
    ['size', 'a'],
    ['name', 'a'],
    ['size', 'a'],
    ['size', 'b'],
  ] as const
  expect(asked.map(([family, text]) => read(family, text))).toEqual(['size of a', 'name of a', 'size of a', 'size of b'])
  expect(made).toBe(3)
})
