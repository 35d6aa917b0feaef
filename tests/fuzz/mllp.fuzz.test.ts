import { expect, it } from 'vitest'
import { fuzzMllp } from './mllp.fuzz.ts'
import { seeded } from './mutate.ts'
import { fuzzSeeds } from './run.ts'

it('five thousand mutated frames break nothing, and a stage that fails is not passed over', () => {
  const seeds = fuzzSeeds()
  const counts = fuzzMllp({ frames: 5_000, seeds, random: seeded(7), stages: [] })
  expect(counts.frames).toBe(5_000)
  expect(Object.keys(counts.outcomes).toSorted()).toEqual(['answered', 'failed', 'one-way', 'orphan', 'unanswered'])
  const failing = () => {
    throw new Error('found')
  }
  expect(() => fuzzMllp({ frames: 5_000, seeds, random: seeded(7), stages: [failing] })).toThrow('found')
})
