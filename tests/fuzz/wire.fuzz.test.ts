import { describe, expect, it } from 'vitest'
import { seeded } from './mutate.ts'
import { fuzzWire } from './wire.fuzz.ts'
import { httpWire, mllpWire } from './wires.ts'

describe.each([
  ['mllp', mllpWire()],
  ['http', httpWire()],
])('%s', (_, wire) => {
  it('five thousand mutated frames break nothing, and a stage that fails is not passed over', () => {
    const counts = fuzzWire({ wire, frames: 5_000, random: seeded(7), stages: [] })
    expect(counts.frames).toBe(5_000)
    expect(Object.keys(counts.outcomes).toSorted()).toEqual(['answered', 'failed', 'one-way', 'orphan', 'unanswered'])
    const failing = () => {
      throw new Error('found')
    }
    expect(() => fuzzWire({ wire, frames: 5_000, random: seeded(7), stages: [failing] })).toThrow('found')
  })
})
