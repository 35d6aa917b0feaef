import { describe, expect, it } from 'vitest'
import { placesOf } from '../../../../console/src/board/layers.ts'

const wires = [
  { from: 'analyzers', to: 'lis' },
  { from: 'his', to: 'lis' },
  { from: 'lis', to: 'emr' },
  { from: 'lis', to: 'tijian' },
  { from: 'his', to: 'ris' },
  { from: 'his', to: 'esb' },
]
const ids = ['his', 'lis', 'emr', 'tijian', 'ris', 'esb', 'analyzers', 'alone']

describe('places of the topology', () => {
  it('has senders left, hubs in the middle, receivers right, and leaves out what has no wire', () => {
    const column = Object.fromEntries(placesOf(ids, wires).map((place) => [place.id, place.column]))
    expect(column).toEqual({
      analyzers: 'left',
      his: 'hub',
      lis: 'hub',
      emr: 'right',
      tijian: 'right',
      ris: 'right',
      esb: 'right',
    })
  })

  it('never puts two systems on one place', () => {
    const places = placesOf(ids, wires).map(({ x, y }) => `${x} ${y}`)
    expect(new Set(places).size).toBe(places.length)
  })

  it('places the same whatever the order of the wires', () => {
    const byId = (list: readonly { readonly id: string }[]) => list.toSorted((a, b) => a.id.localeCompare(b.id))
    expect(byId(placesOf(ids, wires.toReversed()))).toEqual(byId(placesOf(ids, wires)))
  })

  it('keeps receivers beside the hub that feeds them', () => {
    const y = Object.fromEntries(placesOf(ids, wires).map((place) => [place.id, place.y]))
    const mean = (names: readonly string[]) => names.reduce((sum, name) => sum + (y[name] ?? 0), 0) / names.length
    expect(Math.sign(mean(['emr', 'tijian']) - mean(['ris', 'esb']))).toBe(Math.sign((y.lis ?? 0) - (y.his ?? 0)))
  })
})
