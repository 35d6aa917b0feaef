import fc from 'fast-check'
import { expect, test } from 'vitest'
import { amount, flag, keyed, list, maybe, record, versioned, word } from '../../../../monitors/shared/state.ts'
import { throughJson } from '../stream.ts'

const part = record({
  n: amount(3),
  text: word('x'),
  on: flag(),
  none: maybe(amount()),
  many: list(record({ a: amount(), b: flag() })),
  map: keyed(list(amount())),
})
const memory = versioned(2, part)

test('a fresh memory is as declared', () => {
  expect(part.fresh()).toEqual({ n: 3, text: 'x', on: false, none: null, many: [], map: new Map() })
  expect(list(amount(7), 3).fresh()).toEqual([7, 7, 7])
})

test('any memory comes back from the database as it was, and in the same order', () => {
  const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (n === 0 ? 0 : n))
  fc.assert(
    fc.property(
      fc.record({
        n: number,
        text: fc.string(),
        on: fc.boolean(),
        none: fc.option(number),
        many: fc.array(fc.record({ a: number, b: fc.boolean() })),
        map: fc.array(fc.tuple(fc.string(), fc.array(number))).map((pairs) => new Map(pairs)),
      }),
      (value) => {
        const back = memory.start(throughJson(memory.save(value)))
        expect(back).toEqual(value)
        expect([...back.map.keys()]).toEqual([...value.map.keys()])
      },
    ),
  )
})

test('another version starts fresh; a broken one of this version is a bug and throws', () => {
  expect(memory.start([1, 'old'])).toEqual(part.fresh())
  expect(() => memory.start([2, ['three', 'x', 0, null, [], []]])).toThrow(RangeError)
  expect(() => memory.start([2, [1, 'x']])).toThrow(RangeError)
})
