import { expect, it } from 'vitest'
import { eventually } from './child.ts'
import { edgeKills } from './edge-kills.ts'
import { killAtRandom, reckon, wrongsOf } from './kills.ts'
import { processesOf, startProduct, ticketsNow, waitForTicket } from './product.ts'

/** Patience, not an expectation. */
const withinMs = 90_000

it('analysis, desk and supervisor killed under load: no byte lost or late, every exchange counted once, one ticket of one fault', {
  timeout: 400_000,
}, async () => {
  await using product = await startProduct({ speed: 5 })
  await product.fault('zone-step', 'on', { on: 'lis', with: { hours: -2 } })
  const kills = await killAtRandom(product, {
    kills: 12,
    seed: 20_261_123,
    victims: ['analysis', 'analysis', 'desk', 'supervisor'],
    pauseMs: { min: 50, max: 2_000 },
    withinMs,
  })
  expect(kills).toHaveLength(12)
  expect(new Set(kills.map((k) => k.victim)).size).toBe(3)
  await waitForTicket(product, (t) => t.causes[0]?.id === 'tz-mismatch', withinMs)
  const reckonings = await reckon(product, withinMs)
  expect(reckonings).toHaveLength(10)
  expect(wrongsOf(reckonings)).toEqual([])
  const tickets = await ticketsNow(product)
  expect(tickets.filter((t) => t.causes[0]?.id === 'tz-mismatch')).toHaveLength(1)
  expect(new Set(tickets.map((t) => t.id)).size).toBe(tickets.length)

  expect(await product.stop()).toBe(0)
  expect(processesOf(product.dataFolder)).toEqual([])
})

it('the edge killed under load: its connections are cut, it comes back, and only what was in flight is missing', {
  timeout: 400_000,
}, async () => {
  await using product = await startProduct({ speed: 5 })
  const { wrongs, backMs } = await edgeKills(product, { kills: 3, seed: 7, withinMs })
  expect(backMs).toHaveLength(3)
  expect(wrongs).toEqual([])
  await eventually('the product is ready', withinMs, async () => (await fetch(`${product.api}/readyz`)).ok, product.hospital)
})
