import { Button, Checkbox } from 'antd'
import type { ReactNode } from 'react'
import { shapes } from '../../../gateway/desk/api/shapes.ts'
import { useAnswer } from '../api/answer.ts'
import { ViolationMark } from '../parts/marks.tsx'
import { Empty, ProblemNote } from '../parts/notes.tsx'
import { countText } from '../parts/number.ts'
import { Panel } from '../parts/panel.tsx'
import { Sparkline } from '../parts/sparkline.tsx'
import { dayTime } from '../parts/time.ts'
import { Link, useRoute } from '../route.tsx'
import { useLanguage } from '../words/language.tsx'
import type { Choosing } from './choosing.ts'

const shownFirst = 10

/** Violations by field and rule with their week, each with the newest message. */
export function ContractViolations({
  path,
  today,
  choosing,
}: {
  readonly path: string
  readonly today: string
  readonly choosing: Choosing | null
}): ReactNode {
  const { words, pick } = useLanguage()
  const asked = useAnswer(`${path}/violations`, shapes.ContractViolations, ['interfaces'])
  const { query, change } = useRoute()
  const isAll = query.get('violations') === 'all'
  const all = asked.answer?.items ?? []
  const items = isAll ? all : all.slice(0, shownFirst)
  const rules: { readonly [rule: string]: string } = words.rules
  return (
    <Panel title={words.contracts.violations} className="panel-list">
      {asked.problem !== null && <ProblemNote problem={asked.problem} onRetry={asked.reload} />}
      {asked.answer !== null && items.length === 0 ? (
        <Empty>{words.contracts.violationsNone}</Empty>
      ) : (
        <table className="table violations-table">
          <thead>
            <tr>
              {choosing !== null && (
                <th scope="col" className="pick-cell">
                  <span className="unseen">{words.contracts.accept}</span>
                </th>
              )}
              <th scope="col">{words.contracts.element}</th>
              <th scope="col" className="wide-only">
                {words.contracts.rule}
              </th>
              <th scope="col" className="wide-only" />
              <th scope="col">{words.contracts.trend}</th>
              <th scope="col" className="number">
                {words.contracts.total}
              </th>
              <th scope="col">{words.contracts.last}</th>
            </tr>
          </thead>
          <tbody>
            {items.map((item) => {
              const breach = { element: item.element, rule: item.rule, type: null }
              return (
                <tr key={`${item.interfaceId} ${item.element} ${item.rule} ${item.severity}`}>
                  {choosing !== null && (
                    <td>
                      <Checkbox
                        checked={choosing.isChosen(breach)}
                        onChange={(event) => choosing.choose(breach, event.target.checked)}
                        aria-label={words.contracts.acceptOf(item.element)}
                      />
                    </td>
                  )}
                  <td>
                    <code>{item.element}</code>
                  </td>
                  <td className="wide-only">{rules[item.rule] ?? item.rule}</td>
                  <td className="violations-words wide-only">
                    <ViolationMark severity={item.severity} /> {pick(item.message)}
                  </td>
                  <td className="contracts-week">
                    <Sparkline exchanges={item.counts} failed={item.counts} label={words.contracts.trend} />
                  </td>
                  <td className="number">{countText(item.total)}</td>
                  <td className="figures">
                    <Link to={`/exchanges/${encodeURIComponent(item.exchangeId)}`}>{dayTime(item.lastAt, today, 'min')}</Link>
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      )}
      {all.length > shownFirst && !isAll && (
        <p className="list-more">
          <Button onClick={() => change({ violations: 'all' })}>{words.common.every(all.length)}</Button>
        </p>
      )}
    </Panel>
  )
}
