import { Checkbox } from 'antd'
import type { ReactNode } from 'react'
import { shapes } from '../../../gateway/desk/api/shapes.ts'
import { useAnswer } from '../api/answer.ts'
import { ViolationMark } from '../parts/marks.tsx'
import { Empty, ProblemNote } from '../parts/notes.tsx'
import { Panel } from '../parts/panel.tsx'
import { dayTime } from '../parts/time.ts'
import { Link } from '../route.tsx'
import { useLanguage } from '../words/language.tsx'
import type { Choosing } from './choosing.ts'

const examplesMax = 3

/** Lasting breaches in words, with the messages that showed them first. */
export function DriftPanel({
  path,
  today,
  choosing,
}: {
  readonly path: string
  readonly today: string
  readonly choosing: Choosing | null
}): ReactNode {
  const { words, pick } = useLanguage()
  const asked = useAnswer(`${path}/drift`, shapes.ContractDrift, ['interfaces'])
  const items = asked.answer?.items ?? []
  return (
    <Panel title={words.contracts.drift} note={words.contracts.driftNote}>
      {asked.problem !== null && <ProblemNote problem={asked.problem} onRetry={asked.reload} />}
      {asked.answer !== null && items.length === 0 && <Empty>{words.contracts.driftNone}</Empty>}
      <ul className="drift">
        {items.map((item) => {
          const breach = { element: item.element, rule: item.rule, type: item.type === '' ? null : item.type }
          return (
            <li
              key={`${item.interfaceId} ${item.rule} ${item.onsetAt}`}
              className={item.state === 'past' ? 'drift-past' : undefined}
            >
              {choosing !== null && (
                <Checkbox
                  checked={choosing.isChosen(breach)}
                  onChange={(event) => choosing.choose(breach, event.target.checked)}
                  aria-label={words.contracts.acceptOf(item.element)}
                />
              )}
              <div>
                <p>
                  <ViolationMark severity={item.severity} /> {pick(item.text)}
                </p>
                <p className="quiet drift-examples">
                  <span>{dayTime(item.onsetAt, today, 'min')}</span>
                  {item.exchangeIds.slice(0, examplesMax).map((id, i) => (
                    <Link key={id} to={`/exchanges/${encodeURIComponent(id)}`}>
                      {i === 0 ? words.contracts.first : `${words.contracts.example} ${i + 1}`}
                    </Link>
                  ))}
                </p>
              </div>
            </li>
          )
        })}
      </ul>
    </Panel>
  )
}
