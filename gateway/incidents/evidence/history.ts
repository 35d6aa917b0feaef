import type { Json } from '../../model/json.ts'
import { listOf, numberOf, recordOf } from '../../model/saved.ts'
import type { Instant } from '../../model/time.ts'
import { Counter } from './tally.ts'

/** One stretch of traffic. `level` n holds about 2^n of the smallest stretches. */
interface Stretch {
  readonly startAt: Instant
  endAt: Instant
  level: number
  /** True or false: all of it was; null: both. */
  isSound: boolean | null
  readonly tally: Counter
}

/** The tallies of one interface before and since an onset, oldest first; to be summed while they stand as they are. */
export interface Split {
  readonly since: readonly Counter[]
  readonly before: readonly Counter[]
}

/** The smallest stretch ends after this time or this many exchanges, or when sound traffic turns bad or back. */
const stretchMsMax = 1000
const stretchExchangesMax = 8
/** Stretches of one level before the two oldest become one of the next. */
const perLevel = 3
/** Below this level good and bad stretches are not merged, so that the onset of a young fault stays sharp. */
const pureLevelMax = 9
const ageMsMax = 48 * 3_600_000

/**
 * The tallies of one interface, fine for the last seconds and coarse for yesterday: an exponential histogram (Datar, Gionis,
 * Indyk, Motwani 2002). At most about 60 stretches for 48 hours at any rate. So an onset that a monitor estimates afterwards
 * still splits the traffic in before and since.
 */
export class TallyHistory {
  #stretches: Stretch[] = []
  #openExchanges = 0
  #openSound: boolean | null = null

  /** The tally to write this moment's exchange into. */
  at(now: Instant, isSound: boolean): Counter {
    const open = this.#stretches.at(-1)
    const isFull =
      open === undefined ||
      this.#openSound === null ||
      now - open.startAt > stretchMsMax ||
      this.#openExchanges >= stretchExchangesMax ||
      this.#openSound !== isSound
    if (!isFull) {
      this.#openExchanges += 1
      open.endAt = now
      return open.tally
    }
    if (open !== undefined) this.#condense(now)
    const fresh: Stretch = { startAt: now, endAt: now, level: 0, isSound, tally: new Counter() }
    this.#stretches.push(fresh)
    this.#openExchanges = 1
    this.#openSound = isSound
    return fresh.tally
  }

  /**
   * The tallies of the traffic from `onsetAt` on, and of what came before it. A stretch over the onset goes where its kind belongs: sound traffic
   * came before, bad since. A blend of both belongs to neither, unless nothing else came since.
   */
  split(onsetAt: Instant): Split {
    const since: Counter[] = []
    const before: Counter[] = []
    let over: Counter | null = null
    for (const stretch of this.#stretches) {
      const isOver = stretch.startAt < onsetAt && stretch.endAt >= onsetAt
      if (isOver && stretch.isSound !== false) over = stretch.tally
      if (stretch.endAt < onsetAt || (isOver && stretch.isSound === true)) before.push(stretch.tally)
      if (stretch.startAt >= onsetAt || (isOver && stretch.isSound === false)) since.push(stretch.tally)
    }
    if (since.length === 0 && over !== null) since.push(over)
    return { since, before }
  }

  save(): Json {
    return {
      open: this.#openExchanges,
      sound: this.#openSound,
      parts: this.#stretches.map((s) => [s.startAt, s.endAt, s.level, s.isSound, s.tally.save()]),
    }
  }

  load(saved: Json | undefined): void {
    const state = recordOf(saved)
    this.#openExchanges = numberOf(state.open)
    this.#openSound = typeof state.sound === 'boolean' ? state.sound : null
    this.#stretches = listOf(state.parts).map((part) => {
      const [startAt, endAt, level, isSound, tally] = listOf(part)
      const counter = new Counter()
      counter.load(tally)
      return {
        startAt: numberOf(startAt),
        endAt: numberOf(endAt),
        level: numberOf(level),
        isSound: typeof isSound === 'boolean' ? isSound : null,
        tally: counter,
      }
    })
  }

  /** Levels never rise towards now, so the stretches of one level stand side by side: the smallest at the end. */
  #condense(now: Instant): void {
    const stretches = this.#stretches
    let end = stretches.length
    for (let level = 0; ; level += 1) {
      let first = end
      while (first > 0 && stretches[first - 1]?.level === level) first -= 1
      const older = stretches[first]
      const younger = stretches[first + 1]
      if (end - first <= perLevel || older === undefined || younger === undefined) break
      // It is one of the next level now, whether or not it takes in the younger one.
      end = first + 1
      older.level += 1
      if (older.isSound !== younger.isSound) {
        if (level < pureLevelMax) continue
        older.isSound = null
      }
      older.tally.merge(younger.tally)
      older.endAt = younger.endAt
      stretches.splice(end, 1)
    }
    while (this.#stretches.length > 0 && now - (this.#stretches[0]?.endAt ?? now) > ageMsMax) this.#stretches.shift()
  }
}
