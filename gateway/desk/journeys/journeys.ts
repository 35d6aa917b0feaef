import type { KeyKind } from '../../model/document.ts'
import type { Catalogue } from '../../model/interface.ts'
import type { JourneyPlan } from '../../model/journey.ts'
import type { ClockState } from '../../model/reading.ts'
import type { Instant } from '../../model/time.ts'
import type { StoredExchange } from '../../store/exchange-store.ts'
import type { Store } from '../../store/store.ts'
import { follow } from './follow.ts'
import { planFor, type StepNow, stepsOf } from './steps.ts'

/** One order, study, prescription or settlement on its way through the hospital. */
export interface Journey {
  readonly plan: JourneyPlan | null
  readonly steps: readonly StepNow[]
  /** In true order: the gateway's own times, which no system's wrong clock can change. */
  readonly exchanges: readonly StoredExchange[]
  /** Clocks of the systems on the way that are not in step, so that the times in their messages can be read right. */
  readonly clocks: readonly ClockState[]
}

export interface JourneyAnswerParts {
  /** What the key that was asked for is; empty when nothing carries it. */
  readonly kinds: readonly KeyKind[]
  readonly journeys: readonly Journey[]
  readonly crowdedKinds: readonly KeyKind[]
  readonly isCut: boolean
}

export interface Journeys {
  /** Everything that belongs to that identifier, or to that token of one (`KeyToken.token`); newest journey first. */
  of(key: string): Promise<JourneyAnswerParts>
}

/** Exchanges that carry the key itself and are begun from; the newest. A visit of weeks has more, and says so. */
const seedsMax = 200
const journeysMax = 50

export function createJourneys(parts: {
  readonly store: Store
  readonly catalogue: Catalogue
  readonly plans: readonly JourneyPlan[]
}): Journeys {
  const { store, catalogue, plans } = parts
  const systemsOf = new Map(catalogue.interfaces.map(({ id, from, to }) => [id, [from, to]]))
  const journeyOf = (exchanges: readonly StoredExchange[], clocks: readonly ClockState[], now: Instant): Journey => {
    const plan = planFor(exchanges, plans)
    const systems = new Set(exchanges.flatMap((e) => systemsOf.get(e.interfaceId) ?? []))
    return {
      plan,
      steps: plan === null ? [] : stepsOf(plan, exchanges, { catalogue, now }),
      exchanges,
      clocks: clocks.filter((c) => systems.has(c.systemId) && c.verdict !== 'in-step' && c.verdict !== 'unknown'),
    }
  }
  return {
    of: async (key) => {
      const isToken = /^k\d{1,3}\.[0-9a-f]{16}$/.test(key)
      const everywhere = { from: 0, to: Number.MAX_SAFE_INTEGER, limit: seedsMax + 1 }
      const found = isToken
        ? await store.exchangesByTokens([key], everywhere)
        : (await store.exchanges({ key, limit: seedsMax + 1 })).items
      const seeds = found.slice(0, seedsMax)
      if (seeds.length === 0) return { kinds: [], journeys: [], crowdedKinds: [], isCut: false }
      const tokens = new Set(isToken ? [key] : await store.tokensOf(key))
      const kinds = new Set(seeds.flatMap((e) => e.keys.filter((k) => tokens.has(k.token)).map((k) => k.kind)))
      const { groups, crowdedKinds, isCut } = await follow(seeds, (wanted, span) => store.exchangesByTokens(wanted, span))
      const { now } = await store.resume()
      const clocks = await store.clocks()
      const newest = groups.toSorted((a, b) => (b.at(-1)?.at ?? 0) - (a.at(-1)?.at ?? 0)).slice(0, journeysMax)
      return {
        kinds: [...kinds],
        journeys: newest.map((group) => journeyOf(group, clocks, now ?? group.at(-1)?.at ?? 0)),
        crowdedKinds,
        isCut: isCut || found.length > seeds.length || groups.length > journeysMax,
      }
    },
  }
}
