import type { Chance } from '../../fixtures/hospital/chance.ts'
import type { Instant, Millis } from '../../gateway/model/time.ts'
import { hourOfDay } from './arrivals.ts'
import { varied } from './chance.ts'

/** How long answers take. */
export interface Latencies {
  readonly words: string
  /** Of a message of that type (0 the most frequent). */
  next(at: Instant, type: number): Millis
}

type Change = (of: Latencies, chance: Chance) => Latencies

const minuteMs: Millis = 60_000

/** A server that is asked for larger and smaller things: it takes so long, by a factor more or less, and each type of message has a factor of its own. */
export function logNormal(chance: Chance, medianMs: Millis, sigma: number): Latencies {
  const factors = Array.from({ length: 16 }, () => varied(chance, 1, 0.5))
  return {
    words: `${medianMs.toFixed(0)} ms, sigma ${sigma}`,
    next: (_, type) => varied(chance, medianMs * (factors[type] ?? 1), sigma),
  }
}

/** Some answers take three to ten times as long: a checkpoint of the database, a page that isn't in memory. */
export const heavyTail: Change = (of, chance) => {
  const share = chance.pick([0.01, 0.02])
  return {
    words: `${of.words}, tail ${100 * share} %`,
    next: (at, type) => of.next(at, type) * (chance.happens(share) ? 3 + 7 * chance.next() : 1),
  }
}

/** For minutes everything takes somewhat longer: somebody runs a report. */
export const slowSpells: Change = (of, chance) => {
  let untilAt = 0
  let factor = 1
  return {
    words: `${of.words}, slow spells`,
    next(at, type) {
      if (at > untilAt && chance.happens(0.01)) {
        untilAt = at + varied(chance, 5 * minuteMs, 0.7)
        factor = Math.exp(Math.abs(chance.normal(0, 0.225)))
      }
      return of.next(at, type) * (at <= untilAt ? factor : 1)
    },
  }
}

/** From one to three at night a backup takes the disks. */
export const slowNights: Change = (of, chance) => {
  const factor = chance.pick([1.5, 2])
  const isNight = (at: Instant) => hourOfDay(at) > 1 && hourOfDay(at) < 3
  return {
    words: `${of.words}, ${factor} times at night`,
    next: (at, type) => of.next(at, type) * (isNight(at) ? factor : 1),
  }
}

/** Each with how often an interface has it. */
export const latencyChanges: readonly { readonly change: Change; readonly share: number }[] = [
  { change: heavyTail, share: 0.67 },
  { change: slowSpells, share: 0.25 },
  { change: slowNights, share: 0.5 },
]
