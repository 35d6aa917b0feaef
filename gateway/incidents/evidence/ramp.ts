import type { Json } from '../../model/json.ts'
import { listOf, numberOf, numberOrNullOf } from '../../model/saved.ts'

/** A delay (arrival minus stamp) that has been moving in one direction, message by message. */
export interface RampView {
  readonly fromS: number
  readonly toS: number
}

/** Messages in a row, growth, and how much of it a single message may bring: beyond that it is a step, not a ramp. */
const countMin = 8
const growthMinS = 10
const jumpShareMax = 0.25

/** Follows the delay of one interface's messages in one direction. A stamp's resolution is no movement. */
export class Ramp {
  readonly #sign: 1 | -1
  #lastS: number | null = null
  #fromS = 0
  #jumpS = 0
  #count = 0

  constructor(direction: 'up' | 'down') {
    this.#sign = direction === 'up' ? 1 : -1
  }

  note(delayS: number, slackS: number): void {
    const moved = this.#lastS === null ? 0 : this.#sign * (delayS - this.#lastS)
    this.#lastS = delayS
    if (this.#count === 0 || moved < -slackS) {
      this.#fromS = delayS
      this.#jumpS = 0
      this.#count = 1
      return
    }
    this.#count += 1
    this.#jumpS = Math.max(this.#jumpS, moved)
  }

  /** The ramp as it stands; null when it is none: too short, too flat, or a step. */
  view(): RampView | null {
    if (this.#lastS === null || this.#count < countMin) return null
    const growthS = this.#sign * (this.#lastS - this.#fromS)
    if (growthS < growthMinS || this.#jumpS > growthS * jumpShareMax) return null
    return { fromS: this.#fromS, toS: this.#lastS }
  }

  save(): Json {
    return [this.#lastS, this.#fromS, this.#jumpS, this.#count]
  }

  load(saved: Json | undefined): void {
    const [lastS, fromS, jumpS, count] = listOf(saved)
    this.#lastS = numberOrNullOf(lastS)
    this.#fromS = numberOf(fromS)
    this.#jumpS = numberOf(jumpS)
    this.#count = numberOf(count)
  }
}
