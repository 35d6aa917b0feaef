import type { Catalogue } from '../../model/interface.ts'
import type { Clock } from '../../model/time.ts'
import type { Store } from '../../store/store.ts'
import type { Board } from '../board.ts'
import { type Binding, bind } from './bind.ts'
import { knownInterface } from './known-interface.ts'
import { routes } from './openapi.ts'
import type { Presenter } from './present.ts'
import { Refusal } from './problems.ts'
import { spanOf } from './span.ts'

const minuteMs = 60_000
const stepsMax = 2_000

interface Parts {
  readonly store: Store
  readonly catalogue: Catalogue
  readonly board: Board
  readonly clock: Clock
  readonly present: Presenter
}

/** Board, interfaces, series, violations and systems. */
export function interfaceRoutes({ store, catalogue, board, clock, present }: Parts): readonly Binding[] {
  return [
    bind(routes.overview, () => board.overview()),
    bind(routes.interfaces, async () => {
      const { at, items } = await board.interfaces()
      return { at: present.iso(at), items }
    }),
    bind(routes.interface, async ({ params }) => {
      const { id } = knownInterface(catalogue, params.id)
      const found = (await board.interfaces()).items.find((item) => item.id === id)
      if (found === undefined) throw new Error('the board lacks an interface of the catalogue')
      return found
    }),
    bind(routes.series, async ({ params, query }) => {
      const { id: interfaceId } = knownInterface(catalogue, params.id)
      const span = spanOf(query, clock.now())
      const stepMs = Math.max(Math.round((query.step ?? 60) / 60), 1) * minuteMs
      const from = Math.floor(span.from / minuteMs) * minuteMs
      const to = Math.ceil(span.to / minuteMs) * minuteMs
      if ((to - from) / stepMs > stepsMax) throw new Refusal('INVALID_REQUEST', `query has more than ${stepsMax} steps`)
      const points = await store.series({ interfaceId, from, to, stepMs })
      return {
        interfaceId,
        from: present.iso(from),
        to: present.iso(to),
        stepS: stepMs / 1000,
        points: points.map(({ fullyObserved: _, ...point }) => ({ ...point, at: present.iso(point.at) })),
      }
    }),
    bind(routes.violations, async ({ params, query }) => {
      const { id: interfaceId } = knownInterface(catalogue, params.id)
      const { from, to } = spanOf(query, clock.now())
      const items = await store.violationCounts(interfaceId, from, to)
      return {
        interfaceId,
        from: present.iso(from),
        to: present.iso(to),
        items: items.map((item) => ({ ...item, lastAt: present.iso(item.lastAt) })),
      }
    }),
    bind(routes.systems, async () => {
      const clocks = new Map((await store.clocks()).map((state) => [state.systemId, state]))
      return {
        items: catalogue.systems.map((system) => {
          const { systemId: _, ...state } = clocks.get(system.id) ?? unknownClock
          return {
            ...system,
            interfaceIds: catalogue.interfaces
              .filter(({ from, to }) => from === system.id || to === system.id)
              .map(({ id }) => id),
            clock: clocks.has(system.id)
              ? { ...state, changedAt: state.changedAt === null ? null : present.iso(state.changedAt) }
              : null,
          }
        }),
      }
    }),
  ]
}

const unknownClock = {
  systemId: '',
  offsetS: null,
  errorS: null,
  driftPpm: null,
  verdict: 'unknown',
  observations: 0,
  changedAt: null,
  offsetBeforeS: null,
} as const
