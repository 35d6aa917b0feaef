import { expect, it } from 'vitest'
import { killDesks } from './desk-kills.ts'

it('two desks on one database, killed at random: no duty lost or done twice, every notice on every channel under one key', {
  timeout: 300_000,
}, async () => {
  const result = await killDesks(12, 20_261_125, 200_000)
  expect(result.wrongs).toEqual([])
  expect(result.overdue).toBeGreaterThan(12)
  expect(result.notices).toBeGreaterThan(24)
  // Each kill can strike once between sending and writing down, on each of the channels.
  expect(result.repeats).toBeLessThanOrEqual(3 * result.kills)
})
