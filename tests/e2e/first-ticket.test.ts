import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { eventually } from './child.ts'
import { startProduct, ticketsNow, waitForTicket } from './product.ts'

/** Patience, not an expectation: a busy machine may take this long for each step. */
const patienceMs = 90_000

it('names the cause of a fault over real sockets, in one ticket, and resolves it by itself', { timeout: 300_000 }, async () => {
  const story = join(tmpdir(), `auscult-first-ticket-${process.pid}.yaml`)
  writeFileSync(story, 'timeline:\n  - { at: 4s, for: 20s, fault: zone-step, on: lis, with: { hours: -2 } }\n')
  await using product = await startProduct({ story })

  const zone = await waitForTicket(product, (t) => t.causes[0]?.id === 'tz-mismatch', patienceMs)
  expect(zone.systemIds).toContain('lis')
  await waitForTicket(product, (t) => t.id === zone.id && t.state === 'resolved', 2 * patienceMs)
  expect((await ticketsNow(product)).map((t) => t.causes[0]?.id)).toEqual(['tz-mismatch'])

  await product.fault('receiver-down', 'on', { on: 'ris-pacs-procedure' })
  const down = await waitForTicket(
    product,
    (t) => t.interfaceIds.includes('ris-pacs-procedure') && t.id !== zone.id,
    patienceMs,
  )
  await eventually(
    'the leading cause is conn-refused',
    patienceMs,
    async () => (await ticketsNow(product)).find((t) => t.id === down.id)?.causes[0]?.id === 'conn-refused',
    product.auscult,
  )
  await product.fault('receiver-down', 'off')
  await waitForTicket(product, (t) => t.id === down.id && t.state === 'resolved', 2 * patienceMs)
  expect((await ticketsNow(product)).map((t) => t.id).sort()).toEqual([zone.id, down.id].sort())
})
