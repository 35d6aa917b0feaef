/**
 * What the monitors cost: microseconds of CPU an exchange (garbage collection's threads included), each and together, on one core, and the size and time of what they save. 27 busy
 * interfaces of 12 systems, stamps and violations as healthy traffic has them, a tick a second. Run: `node bench/monitors.ts [exchanges]`.
 */
import type { JourneyPlan } from '../gateway/model/journey.ts'
import type { Inspected, Monitor } from '../gateway/model/reading.ts'
import { monitors } from '../monitors/index.ts'
import {
  aCatalogue,
  anInterface,
  aViolation,
  exchanged,
  mondayMorning,
  normal,
  seeded,
  ticked,
} from '../tests/unit/monitors/stream.ts'

const count = Number(process.argv[2] ?? 200_000)
const systems = ['his', 'lis', 'emr', 'pacs', 'ris', 'icu', 'ecg', 'ors', 'blood', 'cssd', 'mini', 'nhsa']
const interfaces = Array.from({ length: 27 }, (_, i) =>
  anInterface(`interface-${i}`, {
    from: systems[i % systems.length] ?? 'his',
    to: systems[(i * 5 + 1) % systems.length] ?? 'lis',
    expectedVolume: { perHour: Array<number>(24).fill(1400), weekendFactor: 0.5 },
  }),
)
const catalogue = aCatalogue(...interfaces)
/** Every order is answered on the next interface. */
const journeyPlans: readonly JourneyPlan[] = Array.from({ length: 6 }, (_, i) => ({
  id: `plan-${i}`,
  name: { zh: '', en: '' },
  steps: [0, 1, 2].map((j) => ({ interfaces: [`interface-${4 * i + j}`], name: { zh: '', en: '' } })),
}))
const listening = Object.fromEntries(interfaces.map((iface) => [iface.id, 2]))
const perSecond = 27 * 8

const items = makeItems()
const exchanges = items.filter((item) => item.kind === 'exchange').length
let together = 0
console.log(`${exchanges} exchanges and ${items.length - exchanges} ticks, ${perSecond} exchanges a second of log time`)
for (const monitor of monitors) together += measure(monitor)
console.log(
  `together ${together.toFixed(2)} us an exchange, ticks included: ${Math.round(1e6 / together)} exchanges a second of one core`,
)
measureSave()

function measure(monitor: Monitor): number {
  run(monitor, items.slice(0, 20_000))
  const best = Math.min(...[1, 2, 3].map(() => run(monitor, items).us))
  console.log(`${monitor.name.padEnd(10)} ${best.toFixed(2)} us, ${run(monitor, items).readings} readings`)
  return best
}

function run(monitor: Monitor, stream: readonly Inspected[]): { us: number; readings: number } {
  const running = monitor.start({ catalogue, journeyPlans }, null)
  const started = process.cpuUsage()
  let readings = 0
  for (const item of stream) readings += running.assess(item).length
  const { user, system } = process.cpuUsage(started)
  return { us: (user + system) / exchanges, readings }
}

function measureSave(): void {
  const running = monitors.map((monitor) => ({ monitor, state: monitor.start({ catalogue, journeyPlans }, null) }))
  for (const item of items) for (const { state } of running) state.assess(item)
  let bytes = 0
  let ms = 0
  for (const { monitor, state } of running) {
    const startedAt = process.hrtime.bigint()
    const { length } = JSON.stringify(state.save())
    ms += Number(process.hrtime.bigint() - startedAt) / 1e6
    bytes += length
    console.log(`save ${monitor.name.padEnd(10)} ${(length / 1024).toFixed(0)} KiB`)
  }
  console.log(`save together ${(bytes / 1024).toFixed(0)} KiB in ${ms.toFixed(1)} ms`)
}

/** Eight codes of three fields, as a message of a few results has them. */
function codesOf(random: () => number) {
  const test = Math.floor(random() * 60)
  const results = Array.from({ length: 6 }, (_, k) => ({ path: 'OBX-3.1', value: `LAB${(test + k) % 60}` }))
  return [{ path: 'PID-8', value: test % 2 === 0 ? 'M' : 'F' }, { path: 'OBR-4.1', value: `P${test % 20}` }, ...results]
}

function makeItems(): readonly Inspected[] {
  const random = seeded(1)
  const made: Inspected[] = []
  for (let i = 0; i < count; i += 1) {
    const at = mondayMorning + (i * 1000) / perSecond
    if (i % perSecond === 0) made.push(ticked(at, { listening }))
    const iface = interfaces[Math.floor(random() * interfaces.length)]
    const draw = random()
    made.push({
      ...exchanged({
        at,
        interfaceId: iface?.id ?? '',
        sender: `${iface?.from ?? ''}|H`,
        answerer: `${iface?.to ?? ''}|H`,
        latencyMs: 30 * Math.exp(0.4 * normal(random)),
        stampResolutionMs: i % 2 === 0 ? 1000 : 1,
        // Each order passes several interfaces, of one patient in a hundred thousand.
        keys: [
          { kind: 'placer', value: `2026${Math.floor(i / 12)}`, authority: 'HIS' },
          { kind: 'patient', value: `${Math.floor(random() * 100_000)}`, authority: 'HIS' },
          { kind: 'visit', value: `V${Math.floor(random() * 100_000)}`, authority: 'HIS' },
        ],
        codes: codesOf(random),
        outcome: draw < 0.001 ? 'failed' : 'answered',
        violations:
          draw > 0.9 ? [aViolation({ rule: 'table', element: `OBX-${Math.floor(random() * 20)}`, severity: 'warn' })] : [],
      }),
      now: at + 40,
    })
  }
  return made
}
