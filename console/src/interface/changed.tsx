import type { ReactNode } from 'react'
import type { Changed as Change } from '../../../gateway/desk/api/interface-shapes.ts'
import { shapes } from '../../../gateway/desk/api/shapes.ts'
import { useAnswer } from '../api/answer.ts'
import { useMay } from '../api/me.ts'
import type { Names } from '../parts/catalogue.ts'
import { Empty, ProblemNote } from '../parts/notes.tsx'
import { countText } from '../parts/number.ts'
import { Panel } from '../parts/panel.tsx'
import { dayTime } from '../parts/time.ts'
import { Link } from '../route.tsx'
import { useWords } from '../words/language.tsx'

/** What became another on the interface and around it in the last week, newest first. */
export function Changed({
  path,
  names,
  now,
}: {
  readonly path: string
  readonly names: Names
  readonly now: string
}): ReactNode {
  const { past, common } = useWords()
  const mayRead = useMay('changes.read')
  const { answer, problem, reload } = useAnswer(mayRead ? `${path}/changed` : null, shapes.ChangedList)
  if (!mayRead) return null
  return (
    <Panel title={past.changed} note={past.changedNote} end={<Link to="/changes">{common.all}</Link>}>
      {problem !== null && <ProblemNote problem={problem} onRetry={reload} />}
      {answer?.items.length === 0 && <Empty>{past.changedNone}</Empty>}
      <ul className="changed">
        {answer?.items.map((change) => (
          <li key={`${change.kind} ${change.at}`}>
            <span className="figures quiet">{dayTime(change.at, now, 'min')}</span>
            <span>
              <What change={change} names={names} now={now} />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function What({ change, names, now }: { readonly change: Change; readonly names: Names; readonly now: string }): ReactNode {
  const { past, changes } = useWords()
  switch (change.kind) {
    case 'wire':
      return <OnWire change={change} names={names} />
    case 'contract':
      return (
        <Link to={`/contracts/${encodeURIComponent(change.contractId)}`}>
          {past.contract(change.contractId, change.version)}
        </Link>
      )
    case 'configuration':
      return <Link to={`/changes/${change.changeId}`}>{past.configuration}</Link>
    case 'planned':
      return (
        <>
          <Link to={`/changes/${change.changeId}`}>{change.title}</Link>
          <span className="row-sub quiet">
            {past.planned(change.approval)} · {changes.phases[change.phase]} · {past.until(dayTime(change.until, now, 'min'))}
          </span>
        </>
      )
    default:
      return change satisfies never
  }
}

/** Of fields, the path that went and the one that came; `-` is none. */
function OnWire({
  change,
  names,
}: {
  readonly change: Extract<Change, { readonly kind: 'wire' }>
  readonly names: Names
}): ReactNode {
  const { past, iface } = useWords()
  const { from, to, seen, bad, exchangeId } = change
  const fields = [...(from === '-' ? [] : [past.fieldGone(from)]), ...(to === '-' ? [] : [past.fieldCame(to)])]
  return (
    <>
      {names.system(change.systemId)} · {past.what[change.what]}{' '}
      {change.what === 'fields' ? (
        fields.join(' · ')
      ) : (
        <>
          <code>{from}</code> → <code>{to}</code>
        </>
      )}
      <span className="row-sub quiet">
        {past.wire[change.side]} · {past.sinceThen(countText(seen))}
        {bad > 0 && (
          <>
            {' · '}
            <span className="bad">{past.bad(countText(bad))}</span>
          </>
        )}
        {exchangeId !== null && (
          <>
            {' · '}
            <Link to={`/exchanges/${encodeURIComponent(exchangeId)}`}>{iface.example}</Link>
          </>
        )}
      </span>
    </>
  )
}
