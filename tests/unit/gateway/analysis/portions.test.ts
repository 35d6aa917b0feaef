import { expect, it } from 'vitest'
import { Claims, portionsOf } from '../../../../gateway/analysis/portions.ts'

it('puts entries with bodies together by their interface, in an order that no other entry changes', () => {
  expect(portionsOf(['b', 'a', null, 'b', 'c', 'a'])).toEqual([[1, 5], [0, 3], [4]])
  expect(portionsOf([null])).toEqual([])
})

it('cuts what one interface has too much of, and leaves nothing out', () => {
  const portions = portionsOf([...Array.from({ length: 250 }, () => 'a'), 'b'])
  expect(portions.map(({ length }) => length)).toEqual([100, 100, 50, 1])
  expect(portions.flat()).toEqual(Array.from({ length: 251 }, (_, i) => i))
})

it('gives each portion to the first who takes it, over whichever view of the memory', () => {
  const here = Claims.of(2)
  const there = new Claims(here.memory)
  expect([here.take(0), there.take(0), there.take(1), here.take(1)]).toEqual([true, false, true, false])
})
