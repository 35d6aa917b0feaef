import type { Coverage } from '../model/exchange.ts'
import type { Instant, Millis } from '../model/time.ts'

/** How much is observed: `none` is a plain splice. */
export type Level = Coverage | 'none'

/** The ladder of shedding, first step first, each with the pressure from which it holds. */
const ladder = [
  { level: 'full', from: 0 },
  { level: 'sampled', from: 0.5 },
  { level: 'headers', from: 0.7 },
  { level: 'counters', from: 0.85 },
  { level: 'none', from: 0.95 },
] as const satisfies readonly { readonly level: Level; readonly from: number }[]

/** All levels, full first. */
export const levels: readonly Level[] = ladder.map(({ level }) => level)

/** Before more is observed again, the pressure must have been below a step for so long. */
const calmMs: Millis = 5_000

/** Which step of the ladder holds: up at once with the pressure, down one step at a time when it has been calm. */
export class Shedding {
  #step = 0
  #calmSinceAt: Instant | null = null

  get level(): Level {
    return ladder[this.#step]?.level ?? 'none'
  }

  /** `pressure` is the fullest of the edge's limits, 0..1. Returns the level that holds now. */
  assess(pressure: number, at: Instant): Level {
    const wanted = ladder.findLastIndex(({ from }) => pressure >= from)
    if (wanted >= this.#step) {
      this.#step = wanted
      this.#calmSinceAt = null
      return this.level
    }
    this.#calmSinceAt ??= at
    // A clock that was set back must not keep the ladder up.
    if (at - this.#calmSinceAt >= calmMs || at < this.#calmSinceAt) {
      this.#step -= 1
      this.#calmSinceAt = null
    }
    return this.level
  }
}
