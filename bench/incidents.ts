/**
 * What incidents cost: `node bench/incidents.ts`. Microseconds an exchange on one core, when nothing is wrong (goal: 10), and
 * while an incident is open on the interface. The entries are built before the clock starts.
 */
import process from 'node:process'
import { createAlertBook } from '../gateway/analysis/alert-book.ts'
import { causes } from '../gateway/incidents/causes/index.ts'
import { createIncidents } from '../gateway/incidents/incidents.ts'
import { hospital, lab, type Moment, onInterface, passed, reading } from '../tests/unit/gateway/incidents/scene.ts'
import { mondayMorning } from '../tests/unit/monitors/stream.ts'

const count = 100_000
const catalogue = hospital()
const ids = catalogue.interfaces.map((i) => i.id)

const quiet = moments((i) => ({ interfaceId: ids[i % ids.length] ?? lab.id }))
const failing = moments((i) =>
  i % 2 === 0 ? { interfaceId: lab.id, outcome: 'failed' } : { interfaceId: ids[i % ids.length] ?? lab.id },
)
const bad = reading('failures/rate', onInterface(lab.id), mondayMorning, { facts: { nak: 9 } })

for (const round of [1, 2, 3]) {
  const none = run(quiet, [])
  const open = run(failing, [bad])
  console.log(
    `round ${round}: ${none.us.toFixed(2)} µs an exchange when all is well, ${open.us.toFixed(2)} µs while one in two fails`,
  )
  if (round === 3) console.log(`saved state of ${ids.length} interfaces: ${none.bytes} and ${open.bytes} bytes`)
}

function moments(wish: (i: number) => Parameters<typeof passed>[0]): readonly Moment[] {
  return Array.from({ length: count }, (_, i) => ({ item: passed({ at: mondayMorning + i * 20, ...wish(i) }), readings: [] }))
}

function run(items: readonly Moment[], first: Moment['readings']): { readonly us: number; readonly bytes: number } {
  const book = createAlertBook({}, null)
  const incidents = createIncidents({ catalogue, causes }, null)
  // Processor time, not the clock on the wall: the machine is shared.
  const before = process.cpuUsage()
  items.forEach(({ item }, i) => {
    const readings = i === 50 ? first : []
    incidents.take(item, readings, book.take(readings, item.now))
  })
  const { user, system } = process.cpuUsage(before)
  const us = (user + system) / items.length
  return { us, bytes: JSON.stringify(incidents.save()).length }
}
