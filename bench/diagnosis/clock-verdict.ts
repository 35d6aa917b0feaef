import type { Scenario } from '../../fixtures/scenarios/scenario.ts'
import { healthyOffsetMs } from '../../fixtures/scenarios/stage.ts'
import type { Played } from './play.ts'

/** What the clock monitor made of one clock. */
export interface ClockAnswer {
  readonly measures: 'zone' | 'offset' | 'drift'
  /** Whether the monitor said what is the case: the zone's class, an offset within a second, a drift. */
  readonly isRight: boolean
  readonly afterMessages: number | null
  readonly afterMs: number | null
  /** Of offsets: by how much it was wrong, seconds. */
  readonly errorS: number | null
}

const zoneMessagesMax = 3
const driftMsMax = 24 * 3_600_000

export function judgeClock(scenario: Scenario, measures: ClockAnswer['measures'], played: Played): ClockAnswer {
  const [label] = scenario.labels
  const systemId = label?.loci.find(({ kind }) => kind === 'system')?.id ?? ''
  const own = played.clockWords.filter((word) => word.systemId === systemId)
  const word =
    own.find(({ signal }) => signal.includes(measures === 'zone' ? 'zone' : measures === 'drift' ? 'drift' : 'offset')) ?? null
  const afterMessages =
    word === null ? null : (label?.interfaceIds ?? []).reduce((n, id) => n + (word.sighting.exchanges.get(id) ?? 0), 0)
  const afterMs = word === null ? null : word.sighting.at - (label?.from ?? 0)
  const errorS = measures === 'offset' ? offsetError(scenario, systemId, played) : null
  const isRight =
    measures === 'zone'
      ? afterMessages !== null && afterMessages <= zoneMessagesMax
      : measures === 'drift'
        ? afterMs !== null && afterMs <= driftMsMax
        : errorS !== null && errorS <= 1
  return { measures, isRight, afterMessages, afterMs, errorS }
}

/** The truth is what the scenario's own clock is off by; null: the monitor knows nothing. */
function offsetError(scenario: Scenario, systemId: string, played: Played): number | null {
  const state = played.clocks.find((clock) => clock.systemId === systemId)
  if (!state || state.offsetS === null) return null
  return Math.abs(state.offsetS - (healthyOffsetMs(scenario.seed, systemId) + (scenario.offsetMs ?? 0)) / 1000)
}
