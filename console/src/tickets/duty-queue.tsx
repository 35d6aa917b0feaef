import { Segmented } from 'antd'
import { type ReactNode, useState } from 'react'
import { type DutyAnswer, shapes } from '../../../gateway/desk/api/shapes.ts'
import { useAnswer } from '../api/answer.ts'
import { withQuery } from '../api/client.ts'
import type { Names } from '../parts/catalogue.ts'
import { SeverityMark } from '../parts/marks.tsx'
import { More } from '../parts/more.tsx'
import { Empty, Loading, ProblemNote } from '../parts/notes.tsx'
import { Link, useRoute } from '../route.tsx'
import { useLanguage } from '../words/language.tsx'
import { Deadline } from './deadline.tsx'
import { levelText } from './levels.ts'

const pageSize = 50

/** Everything that is owed to any ticket, the nearest deadline first: what the duty engineer does next. */
export function DutyQueue({ names, now }: { readonly names: Names; readonly now: string | null }): ReactNode {
  const { words } = useLanguage()
  const { query, change } = useRoute()
  const isOverdueOnly = query.get('due') === 'overdue'
  const [limit, setLimit] = useState(pageSize)
  const asked = useAnswer(withQuery('/duties', { state: isOverdueOnly ? 'overdue' : 'open', limit }), shapes.DutyList, [
    'tickets',
  ])
  return (
    <>
      <Segmented
        className="duty-filter"
        value={isOverdueOnly ? 'overdue' : 'open'}
        options={[
          { value: 'open', label: words.duties.allOpen },
          { value: 'overdue', label: words.duties.overdueOnly },
        ]}
        onChange={(value) => change({ due: value === 'overdue' ? value : null }, 'push')}
      />
      {asked.problem !== null && <ProblemNote problem={asked.problem} onRetry={asked.reload} />}
      {asked.answer === null ? (
        asked.problem === null && <Loading />
      ) : asked.answer.items.length === 0 ? (
        <Empty>{isOverdueOnly ? words.duties.noneOverdue : words.duties.noneOpen}</Empty>
      ) : (
        <ul className="tickets duty-queue">
          {asked.answer.items.map((duty) => (
            <DutyItem key={duty.id} duty={duty} names={names} now={now} />
          ))}
        </ul>
      )}
      <More asked={asked} limit={limit} next={limit + 2 * pageSize} onLimit={setLimit} />
    </>
  )
}

function DutyItem({
  duty,
  names,
  now,
}: {
  readonly duty: DutyAnswer
  readonly names: Names
  readonly now: string | null
}): ReactNode {
  const { words, pick } = useLanguage()
  const { ticket } = duty
  return (
    <li className={`ticket ticket-${ticket.severity}`}>
      <SeverityMark severity={ticket.severity} />
      <div className="ticket-main">
        <Link to={`/tickets/${encodeURIComponent(duty.ticketId)}`} className="ticket-title">
          {words.duties.kinds[duty.kind]}
        </Link>
        <p className="ticket-cause">{pick(ticket.title)}</p>
        <p className="quiet ticket-interfaces">{ticket.interfaceIds.map(names.iface).join(' · ')}</p>
      </div>
      <div className="ticket-end">
        <Deadline duty={duty} now={now} />
      </div>
      <div className="ticket-time">
        <span>{names.team(duty.owner)}</span>
        <span className="quiet">{levelText(ticket.level, words)}</span>
      </div>
    </li>
  )
}
