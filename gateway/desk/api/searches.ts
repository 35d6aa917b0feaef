import type { Clock } from '../../model/time.ts'
import type { SavedSearch, SearchStore } from '../../store/search-store.ts'
import { type Binding, bind } from './bind.ts'
import { routes } from './openapi.ts'
import type { Presenter } from './present.ts'
import { Refusal } from './problems.ts'

interface Parts {
  readonly store: SearchStore
  readonly clock: Clock
  readonly present: Presenter
}

const searchesMax = 50

/** The searches of whoever asks; nobody sees those of others. */
export function searchRoutes({ store, clock, present }: Parts): readonly Binding[] {
  const of = async (owner: string) => ({
    items: (await store.savedSearches(owner)).map(({ savedAt, ...search }) => ({ ...search, savedAt: present.iso(savedAt) })),
  })
  return [
    bind(routes.searches, ({ caller }) => of(caller.name)),
    bind(routes.saveSearch, async ({ body, caller }) => {
      const name = body.name.trim()
      if (name === '') throw new Refusal('INVALID_REQUEST', 'body.name is empty')
      const query: SavedSearch['query'] = { ...body.query }
      if (!(await store.saveSearch(caller.name, { name, query, savedAt: clock.now() }, searchesMax)))
        throw new Refusal('TOO_MANY_SEARCHES', `At most ${searchesMax} searches are kept.`)
      return of(caller.name)
    }),
    bind(routes.dropSearch, async ({ body, caller }) => {
      if (!(await store.dropSearch(caller.name, body.name))) throw new Refusal('NOT_FOUND', 'There is no such search.')
      return of(caller.name)
    }),
  ]
}
