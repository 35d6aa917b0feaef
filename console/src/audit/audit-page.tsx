import { Button, Input, Select } from 'antd'
import { type ReactNode, useState } from 'react'
import type { Of } from '../../../gateway/desk/api/schema.ts'
import { shapes } from '../../../gateway/desk/api/shapes.ts'
import { useAnswer } from '../api/answer.ts'
import { withQuery } from '../api/client.ts'
import { limitMax, More } from '../parts/more.tsx'
import { Empty, Loading, ProblemNote } from '../parts/notes.tsx'
import { Panel } from '../parts/panel.tsx'
import { dayTime, shifted, zoneOf } from '../parts/time.ts'
import { useRoute } from '../route.tsx'
import { useLanguage } from '../words/language.tsx'
import { ChainPanel } from './chain-panel.tsx'

type AuditRow = Of<typeof shapes.AuditList>['items'][number]

const pageSize = 100
const outcomes = ['done', 'refused'] as const

/** Whether the chain is whole, and who did what; the filters are the address. */
export default function AuditPage(): ReactNode {
  const { words } = useLanguage()
  const { query } = useRoute()
  const [limit, setLimit] = useState(pageSize)
  const zone = useAnswer('/overview', shapes.Overview).answer?.at ?? null
  const filter = {
    by: query.get('by'),
    action: query.get('action'),
    outcome: outcomes.find((one) => one === query.get('outcome')) ?? null,
    from: dayOf(query.get('from'), 0, zone),
    to: dayOf(query.get('to'), 1, zone),
  }
  // Reading it is written to it: nothing is asked for until it is known which day is meant.
  const path = zone === null ? null : withQuery('/audit', { ...filter, limit })
  const asked = useAnswer(path, shapes.AuditList)
  const { answer, problem, reload } = asked
  return (
    <>
      <h1 className="unseen">{words.audit.title}</h1>
      <ChainPanel />
      <Panel
        title={words.audit.records}
        className="panel-table"
        end={
          <Button
            size="small"
            href={`/api/v1${withQuery('/audit', { ...filter, limit: limitMax, format: 'atna' })}`}
            download="audit.xml"
          >
            {words.audit.atna}
          </Button>
        }
      >
        <Filters />
        {problem !== null && <ProblemNote problem={problem} onRetry={reload} />}
        {answer === null ? (
          problem === null && <Loading />
        ) : answer.items.length === 0 ? (
          <Empty>{words.audit.empty}</Empty>
        ) : (
          <Records items={answer.items} />
        )}
        <More asked={asked} limit={limit} next={limit + 2 * pageSize} onLimit={setLimit} />
      </Panel>
    </>
  )
}

function Filters(): ReactNode {
  const { words } = useLanguage()
  const { query, change } = useRoute()
  const { audit } = words
  return (
    <div className="filters audit-filters">
      <Input
        className="audit-by"
        aria-label={audit.by}
        placeholder={audit.by}
        defaultValue={query.get('by') ?? ''}
        key={query.get('by') ?? ''}
        allowClear
        maxLength={200}
        onPressEnter={(event) => change({ by: event.currentTarget.value.trim() }, 'push')}
        onBlur={(event) => {
          if (event.target.value.trim() !== (query.get('by') ?? '')) change({ by: event.target.value.trim() }, 'push')
        }}
        onClear={() => change({ by: null }, 'push')}
      />
      <Select
        className="filter-iface"
        aria-label={audit.action}
        placeholder={audit.allActions}
        value={query.get('action')}
        allowClear
        popupMatchSelectWidth={false}
        options={Object.entries(audit.actions).map(([value, label]) => ({ value, label }))}
        onChange={(value: string | undefined) => change({ action: value ?? null }, 'push')}
      />
      <Select
        className="audit-outcome"
        aria-label={audit.outcome}
        placeholder={audit.allOutcomes}
        value={query.get('outcome')}
        allowClear
        options={outcomes.map((value) => ({ value, label: audit.outcomes[value] }))}
        onChange={(value: string | undefined) => change({ outcome: value ?? null }, 'push')}
      />
      {(['from', 'to'] as const).map((end) => (
        <label key={end} className="audit-day">
          <span className="quiet">{audit[end]}</span>
          <input type="date" value={query.get(end) ?? ''} onChange={(event) => change({ [end]: event.target.value }, 'push')} />
        </label>
      ))}
    </div>
  )
}

function Records({ items }: { readonly items: readonly AuditRow[] }): ReactNode {
  const { words } = useLanguage()
  const { audit } = words
  return (
    <table className="table audit-table">
      <thead>
        <tr>
          <th scope="col" className="number">
            #
          </th>
          <th scope="col">{words.common.at}</th>
          <th scope="col">{audit.by}</th>
          <th scope="col">{audit.action}</th>
          <th scope="col">{audit.subject}</th>
          <th scope="col">{audit.reason}</th>
          <th scope="col">{audit.address}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((row) => (
          <tr key={row.number}>
            <td className="number quiet">{row.number}</td>
            <td className="figures">{dayTime(row.at, null)}</td>
            <th scope="row">
              {row.by === 'nobody known' ? audit.nobody : row.by}
              <span className="row-sub">{roleText(row.role, { ...words.roles, ...audit.roles })}</span>
            </th>
            <td>
              {actionText(row.action, audit.actions)}
              {row.outcome === 'refused' && <span className="badge badge-bad">{audit.outcomes.refused}</span>}
            </td>
            <td className="audit-subject">
              <code>{row.subject}</code>
            </td>
            <td>{row.reason ?? <span className="quiet">{words.common.notKnown}</span>}</td>
            <td className="figures quiet">{row.address ?? words.common.notKnown}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function roleText(role: string, roles: { readonly [role: string]: string }): string {
  return roles[role] ?? role
}

/** The kind of action in the reader's language, with what it was in the API's own words. */
function actionText(action: string, kinds: { readonly [beginning: string]: string }): ReactNode {
  const beginning = Object.keys(kinds).find((one) => action.startsWith(one))
  if (beginning === undefined) return <code>{action}</code>
  const rest = action.slice(beginning.length).trim()
  return (
    <>
      {kinds[beginning]} {rest !== '' && <code className="quiet">{rest}</code>}
    </>
  )
}

/** Midnight of a day, or of the day after, in the hospital's zone, which any time of the server carries. */
function dayOf(day: string | null, plus: 0 | 1, like: string | null): string | null {
  if (day === null || like === null || !/^\d{4}-\d{2}-\d{2}$/.test(day)) return null
  return shifted(`${day}T00:00:00.000${zoneOf(like)}`, plus * 86_400_000)
}
