import type { Chance } from '../../fixtures/hospital/chance.ts'
import type { ConnectionStory } from '../../gateway/model/exchange.ts'
import type { Instant, Millis } from '../../gateway/model/time.ts'

/** Senders close what was idle for so long, and now and then for reasons of their own. */
const idleMsMax: Millis = 600_000
const closedShare = 0.01

const connectMs: Millis = 3

/** One connection after the other, each kept for as long as its sender likes; asked for a request whose first byte passes at `at`. */
export function connectionsOf(chance: Chance, interfaceId: string, from: Instant): (at: Instant) => Partial<ConnectionStory> {
  let number = 0
  let exchangesBefore = 0
  let openedAt = from
  let lastAt = from
  return (at) => {
    const idleBeforeMs = at - lastAt
    lastAt = at
    const isNew = number === 0 || idleBeforeMs > idleMsMax || chance.happens(closedShare)
    if (isNew) {
      number += 1
      exchangesBefore = 0
      openedAt = at - connectMs
    } else exchangesBefore += 1
    return { id: `${interfaceId}-k${number}`, openedAt, exchangesBefore, idleBeforeMs: isNew ? null : idleBeforeMs }
  }
}
