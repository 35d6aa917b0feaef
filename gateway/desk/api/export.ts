import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Clock } from '../../model/time.ts'
import type { ExchangeQuery } from '../../store/exchange-store.ts'
import type { Store } from '../../store/store.ts'
import { type Binding, bind } from './bind.ts'
import { csvHead, csvRow } from './exchange-rows.ts'
import { exchangeQueryOf } from './exchanges.ts'
import { FileAnswer } from './file-answer.ts'
import { routes } from './openapi.ts'
import type { Presenter } from './present.ts'
import type { ExchangeAnswer } from './shapes.ts'

interface Parts {
  readonly store: Store
  readonly clock: Clock
  readonly present: Presenter
}

export const exportRowsMax = 10_000
const pageRows = 500

/**
 * What a list of exchanges shows, as a file: at most 10,000 rows, newest first, read a page at a time so that the desk answers others
 * meanwhile. A file that was cut says so in its name.
 */
export function exportRoutes({ store, clock, present }: Parts): readonly Binding[] {
  return [
    bind(routes.exportExchanges, async ({ query, caller }) => {
      const { format = 'csv', ...asked } = query
      const at = clock.now()
      // First the audit: when it can't be written, nothing leaves the house. Of what was searched for only that it was.
      const told = Object.entries(asked).map(([name, value]) => (name === 'key' || name === 'q' ? name : `${name}=${value}`))
      const subject = ['exchanges', format, ...told].join(' ').slice(0, 500)
      await store.appendAudit({ at, by: caller.name, role: caller.role, action: 'exchanges export', subject, reason: null })
      const found = await rows(store, exchangeQueryOf(asked))
      const shown = found.items.map(present.exchange)
      const name = `exchanges-${present.iso(at).slice(0, 19).replaceAll(':', '')}${found.isCut ? `-first-${exportRowsMax}` : ''}`
      if (format === 'csv') return new FileAnswer(`${name}.csv`, 'text/csv; charset=utf-8', Buffer.from(csvText(shown)))
      const document = { madeAt: present.iso(at), isCut: found.isCut, items: shown }
      return new FileAnswer(`${name}.json`, 'application/json; charset=utf-8', Buffer.from(JSON.stringify(document)))
    }),
  ]
}

async function rows(store: Store, query: Omit<ExchangeQuery, 'limit' | 'cursor'>) {
  const items: Awaited<ReturnType<Store['exchanges']>>['items'][number][] = []
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<Store['exchanges']>> = await store.exchanges({
      ...query,
      ...(cursor === null ? {} : { cursor }),
      limit: Math.min(pageRows, exportRowsMax - items.length),
    })
    items.push(...page.items)
    cursor = page.nextCursor
    await nextTurn()
  } while (cursor !== null && items.length < exportRowsMax)
  return { items, isCut: cursor !== null }
}

function csvText(exchanges: readonly ExchangeAnswer[]): string {
  return csvHead + exchanges.map(csvRow).join('')
}
