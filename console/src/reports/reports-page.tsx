import type { ReactNode } from 'react'
import { shapes } from '../../../gateway/desk/api/shapes.ts'
import { useAnswer } from '../api/answer.ts'
import { Empty, Loading, ProblemNote } from '../parts/notes.tsx'
import { Panel } from '../parts/panel.tsx'
import { dayTime } from '../parts/time.ts'
import { Link } from '../route.tsx'
import { useLanguage } from '../words/language.tsx'
import { CarriedActions } from './actions.tsx'
import { Schedule } from './schedule.tsx'

const kinds = ['weekly', 'daily', 'monthly'] as const

/** The reports that were made, the last whole spans to read now, the schedule, and the actions that are open. */
export default function ReportsPage(): ReactNode {
  const { words } = useLanguage()
  const text = words.reports
  const actions = useAnswer('/reports/actions', shapes.ReportActionList)
  return (
    <>
      <h1 className="unseen">{text.title}</h1>
      <div className="report-latest">
        {kinds.map((kind) => (
          <Link key={kind} to={`/reports/${kind}`} className="tile">
            <span className="tile-name">{text.kinds[kind]}</span>
            <span className="tile-value">{text.latest[kind]}</span>
            <span className="tile-note">{text.latestNote}</span>
          </Link>
        ))}
      </div>
      <div className="columns columns-report">
        <MadeReports />
        <div className="stack">
          <Schedule />
          {actions.problem !== null && <ProblemNote problem={actions.problem} onRetry={actions.reload} />}
          {actions.answer !== null && <CarriedActions actions={actions.answer.items} onChanged={actions.reload} />}
        </div>
      </div>
    </>
  )
}

function MadeReports(): ReactNode {
  const { words, pick } = useLanguage()
  const text = words.reports
  const asked = useAnswer('/reports?limit=100', shapes.ReportList)
  return (
    <Panel title={text.made} className="panel-table">
      {asked.problem !== null && <ProblemNote problem={asked.problem} onRetry={asked.reload} />}
      {asked.answer === null && asked.problem === null && <Loading />}
      {asked.answer !== null && asked.answer.items.length === 0 && <Empty>{text.madeNone}</Empty>}
      {asked.answer !== null && asked.answer.items.length > 0 && (
        <table className="table report-list">
          <tbody>
            {asked.answer.items.map((made) => (
              <tr key={made.id}>
                <td>{text.kinds[made.kind]}</td>
                <th scope="row">
                  <Link to={`/reports/${made.id}`}>{pick(made.title)}</Link>
                  <span className="row-sub">{pick(made.headline)}</span>
                </th>
                <td className="number quiet">{text.madeAt(dayTime(made.madeAt, null, 'min'))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  )
}
