/**
 * How rarely does each monitor cry wolf? Weeks of hospitals in which nothing is wrong, and which are harder than the generator's of `bench/diagnosis.ts`: each interface draws from
 * `bench/healthy/` how its messages come, are refused, are sent again and are answered. Without bytes, straight into monitors, alert book and incidents, so that thousands of
 * interface-weeks can be played.
 *
 *   node bench/healthy.ts [--monitors failures,latency] [--hospitals 10] [--first 0] [--weeks 2] [--only mllp,http,http-with-id,images]
 *                         [--per-hour 2,400] [--refused 0.001,0.01] [--tick-s 120] [--show]
 *
 * Six interfaces a hospital. `--first` is the number of the first hospital, so that a long run can be cut and fresh ones be had; `--show` lists each ticket with what its
 * interface is like. Left out, `--monitors` are all but those of a tick a second (self, silence, volume) and of ways that orders take (journeys).
 */
import process from 'node:process'
import { parseArgs } from 'node:util'
import { monitors } from '../monitors/index.ts'
import { shareOf } from './diagnosis/statistics.ts'
import type { Range } from './healthy/chance.ts'
import { healthyHospital } from './healthy/hospital.ts'
import { type FalseTicket, playHealthy } from './healthy/play.ts'
import { wires } from './healthy/wires.ts'

const { values } = parseArgs({
  options: {
    monitors: { type: 'string' },
    hospitals: { type: 'string', default: '10' },
    first: { type: 'string', default: '0' },
    weeks: { type: 'string', default: '2' },
    only: { type: 'string' },
    'per-hour': { type: 'string', default: '2,400' },
    refused: { type: 'string', default: '0.001,0.01' },
    'tick-s': { type: 'string', default: '120' },
    show: { type: 'boolean', default: false },
  },
})
const unasked = ['self', 'silence', 'volume', 'journeys']
const only = namesIn(values.only, 'wire', wires)
const asked = namesIn(values.monitors, 'monitor', monitors)
const played = monitors.filter(({ name }) => (asked === null ? !unasked.includes(name) : asked.includes(name)))
const [weeks, first, count] = [Number(values.weeks), Number(values.first), Number(values.hospitals)]
const wish = { weeks, only, perHour: rangeIn(values['per-hour']), refused: rangeIn(values.refused) }

const badReadings = new Map<string, number>()
const tickets: (FalseTicket & { readonly hospital: number })[] = []
let exchangeCount = 0
let interfaceWeeks = 0
for (let number = first; number < first + count; number += 1) {
  const hospital = healthyHospital({ ...wish, number })
  const heard = playHealthy(hospital, played, Number(values['tick-s']) * 1000)
  exchangeCount += heard.exchangeCount
  interfaceWeeks += weeks * hospital.catalogue.interfaces.length
  for (const [signal, times] of heard.badReadings) badReadings.set(signal, (badReadings.get(signal) ?? 0) + times)
  for (const ticket of heard.tickets) {
    tickets.push({ ...ticket, hospital: number })
    if (values.show) console.log(shown(number, ticket, hospital.words.get(ticket.interfaceId) ?? ''))
  }
}

printTable()

function printTable(): void {
  const signals = [...new Set([...badReadings.keys(), ...tickets.flatMap((ticket) => ticket.signals)])].sort()
  console.log(row('signal', 'bad readings', 'tickets', 'interfaces', 'a week', 'at most'))
  for (const signal of signals)
    console.log(
      row(signal, badReadings.get(signal) ?? 0, ...rateOf(tickets.filter((ticket) => ticket.signals.includes(signal)))),
    )
  console.log(row('all', '', ...rateOf(tickets)))
  const { user, system } = process.cpuUsage()
  const seconds = ((user + system) / 1e6).toFixed(0)
  console.log(`${interfaceWeeks} interface-weeks of ${count} hospitals, ${exchangeCount} exchanges, ${seconds} s of one core`)
}

/** How many, of how many interfaces, how many a week, and in which share of the interface-weeks there is one at most (Wilson, 95 %). */
function rateOf(some: typeof tickets): readonly [number, number, string, string] {
  const interfaces = new Set(some.map(({ hospital, interfaceId }) => `${hospital} ${interfaceId}`))
  const theirWeeks = new Set(some.map(({ hospital, interfaceId, week }) => `${hospital} ${interfaceId} ${week}`))
  const { high } = shareOf(theirWeeks.size, interfaceWeeks)
  return [some.length, interfaces.size, (some.length / interfaceWeeks).toFixed(4), high.toFixed(4)]
}

function row(signal: string, ...cells: readonly (string | number)[]): string {
  return `${signal.padEnd(24)}${cells.map((cell) => String(cell).padStart(14)).join('')}`
}

function shown(number: number, { interfaceId, day, cause, signals, facts }: FalseTicket, words: string): string {
  return `hospital ${number}, ${interfaceId}, day ${day.toFixed(2)}: ${cause} of ${signals.join(' and ')}\n  ${words}\n  ${JSON.stringify(facts)}`
}

function rangeIn(text: string): Range {
  const [low, high] = text.split(',').map(Number)
  if (low === undefined || high === undefined || !(low > 0 && low <= high)) throw new Error(`${text} is no range: LOW,HIGH`)
  return { low, high }
}

function namesIn(
  text: string | undefined,
  what: string,
  known: readonly { readonly name: string }[],
): readonly string[] | null {
  const names = text?.split(',') ?? null
  const stranger = names?.find((name) => known.every((one) => one.name !== name))
  if (stranger !== undefined)
    throw new Error(`${stranger} is no ${what}: ${[...new Set(known.map(({ name }) => name))].join(', ')}`)
  return names
}
