import type { ForwardingHealth } from './witness.ts'

interface Counts {
  readonly [reason: string]: number
}

export function addCounts(first: Counts, second: Counts): Counts {
  const sum: { [reason: string]: number } = { ...first }
  for (const [reason, count] of Object.entries(second)) sum[reason] = (sum[reason] ?? 0) + count
  return sum
}

/** What two seconds in a row say, said at once: counts add up, the worst lag stays, and what is so now is as the later one says. */
export function addHealth(earlier: ForwardingHealth, later: ForwardingHealth): ForwardingHealth {
  return {
    ...later,
    health: {
      ...later.health,
      loopLagMsMax: Math.max(earlier.health.loopLagMsMax, later.health.loopLagMsMax),
      forwardedBytes: earlier.health.forwardedBytes + later.health.forwardedBytes,
      dropped: addCounts(earlier.health.dropped, later.health.dropped),
    },
  }
}
