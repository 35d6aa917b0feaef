import { Button } from 'antd'
import type { ReactNode } from 'react'
import { shapes } from '../../../gateway/desk/api/shapes.ts'
import { useAnswer } from '../api/answer.ts'
import { withQuery } from '../api/client.ts'
import { ViolationMark } from '../parts/marks.tsx'
import { Empty, ProblemNote } from '../parts/notes.tsx'
import { countText } from '../parts/number.ts'
import { Panel } from '../parts/panel.tsx'
import { dayTime } from '../parts/time.ts'
import { Link, useRoute } from '../route.tsx'
import { useLanguage } from '../words/language.tsx'

const shownMax = 12

/** What breaks the contract, by field and rule, most frequent first, each with the newest message that shows it. */
export function Violations({
  path,
  from,
  to,
  today,
}: {
  readonly path: string
  readonly from: string
  readonly to: string
  readonly today: string
}): ReactNode {
  const { words, pick } = useLanguage()
  const asked = useAnswer(withQuery(`${path}/violations`, { from, to }), shapes.ViolationCounts)
  const { query, change } = useRoute()
  const all = asked.answer?.items ?? []
  const items = query.get('violations') === 'all' ? all : all.slice(0, shownMax)
  const rules: { readonly [rule: string]: string } = words.rules
  return (
    <Panel title={words.iface.violations} className="panel-list">
      {asked.problem !== null && <ProblemNote problem={asked.problem} onRetry={asked.reload} />}
      {items.length === 0 ? (
        <Empty>{words.iface.violationsNone}</Empty>
      ) : (
        <table className="table violations-table">
          <thead>
            <tr>
              <th scope="col">{words.iface.element}</th>
              <th scope="col" className="wide-only">
                {words.iface.rule}
              </th>
              <th scope="col" />
              <th scope="col" className="number">
                {words.iface.count}
              </th>
              <th scope="col">{words.iface.lastAt}</th>
              <th scope="col" />
            </tr>
          </thead>
          <tbody>
            {items.map((item) => (
              <tr key={`${item.element} ${item.rule} ${item.message.en}`}>
                <td>
                  <code>{item.element}</code>
                </td>
                <td className="wide-only">{rules[item.rule] ?? item.rule}</td>
                <td className="violations-words">
                  <ViolationMark severity={item.severity} /> {pick(item.message)}
                </td>
                <td className="number">{countText(item.count)}</td>
                <td className="figures">{dayTime(item.lastAt, today)}</td>
                <td>
                  <Link to={`/exchanges/${encodeURIComponent(item.exchangeId)}`}>{words.iface.example}</Link>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {items.length < all.length && (
        <p className="list-more">
          <Button onClick={() => change({ violations: 'all' })}>{words.past.allViolations(countText(all.length))}</Button>
        </p>
      )}
    </Panel>
  )
}
