import { parseArgs } from 'node:util'
import { edgeKills } from './edge-kills.ts'
import { killAtRandom, reckon, wrongsOf } from './kills.ts'
import { processesOf, startProduct, ticketsNow, waitForTicket } from './product.ts'

/**
 * By hand: the kill test for as long as one likes, and how fast the edge is back.
 *
 *   node tests/e2e/kill-many.ts [--kills 200] [--edge-kills 10] [--seed 1] [--speed 5]
 *
 * Exit 0: nothing was lost, late or counted twice; 1: something was, and it says what.
 */
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    'edge-kills': { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    speed: { type: 'string', default: '5' },
  },
})
const withinMs = 300_000
const seed = Number(values.seed)
const wrongs: string[] = []

async function killAllButTheEdge(): Promise<void> {
  await using product = await startProduct({ speed: Number(values.speed), seed })
  await product.fault('zone-step', 'on', { on: 'lis', with: { hours: -2 } })
  const kills = await killAtRandom(product, {
    kills: Number(values.kills),
    seed,
    victims: ['analysis', 'analysis', 'desk', 'supervisor'],
    pauseMs: { min: 20, max: 3_000 },
    withinMs,
  })
  const byVictim = Object.entries(Object.groupBy(kills, (k) => k.victim)).map(([who, list]) => `${who} ${list?.length}`)
  await waitForTicket(product, (t) => t.causes[0]?.id === 'tz-mismatch', withinMs)
  const reckonings = await reckon(product, withinMs)
  wrongs.push(...wrongsOf(reckonings))
  const tickets = await ticketsNow(product)
  if (tickets.filter((t) => t.causes[0]?.id === 'tz-mismatch').length !== 1) wrongs.push('not one ticket of the one fault')
  const sum = (of: (r: (typeof reckonings)[number]) => number) => reckonings.reduce((total, r) => total + of(r), 0)
  console.log(`${kills.length} kills: ${byVictim.join(', ')}`)
  console.log(
    `${sum((r) => r.sent.length)} messages sent, ${sum((r) => r.arrived.length)} arrived, ${sum((r) => r.counted)} counted`,
  )
  console.log(
    `${sum((r) => r.sender.counters.timeouts ?? 0)} time-outs, ${sum((r) => (r.sender.counters.copies ?? 0) - (r.sender.counters.messages ?? 0))} resends`,
  )
  console.log(`tickets: ${tickets.map((t) => `${t.state} ${t.causes[0]?.id} ${t.interfaceIds.join('+')}`).join('; ')}`)
  if ((await product.stop()) !== 0) wrongs.push('the product did not end with 0')
  const left = processesOf(product.dataFolder)
  if (left.length > 0) wrongs.push(`${left.length} processes outlived the product`)
}

async function killTheEdge(): Promise<void> {
  await using product = await startProduct({ speed: Number(values.speed), seed })
  const result = await edgeKills(product, { kills: Number(values['edge-kills']), seed, withinMs })
  const sorted = result.backMs.toSorted((a, b) => a - b)
  wrongs.push(...result.wrongs)
  console.log(
    `${sorted.length} kills of the edge: listening again after ${Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0)} ms in the median, ${Math.round(sorted.at(-1) ?? 0)} ms at most`,
  )
  console.log(`${result.lostToSight} acknowledged messages were never seen, ${result.resent} copies were sent again`)
}

if (Number(values.kills) > 0) await killAllButTheEdge()
if (Number(values['edge-kills']) > 0) await killTheEdge()
for (const wrong of wrongs) console.log(`WRONG ${wrong}`)
process.exitCode = wrongs.length > 0 ? 1 : 0
