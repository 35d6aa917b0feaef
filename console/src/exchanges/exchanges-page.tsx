import { Button } from 'antd'
import { type ReactNode, useMemo, useState } from 'react'
import { type ExchangeAnswer, shapes } from '../../../gateway/desk/api/shapes.ts'
import { useAnswer } from '../api/answer.ts'
import { ApiProblem, read } from '../api/client.ts'
import { useNames } from '../parts/catalogue.ts'
import { Empty, Loading, ProblemNote } from '../parts/notes.tsx'
import { useRoute } from '../route.tsx'
import { useLanguage } from '../words/language.tsx'
import { ExchangeTable } from './exchange-table.tsx'
import { exchangesPath, filterOf, isFiltered } from './query.ts'
import { SearchBar } from './search-bar.tsx'

const pageSize = 50
const moving = ['interfaces'] as const
const still = [] as const

/** One search box for any identifier, filters, and the list: all of it in the address. */
export default function ExchangesPage(): ReactNode {
  const { words } = useLanguage()
  const { query } = useRoute()
  const names = useNames()
  const overview = useAnswer('/overview', shapes.Overview)
  const filter = filterOf(query)
  const address = query.toString()
  const now = overview.answer?.at ?? null
  const path = useMemo(
    () => (now === null ? null : exchangesPath(filterOf(new URLSearchParams(address)), now, { limit: pageSize })),
    [address, now],
  )
  return (
    <>
      <h1 className="unseen">{words.exchanges.title}</h1>
      <SearchBar filter={filter} interfaces={names.interfaces} now={now} />
      {overview.problem !== null && <ProblemNote problem={overview.problem} onRetry={overview.reload} />}
      {path === null ? (
        <Loading />
      ) : (
        <List key={path} path={path} hasFilter={isFiltered(filter)} hasKey={filter.q !== ''} today={now} nameOf={names.iface} />
      )}
    </>
  )
}

function List({
  path,
  hasFilter,
  hasKey,
  today,
  nameOf,
}: {
  readonly path: string
  readonly hasFilter: boolean
  readonly hasKey: boolean
  readonly today: string | null
  readonly nameOf: (id: string) => string
}): ReactNode {
  const { words } = useLanguage()
  // Rows don't move under the hand: while somebody points into the list, it holds still.
  const [isHeld, setHeld] = useState(false)
  const older = useOlder(path)
  // And once older pages hang on it: what slid off a newer first page would be missing in between.
  const first = useAnswer(path, shapes.ExchangeList, isHeld || older.hasBegun ? still : moving)
  if (first.answer === null)
    return first.problem === null ? <Loading /> : <ProblemNote problem={first.problem} onRetry={first.reload} />
  const items = [...first.answer.items, ...older.items]
  const cursor = older.hasBegun ? older.nextCursor : first.answer.nextCursor
  if (items.length === 0) return <Empty>{hasKey ? words.exchanges.emptyKey : words.exchanges.empty}</Empty>
  return (
    <>
      {first.problem !== null && <ProblemNote problem={first.problem} onRetry={first.reload} />}
      <div
        onPointerEnter={() => setHeld(true)}
        onPointerLeave={() => setHeld(false)}
        onFocus={() => setHeld(true)}
        onBlur={() => setHeld(false)}
      >
      <ExchangeTable items={items} today={today} nameOf={nameOf} hint={hasFilter ? null : words.exchanges.rowHint} />
      </div>
      {older.problem !== null && <ProblemNote problem={older.problem} />}
      {cursor !== null && (
        <p className="list-more">
          <Button onClick={() => older.load(cursor)} loading={older.isLoading}>
            {words.common.more}
          </Button>
        </p>
      )}
    </>
  )
}

interface Older {
  readonly items: readonly ExchangeAnswer[]
  readonly nextCursor: string | null
  readonly hasBegun: boolean
  readonly isLoading: boolean
  readonly problem: ApiProblem | null
}

function useOlder(path: string): Older & { load(cursor: string): void } {
  const [older, setOlder] = useState<Older>({ items: [], nextCursor: null, hasBegun: false, isLoading: false, problem: null })
  const load = (cursor: string) => {
    setOlder((before) => ({ ...before, isLoading: true, problem: null }))
    read(`${path}&cursor=${encodeURIComponent(cursor)}`, shapes.ExchangeList).then(
      (page) =>
        setOlder((before) => ({
          items: [...before.items, ...page.items],
          nextCursor: page.nextCursor,
          hasBegun: true,
          isLoading: false,
          problem: null,
        })),
      (error: unknown) => {
        if (!(error instanceof ApiProblem)) throw error
        setOlder((before) => ({ ...before, isLoading: false, problem: error }))
      },
    )
  }
  return { ...older, load }
}
