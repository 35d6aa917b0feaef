import { type Chance, createChance } from '../../fixtures/hospital/chance.ts'
import type { Catalogue, Interface } from '../../gateway/model/interface.ts'
import type { InspectedExchange } from '../../gateway/model/reading.ts'
import type { Instant } from '../../gateway/model/time.ts'
import { aCatalogue, anInterface, dayMs, hourMs, mondayMorning, weekMs } from '../../tests/unit/monitors/stream.ts'
import { dayShapes } from './arrivals.ts'
import { attemptManners } from './attempts.ts'
import { type Range, scaled, varied } from './chance.ts'
import { latencyChanges, logNormal } from './latencies.ts'
import { lifeOf, type Ways } from './life.ts'
import { refusalManners } from './refusals.ts'
import { wires } from './wires.ts'

export interface HospitalWish {
  /** What its chance is made of: the same number, the same weeks. */
  readonly number: number
  readonly weeks: number
  readonly perHour: Range
  /** Which share of messages is refused. */
  readonly refused: Range
  /** Names of wires; null: all of them. */
  readonly only: readonly string[] | null
}

export interface HealthyHospital {
  readonly catalogue: Catalogue
  readonly from: Instant
  readonly to: Instant
  /** What each interface is like, in words. */
  readonly words: ReadonlyMap<string, string>
  /** By interface, in the order of the log. */
  readonly lives: readonly Iterable<InspectedExchange>[]
}

const interfacesOfOne = 6
const typesMax = 8

/** A hospital in which nothing is wrong, and each interface of which has drawn how it does things. */
export function healthyHospital(wish: HospitalWish): HealthyHospital {
  const chance = createChance(wish.number, 'healthy')
  const from = mondayMorning + chance.whole(0, 6) * dayMs + chance.whole(0, 23) * hourMs
  const to = from + wish.weeks * weekMs
  const drawn = Array.from({ length: interfacesOfOne }, (_, n) => drawInterface(chance.fork(`interface ${n}`), n, wish))
  return {
    ...{ catalogue: aCatalogue(...drawn.map(({ iface }) => iface)), from, to },
    words: new Map(drawn.map(({ iface, words }) => [iface.id, words])),
    lives: drawn.map(({ ways }, n) => lifeOf(ways, chance.fork(`life ${n}`), from, to)),
  }
}

function drawInterface(chance: Chance, n: number, wish: HospitalWish): { iface: Interface; words: string; ways: Ways } {
  const wire = chance.pick(wires.filter(({ name }) => wish.only === null || wish.only.includes(name)))
  const pace = {
    shape: chance.pick(dayShapes),
    perHour: scaled(chance, wish.perHour),
    weekendFactor: chance.pick([0.15, 0.4, 0.8, 1]),
  }
  const cv2 = chance.pick([1, 1, 2, 4, 8])
  const refusedShare = scaled(chance, wish.refused)
  const refusals = chance.pick(refusalManners)(chance.fork('refusals'), refusedShare)
  const attempts = chance.pick(attemptManners)(chance.fork('attempts'))
  const [medianMs, sigma] = [scaled(chance, { low: 5, high: 400 }), chance.pick([0.2, 0.4, 0.6, 0.8])]
  const latencies = latencyChanges
    .filter(({ share }) => chance.happens(share))
    .reduce((of, { change }) => change(of, chance.fork(change.name)), logNormal(chance.fork('latencies'), medianMs, sigma))
  const [typeCount, senderCount, codeCount] = [
    chance.pick([1, 2, 4, typesMax]),
    chance.pick([1, 1, 3, 12]),
    chance.pick([30, 120, 800]),
  ]
  const interfaceId = `${wire.name}-${n}`
  const iface = anInterface(interfaceId, {
    ...{ protocol: wire.protocol, format: chance.pick(wire.formats) },
    ...{ from: `sender-${n}`, to: chance.pick(['lis', 'emr', 'pacs', 'cdr']) },
    // What is refused every day is known to who declares the objective.
    objectives: {
      successRate: Math.min(0.995, 1 - 1.2 * refusedShare),
      latencyP95Ms: Math.max(800, 12 * medianMs * Math.exp(sigma)),
    },
    expectedVolume: chance.happens(0.5) ? null : declared(chance, pace),
  })
  const ways = { ...{ interfaceId, wire, pace, cv2, refusals, attempts, latencies }, ...{ typeCount, senderCount, codeCount } }
  return { iface, ways, words: wordsOf(ways) }
}

/** What the catalogue says of volume: about right at every hour. */
function declared(chance: Chance, { shape, perHour, weekendFactor }: Ways['pace']): Interface['expectedVolume'] {
  return { perHour: shape.parts.map((part) => varied(chance, part * perHour, 0.15)), weekendFactor }
}

function wordsOf({ pace, cv2, refusals, attempts, latencies, typeCount, senderCount }: Ways): string {
  const { shape, perHour, weekendFactor } = pace
  return [
    `${perHour.toFixed(0)}/h ${shape.name}, weekend ${weekendFactor}, CV² ${cv2}`,
    `${refusals.words}, ${attempts.words}, ${latencies.words}, types ${typeCount}, senders ${senderCount}`,
  ].join(', ')
}
