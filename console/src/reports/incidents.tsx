import type { ReactNode } from 'react'
import type { HealthReport } from '../../../gateway/desk/api/report-shapes.ts'
import { SeverityMark } from '../parts/marks.tsx'
import { Empty } from '../parts/notes.tsx'
import { Panel } from '../parts/panel.tsx'
import { dayTime, lengthText } from '../parts/time.ts'
import { Link } from '../route.tsx'
import { useLanguage } from '../words/language.tsx'

/** What was ill in the span, gravest first, with how long it took to be found and to be over. */
export function Incidents({ report }: { readonly report: HealthReport }): ReactNode {
  const { words, pick } = useLanguage()
  const text = words.reports
  const names = new Map(report.interfaces.map(({ id, name }) => [id, pick(name)]))
  return (
    <Panel title={text.incidents} className="panel-table">
      {report.incidents.length === 0 ? (
        <Empty>{text.incidentsNone}</Empty>
      ) : (
        <table className="table report-incidents">
          <tbody>
            {report.incidents.map((line) => (
              <tr key={line.ticketId}>
                <td>
                  <SeverityMark severity={line.severity} />
                </td>
                <th scope="row">
                  <Link to={`/tickets/${line.ticketId}`}>{pick(line.title)}</Link>
                  <span className="row-sub">{line.interfaceIds.map((id) => names.get(id) ?? id).join(' · ')}</span>
                </th>
                <td>{pick(line.causeName)}</td>
                <td className="figures">
                  {dayTime(line.detectedAt, null, 'min')}
                  <span className="row-sub">
                    {line.detectS === null ? '' : text.detect(lengthText(line.detectS * 1000, words))}
                  </span>
                </td>
                <td className="number">
                  {line.repairS === null ? (
                    <span className="bad">{text.notRepaired}</span>
                  ) : (
                    lengthText(line.repairS * 1000, words)
                  )}
                  <span className="row-sub">{line.transfers === 0 ? ' ' : text.handed(line.transfers)}</span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  )
}
