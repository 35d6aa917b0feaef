import { expect, it } from 'vitest'
import { Claims, portionsOf } from '../../../../gateway/analysis/portions.ts'
import { type LoggedEntry, madePosition, quietHealth } from '../../../../gateway/model/entry.ts'
import { exchanged } from '../../monitors/stream.ts'

function entriesOf(...ids: readonly (string | null)[]): readonly LoggedEntry[] {
  return ids.map((id, i) => ({
    position: madePosition(i + 1),
    entry:
      id === null
        ? { kind: 'tick', at: i, health: { ...quietHealth, edgeId: 'e' } }
        : exchanged({ at: i, interfaceId: id }).entry,
  }))
}

it('puts entries with bodies together by their interface, in an order that no other entry changes', () => {
  expect(portionsOf(entriesOf('b', 'a', null, 'b', 'c', 'a'))).toEqual([[1, 5], [0, 3], [4]])
  expect(portionsOf(entriesOf(null))).toEqual([])
})

it('cuts what one interface has too much of, and leaves nothing out', () => {
  const portions = portionsOf(entriesOf(...Array.from({ length: 250 }, () => 'a'), 'b'))
  expect(portions.map(({ length }) => length)).toEqual([100, 100, 50, 1])
  expect(portions.flat()).toEqual(Array.from({ length: 251 }, (_, i) => i))
})

it('gives each portion to the first who takes it, over whichever view of the memory', () => {
  const here = Claims.of(2)
  const there = new Claims(here.memory)
  expect([here.take(0), there.take(0), there.take(1), here.take(1)]).toEqual([true, false, true, false])
})
