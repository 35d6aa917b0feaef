import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type SeenTicket, startProduct, ticketsNow, waitForTicket } from './product.ts'

/** Patience, not an expectation: a busy machine may take this long for each step. */
const patienceMs = 90_000

it('names the cause of a fault over real sockets, in one ticket, and resolves it by itself', { timeout: 300_000 }, async () => {
  const story = join(tmpdir(), `auscult-first-ticket-${process.pid}.yaml`)
  writeFileSync(story, 'timeline:\n  - { at: 4s, for: 20s, fault: zone-step, on: lis, with: { hours: -2 } }\n')
  await using product = await startProduct({ story })

  const zone = await waitForTicket(product, (t) => t.causes[0]?.id === 'tz-mismatch', patienceMs)
  expect(zone.systemIds).toContain('lis')
  expect(await ticketsNow(product)).toHaveLength(1)

  // The second fault begins while the first one's ticket waits to resolve: each keeps to its own.
  await product.fault('receiver-down', 'on', { on: 'ris-pacs-procedure' })
  const isDown = (t: SeenTicket) => t.id !== zone.id && t.causes[0]?.id === 'conn-refused'
  const down = await waitForTicket(product, isDown, patienceMs)
  expect(down.interfaceIds).toEqual(['ris-pacs-procedure'])
  await product.fault('receiver-down', 'off')

  for (const { id } of [zone, down]) await waitForTicket(product, (t) => t.id === id && t.state === 'resolved', 2 * patienceMs)
  // A machine that is busy with other tests makes a simulated system slow in earnest: such a ticket is right.
  const tickets = (await ticketsNow(product)).filter((t) => t.causes[0]?.id !== 'upstream-slow')
  expect(tickets.map((t) => `${t.id} ${t.causes[0]?.id}`).toSorted()).toEqual(
    [`${zone.id} tz-mismatch`, `${down.id} conn-refused`].toSorted(),
  )
})
