import type { ReactNode } from 'react'
import { shapes, type TicketAnswer } from '../../../gateway/desk/api/shapes.ts'
import { ownerText } from '../../../gateway/incidents/catalogue.ts'
import { useAnswer } from '../api/answer.ts'
import { EvidenceButton } from '../evidence/save-button.tsx'
import { TicketKnowledge } from '../knowledge/ticket-knowledge.tsx'
import { type Names, useNames } from '../parts/catalogue.ts'
import { SeverityMark, TicketStateMark } from '../parts/marks.tsx'
import { Loading, ProblemNote } from '../parts/notes.tsx'
import { Facts, Panel } from '../parts/panel.tsx'
import { dayTime, lengthText, msBetween } from '../parts/time.ts'
import { Link } from '../route.tsx'
import { type Language, useLanguage } from '../words/language.tsx'
import { Actions } from './actions.tsx'
import { Causes } from './cause-list.tsx'
import { TicketExchanges } from './ticket-exchanges.tsx'

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
          <EvidenceButton ticketId={ticket.id} />
        </div>
        <Actions ticket={ticket} onDone={asked.reload} />
      </header>
      {asked.problem !== null && <ProblemNote problem={asked.problem} onRetry={asked.reload} />}
      <div className="columns columns-ticket">
        <div className="stack">
          <Causes ticket={ticket} names={names} />
          <TicketExchanges ticket={ticket} nameOf={names.iface} />
          <TicketKnowledge ticketId={ticket.id} />
        </div>
        <div className="stack">
          <Advice text={pick(ticket.advice)} />
          <Panel title={words.tickets.facts}>
            <Facts items={factsOf(ticket, names, now, language)} />
          </Panel>
          <Panel title={words.tickets.timeline}>
            <Timeline ticket={ticket} now={now} />
          </Panel>
        </div>
      </div>
    </>
  )
}

function factsOf(
  ticket: TicketAnswer,
  names: Names,
  now: string | null,
  { words, pick }: Language,
): readonly (readonly [string, ReactNode])[] {
  const { tickets } = words
  const isActive = ticket.state === 'open' || ticket.state === 'assigned'
  const until = isActive ? now : (ticket.resolvedAt ?? ticket.lastSeenAt)
  const isOverdue =
    isActive && now !== null && ticket.expectedRecoveryAt !== null && msBetween(ticket.expectedRecoveryAt, now) > 0
  const length = until === null ? '' : ` · ${tickets.lasted} ${lengthText(msBetween(ticket.openedAt, until), words)}`
  return [
    [
      tickets.interfaces,
      ticket.interfaceIds.map((id) => (
        <div key={id}>
          <Link to={`/interfaces/${id}`}>{names.iface(id)}</Link>
        </div>
      )),
    ],
    [tickets.systems, ticket.systemIds.map(names.system).join(' · ') || words.common.none],
    [tickets.owner, ticket.owner === null ? tickets.nobody : pick(ownerText(ticket.owner))],
    [tickets.opened, `${dayTime(ticket.openedAt, now)}${length}`],
    [tickets.lastSeen, dayTime(ticket.lastSeenAt, now)],
    ...(ticket.resolvedAt === null ? [] : [[tickets.resolvedAt, dayTime(ticket.resolvedAt, now)] as const]),
    ...(ticket.expectedRecoveryAt === null || !isActive
      ? []
      : [
          [
            tickets.expected,
            <span key="expected" className={isOverdue ? 'bad' : undefined}>
              {dayTime(ticket.expectedRecoveryAt, now, 'min')}
              {isOverdue && ` · ${tickets.overdue}`}
            </span>,
          ] as const,
        ]),
    [tickets.scope, tickets.scopes[ticket.scope]],
    [tickets.urgency, tickets.urgencies[ticket.urgency]],
    [tickets.level, levelText(ticket.level, words)],
    ...(ticket.transfers === 0 ? [] : [[tickets.transfers, ticket.transfers] as const]),
  ]
}

function levelText(level: number, { tickets }: ReturnType<typeof useLanguage>['words']): string {
  return level === 1 ? tickets.levels[1] : level === 2 ? tickets.levels[2] : tickets.levels[3]
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

function Timeline({ ticket, now }: { readonly ticket: TicketAnswer; readonly now: string | null }): ReactNode {
  const { words, pick } = useLanguage()
  return (
    <ol className="timeline">
      {ticket.timeline.toReversed().map((item) => (
        <li key={`${item.at} ${item.kind} ${item.text.en}`}>
          <span className="figures quiet">{dayTime(item.at, now)}</span>
          <span>
            <strong>{words.tickets.kinds[item.kind]}</strong>
            <span className="quiet"> {item.by === 'auscult' ? words.tickets.auscult : item.by}</span>
            <br />
            {pick(item.text)}
          </span>
        </li>
      ))}
    </ol>
  )
}
