import type { Chance } from '../../fixtures/hospital/chance.ts'
import type { Millis } from '../../gateway/model/time.ts'

/** What a sender does with a message that was refused. */
export interface Attempts {
  readonly words: string
  /** How often it sends it again, with that pause. */
  again(): number
  readonly pauseMs: Millis
}

type Manner = (chance: Chance) => Attempts

/** It writes the refusal down, and somebody looks at it later. */
export const once: Manner = () => ({ words: 'sent once', again: () => 0, pauseMs: 0 })

/** An engine whose queue tries so often and then goes on; half of the refusals are of a kind that it knows to be final. */
export const upTo =
  (times: number): Manner =>
  (chance) => ({ words: `sent ${times} times more`, again: () => (chance.happens(0.5) ? times : 0), pauseMs: 10_000 })

export const attemptManners: readonly Manner[] = [once, once, upTo(3), upTo(10)]
