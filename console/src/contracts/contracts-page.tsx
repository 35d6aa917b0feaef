import type { ReactNode } from 'react'
import { shapes } from '../../../gateway/desk/api/shapes.ts'
import { useAnswer } from '../api/answer.ts'
import { useNames } from '../parts/catalogue.ts'
import { Empty, Loading, ProblemNote } from '../parts/notes.tsx'
import { countText } from '../parts/number.ts'
import { Sparkline } from '../parts/sparkline.tsx'
import { dayTime } from '../parts/time.ts'
import { Link, useRoute } from '../route.tsx'
import { useLanguage } from '../words/language.tsx'
import { type ContractItem, ContractStateMark } from './contract-marks.tsx'

const order = { drifting: 0, violated: 1, kept: 2, unseen: 3 } as const

/** Every contract that is in use, what ails first. */
export default function ContractsPage(): ReactNode {
  const { words } = useLanguage()
  const names = useNames()
  const asked = useAnswer('/contracts', shapes.ContractList, ['interfaces'])
  if (asked.answer === null)
    return asked.problem === null ? <Loading /> : <ProblemNote problem={asked.problem} onRetry={asked.reload} />
  const { at } = asked.answer
  const items = asked.answer.items.toSorted((a, b) => order[a.state] - order[b.state])
  return (
    <>
      <header className="page-head">
        <h1>{words.contracts.title}</h1>
        <p className="quiet">{words.contracts.lead}</p>
      </header>
      {items.length === 0 ? (
        <Empty>{words.contracts.empty}</Empty>
      ) : (
        <section className="panel panel-table">
          <table className="table contracts-table">
            <thead>
              <tr>
                <th scope="col">{words.contracts.state}</th>
                <th scope="col">{words.contracts.contract}</th>
                <th scope="col" className="wide-only">
                  {words.contracts.interfaces}
                </th>
                <th scope="col">{words.contracts.week}</th>
                <th scope="col" className="number">
                  {words.contracts.drifts}
                </th>
                <th scope="col" className="wide-only">
                  {words.contracts.version}
                </th>
                <th scope="col" className="wide-only">
                  {words.contracts.since}
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map((item) => (
                <Row key={item.id} item={item} at={at} nameOf={names.iface} />
              ))}
            </tbody>
          </table>
        </section>
      )}
    </>
  )
}

function Row({
  item,
  at,
  nameOf,
}: {
  readonly item: ContractItem
  readonly at: string
  readonly nameOf: (id: string) => string
}): ReactNode {
  const { words, pick } = useLanguage()
  const { go } = useRoute()
  const to = `/contracts/${encodeURIComponent(item.id)}`
  const total = item.violations.reduce((sum, count) => sum + count, 0)
  return (
    <tr
      data-row
      tabIndex={0}
      className="row-link"
      onClick={() => go(to)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') go(to)
      }}
    >
      <td>
        <ContractStateMark state={item.state} />
      </td>
      <td>
        <Link to={to} tabIndex={-1}>
          {pick(item.title)}
        </Link>
        <code className="quiet wide-only contracts-id">{item.id}</code>
      </td>
      <td className="wide-only">{item.interfaceIds.map(nameOf).join(', ')}</td>
      <td className="contracts-week">
        <Sparkline exchanges={item.exchanges} failed={item.violations} label={words.contracts.weekLabel} />
        <span className={total === 0 ? 'zero' : undefined}>{countText(total)}</span>
      </td>
      <td className={`number ${item.drifts === 0 ? 'zero' : 'bad'}`}>{item.drifts}</td>
      <td className="wide-only">{item.version}</td>
      <td className="figures wide-only">{dayTime(item.since, at, 'min')}</td>
    </tr>
  )
}
