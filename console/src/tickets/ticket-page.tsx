import type { ReactNode } from 'react'
import { shapes, type TicketAnswer } from '../../../gateway/desk/api/shapes.ts'
import { useAnswer } from '../api/answer.ts'
import { SilenceTicket } from '../changes/silence-ticket.tsx'
import { EvidenceButton } from '../evidence/save-button.tsx'
import { TicketKnowledge } from '../knowledge/ticket-knowledge.tsx'
import { useNames } from '../parts/catalogue.ts'
import { SeverityMark, TicketStateMark } from '../parts/marks.tsx'
import { Loading, ProblemNote } from '../parts/notes.tsx'
import { Facts, Panel } from '../parts/panel.tsx'
import { dayTime } from '../parts/time.ts'
import { useLanguage } from '../words/language.tsx'
import { Actions } from './actions.tsx'
import { Causes } from './cause-list.tsx'
import { TicketDuties } from './ticket-duties.tsx'
import { TicketExchanges } from './ticket-exchanges.tsx'
import { factsOf } from './ticket-facts.tsx'
import { TicketNotices } from './ticket-notices.tsx'
import { Timeline } from './ticket-timeline.tsx'

/** A ticket: what it most likely is and why, what to do, what happened, and everything that people do to it. */
export default function TicketPage({ id }: { readonly id: string }): ReactNode {
  const language = useLanguage()
  const { words, pick } = language
  const names = useNames()
  const asked = useAnswer(`/tickets/${encodeURIComponent(id)}`, shapes.Ticket, ['tickets'])
  const now = useAnswer('/overview', shapes.Overview, ['tickets']).answer?.at ?? null
  if (asked.answer === null)
    return asked.problem === null ? <Loading /> : <ProblemNote problem={asked.problem} onRetry={asked.reload} />
  const ticket = asked.answer
  return (
    <>
      <header className="page-head">
        <div className="page-head-line">
          <SeverityMark severity={ticket.severity} />
          <h1>{pick(ticket.title)}</h1>
          <TicketStateMark state={ticket.state} />
          {ticket.isMajor && <span className="ticket-flag ticket-flag-major">{words.tickets.major}</span>}
          {ticket.difficultAt !== null && <span className="ticket-flag">{words.tickets.difficult}</span>}
          <SilenceTicket ticket={ticket} names={names} />
          <EvidenceButton ticketId={ticket.id} />
        </div>
        <Actions ticket={ticket} onDone={asked.reload} />
      </header>
      {asked.problem !== null && <ProblemNote problem={asked.problem} onRetry={asked.reload} />}
      <div className="columns columns-ticket">
        <div className="stack">
          <Causes ticket={ticket} names={names} />
          <TicketExchanges ticket={ticket} nameOf={names.iface} />
          <TicketKnowledge ticketId={ticket.id} nameOf={names.iface} />
          <PostMortem ticket={ticket} now={now} />
          <Panel title={words.tickets.timeline}>
            <Timeline ticket={ticket} now={now} />
          </Panel>
        </div>
        <div className="stack">
          <Advice text={pick(ticket.advice)} />
          <TicketDuties ticket={ticket} names={names} now={now} />
          <Panel title={words.tickets.facts}>
            <Facts items={factsOf(ticket, names, now, language)} />
          </Panel>
          <TicketNotices ticket={ticket} now={now} />
        </div>
      </div>
    </>
  )
}

/** The advice comes as lines of `heading:text`; a line without a heading stands as it is. */
function Advice({ text }: { readonly text: string }): ReactNode {
  const { words } = useLanguage()
  return (
    <Panel title={words.tickets.advice} className="advice">
      {text
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map((line) => {
          const [, heading, rest] = /^([^:\uff1a]{1,24})[:\uff1a]\s*(.+)$/.exec(line) ?? []
          return (
            <p key={line}>
              {heading === undefined ? (
                line
              ) : (
                <>
                  <strong>{heading}</strong>
                  <span>{rest}</span>
                </>
              )}
            </p>
          )
        })}
    </Panel>
  )
}

function PostMortem({ ticket, now }: { readonly ticket: TicketAnswer; readonly now: string | null }): ReactNode {
  const { words } = useLanguage()
  const { postMortem } = ticket
  if (postMortem === null) return null
  const parts = ['rootCause', 'repair', 'prevention'] as const
  return (
    <Panel title={words.tickets.postMortem} note={`${postMortem.by} · ${dayTime(postMortem.at, now, 'min')}`}>
      <Facts items={parts.map((part) => [words.tickets.fields[part], postMortem[part]])} />
    </Panel>
  )
}
