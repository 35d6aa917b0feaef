import fc from 'fast-check'
import { expect, test } from 'vitest'
import { keep, lastOf, oldestFirst } from '../../../../monitors/shared/last.ts'
import { amount, list } from '../../../../monitors/shared/state.ts'

test('the last few, oldest first, as a list that forgets its first has them; saved and read at any time', () => {
  const numbers = fc.array(fc.oneof(fc.integer(), fc.constant('restart')), { maxLength: 60 })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), numbers, (max, steps) => {
      const part = lastOf(max)
      let last = part.fresh()
      const expected: number[] = []
      for (const step of steps) {
        if (typeof step !== 'number') last = part.read(JSON.parse(JSON.stringify(part.write(last))))
        else {
          keep(last, step)
          expected.push(step)
          if (expected.length > max) expected.shift()
        }
        expect(oldestFirst(last)).toEqual(expected)
        expect(part.write(last)).toEqual(expected)
      }
    }),
  )
})

test('what is written stays as it is, and of more than it holds the newest are read', () => {
  const part = lastOf(3)
  const last = part.read([1, 2, 3, 4, 5])
  const written = part.write(last)
  keep(last, 6)
  expect(written).toEqual([3, 4, 5])
  expect(part.write(last)).toEqual(list(amount()).write([4, 5, 6]))
})
