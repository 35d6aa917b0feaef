import { Segmented, Select } from 'antd'
import { type ReactNode, useState } from 'react'
import { type Overview, shapes, type TicketList as TicketListAnswer } from '../../../gateway/desk/api/shapes.ts'
import { causeEntries } from '../../../gateway/incidents/catalogue.ts'
import { useAnswer } from '../api/answer.ts'
import { withQuery } from '../api/client.ts'
import { type Names, useNames } from '../parts/catalogue.ts'
import { More } from '../parts/more.tsx'
import { Empty, Loading, ProblemNote } from '../parts/notes.tsx'
import { Link, useRoute } from '../route.tsx'
import { useLanguage } from '../words/language.tsx'
import { DutyQueue } from './duty-queue.tsx'
import { TicketList } from './ticket-list.tsx'

const states = ['active', 'open', 'assigned', 'resolved', 'closed', 'all'] as const
const pageSize = 50

/** The queue by what falls due, or by state, narrowed by interface and cause; all of it in the address. */
export default function TicketsPage(): ReactNode {
  const { words } = useLanguage()
  const { query, change } = useRoute()
  const names = useNames()
  const overview = useAnswer('/overview', shapes.Overview, ['tickets']).answer
  const isByDeadline = query.get('by') === 'deadline'
  return (
    <>
      <h1 className="unseen">{words.tickets.title}</h1>
      <Segmented
        className="tickets-by"
        value={isByDeadline ? 'deadline' : 'state'}
        options={[
          { value: 'state', label: words.tickets.byState },
          { value: 'deadline', label: words.tickets.byDeadline },
        ]}
        onChange={(value) => change({ by: value === 'deadline' ? value : null }, 'push')}
      />
      {isByDeadline ? (
        <DutyQueue names={names} now={overview?.at ?? null} />
      ) : (
        <TicketsByState names={names} overview={overview} />
      )}
    </>
  )
}

function TicketsByState({ names, overview }: { readonly names: Names; readonly overview: Overview | null }): ReactNode {
  const { words, pick } = useLanguage()
  const { query, change } = useRoute()
  const state = states.find((s) => s === query.get('state')) ?? 'active'
  const iface = query.get('interface') ?? ''
  const cause = query.get('cause') ?? ''
  const [limit, setLimit] = useState(pageSize)
  const path = withQuery('/tickets', { state: state === 'all' ? null : state, interface: iface, cause, limit })
  const asked = useAnswer(path, shapes.TicketList, ['tickets'])
  const counts =
    overview === null
      ? null
      : {
          open: overview.tickets.open,
          assigned: overview.tickets.assigned,
          active: overview.tickets.open + overview.tickets.assigned,
        }
  return (
    <>
      <div className="tickets-head">
        <nav className="states" aria-label={words.tickets.byState}>
          {states.map((key) => (
            <Link
              key={key}
              to={withQuery('/tickets', { state: key === 'active' ? null : key, interface: iface, cause })}
              aria-current={key === state ? 'page' : undefined}
            >
              {words.tickets.states[key]}
              {counts !== null && (key === 'open' || key === 'assigned' || key === 'active') && ` ${counts[key]}`}
            </Link>
          ))}
        </nav>
        <div className="filters">
          <Select
            className="filter-iface"
            aria-label={words.tickets.filterIface}
            placeholder={words.tickets.filterIface}
            value={iface === '' ? null : iface}
            allowClear
            showSearch={{ optionFilterProp: 'label' }}
            popupMatchSelectWidth={false}
            options={names.interfaces.map(({ id, name }) => ({ value: id, label: pick(name) }))}
            onChange={(id: string | undefined) => change({ interface: id ?? null }, 'push')}
          />
          <Select
            className="filter-iface"
            aria-label={words.tickets.filterCause}
            placeholder={words.tickets.filterCause}
            value={cause === '' ? null : cause}
            allowClear
            showSearch={{ optionFilterProp: 'label' }}
            popupMatchSelectWidth={false}
            options={causeEntries.map(({ id, name }) => ({ value: id, label: pick(name) }))}
            onChange={(id: string | undefined) => change({ cause: id ?? null }, 'push')}
          />
        </div>
      </div>
      {asked.problem !== null && <ProblemNote problem={asked.problem} onRetry={asked.reload} />}
      {asked.answer === null ? (
        asked.problem === null && <Loading />
      ) : asked.answer.items.length === 0 ? (
        <Empty>{state === 'active' ? words.tickets.emptyActive : words.tickets.empty}</Empty>
      ) : (
        <TicketList items={inOrder(asked.answer, state)} now={overview?.at ?? null} names={names} />
      )}
      <More asked={asked} limit={limit} next={limit + 2 * pageSize} onLimit={setLimit} />
    </>
  )
}

/**
 * The gravest first among those that somebody has to work on, when the whole queue is here; otherwise as the API gives them, the newest
 * first, since a page of a longer list can't be sorted.
 */
function inOrder({ items, nextCursor }: TicketListAnswer, state: (typeof states)[number]): TicketListAnswer['items'] {
  const isQueue = state === 'active' || state === 'open' || state === 'assigned'
  return isQueue && nextCursor === null ? items.toSorted((a, b) => a.severity.localeCompare(b.severity)) : items
}
