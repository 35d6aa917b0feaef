import type { ReactNode } from 'react'
import { type DutyAnswer, shapes, type TicketAnswer } from '../../../gateway/desk/api/shapes.ts'
import { useAnswer } from '../api/answer.ts'
import type { Names } from '../parts/catalogue.ts'
import { Empty, Loading } from '../parts/notes.tsx'
import { Panel } from '../parts/panel.tsx'
import { useLanguage } from '../words/language.tsx'
import { Deadline } from './deadline.tsx'

/** What is owed to a ticket, the nearest deadline first, and what was done of it. What the ticket's way made needless is left out. */
export function TicketDuties({
  ticket,
  names,
  now,
}: {
  readonly ticket: TicketAnswer
  readonly names: Names
  readonly now: string | null
}): ReactNode {
  const { words } = useLanguage()
  const asked = useAnswer(`/tickets/${encodeURIComponent(ticket.id)}/duties?limit=200`, shapes.DutyList, ['tickets'])
  const told = (asked.answer?.items ?? []).filter(({ state }) => state !== 'void').toSorted(openFirst)
  return (
    <Panel title={words.duties.title}>
      {asked.answer === null ? (
        asked.problem === null && <Loading />
      ) : told.length === 0 ? (
        <Empty>{words.duties.none}</Empty>
      ) : (
        <ul className="duties">
          {told.map((duty) => (
            <li key={duty.id} className={`duty duty-${duty.state}`}>
              <strong>{words.duties.kinds[duty.kind]}</strong>
              <Deadline duty={duty} now={now} />
              {duty.state === 'open' && <span className="quiet duty-owner">{names.team(duty.owner)}</span>}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

function openFirst(a: DutyAnswer, b: DutyAnswer): number {
  const isOpen = (duty: DutyAnswer) => (duty.state === 'open' ? 0 : 1)
  return isOpen(a) - isOpen(b) || a.dueAt.localeCompare(b.dueAt)
}
