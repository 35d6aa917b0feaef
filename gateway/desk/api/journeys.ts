import type { Journey, Journeys } from '../journeys/journeys.ts'
import { type Binding, bind } from './bind.ts'
import { routes } from './openapi.ts'
import type { Presenter } from './present.ts'
import type { JourneyAnswer } from './shapes.ts'

/** One order across all its interfaces. */
export function journeyRoutes({ journeys, present }: { journeys: Journeys; present: Presenter }): readonly Binding[] {
  return [
    bind(routes.journeys, async ({ query }) => {
      const { kinds, journeys: found, crowdedKinds, isCut } = await journeys.of(query.key)
      return { kinds, items: found.map((journey) => answerOf(journey, present)), crowdedKinds, isCut }
    }),
  ]
}

function answerOf({ plan, steps, exchanges, clocks }: Journey, present: Presenter): JourneyAnswer {
  const isoOrNull = (at: number | null) => (at === null ? null : present.iso(at))
  return {
    id: plan?.id ?? null,
    name: plan?.name ?? null,
    from: present.iso(exchanges[0]?.at ?? 0),
    to: present.iso(exchanges.at(-1)?.at ?? 0),
    steps: steps.map((step) => ({ ...step, at: isoOrNull(step.at), dueAt: isoOrNull(step.dueAt) })),
    exchanges: exchanges.map(present.exchange),
    clocks: clocks.map(({ systemId, offsetS, errorS, verdict }) => ({ systemId, offsetS, errorS, verdict })),
  }
}
