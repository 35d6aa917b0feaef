import type { ReactNode } from 'react'
import type { TicketAnswer } from '../../../gateway/desk/api/shapes.ts'
import type { Names } from '../parts/catalogue.ts'
import { dayTime, lengthText, msBetween } from '../parts/time.ts'
import { Link } from '../route.tsx'
import type { Language } from '../words/language.tsx'
import { lastingOf } from './lasting.ts'
import { levelText } from './levels.ts'

type Item = readonly [string, ReactNode]

/** What a ticket is about, who has it and since when: the mandatory fields. What doesn't apply is left out. */
export function factsOf(ticket: TicketAnswer, names: Names, now: string | null, language: Language): readonly Item[] {
  return [...subjectOf(ticket, names, language), ...timesOf(ticket, now, language), ...peopleOf(ticket, names, now, language)]
}

function subjectOf(ticket: TicketAnswer, names: Names, { words }: Language): readonly Item[] {
  const { tickets } = words
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
    [tickets.category, categoryText(ticket.category, words.categories)],
    [tickets.scope, tickets.scopes[ticket.scope]],
    [tickets.urgency, tickets.urgencies[ticket.urgency]],
  ]
}

function timesOf(ticket: TicketAnswer, now: string | null, { words }: Language): readonly Item[] {
  const { tickets } = words
  const { isActive, until, isOverdue } = lastingOf(ticket, now)
  const length = until === null ? '' : ` · ${tickets.lasted} ${lengthText(msBetween(ticket.openedAt, until), words)}`
  const expected: readonly Item[] =
    ticket.expectedRecoveryAt === null || !isActive
      ? []
      : [
          [
            tickets.expected,
            <span key="expected" className={isOverdue ? 'bad' : undefined}>
              {dayTime(ticket.expectedRecoveryAt, now, 'min')}
              {isOverdue && ` · ${tickets.overdue}`}
            </span>,
          ],
        ]
  return [
    [tickets.opened, `${dayTime(ticket.openedAt, now)}${length}`],
    [tickets.lastSeen, dayTime(ticket.lastSeenAt, now)],
    ...(ticket.resolvedAt === null ? [] : [[tickets.resolvedAt, dayTime(ticket.resolvedAt, now)] as const]),
    ...expected,
  ]
}

function peopleOf(ticket: TicketAnswer, names: Names, now: string | null, { words }: Language): readonly Item[] {
  const { tickets } = words
  const named = (name: string, id: string | null): readonly Item[] => (id === null ? [] : [[name, names.team(id)]])
  const { isActive } = lastingOf(ticket, now)
  return [
    [tickets.owner, ticket.owner === null ? tickets.nobody : names.team(ticket.owner)],
    ...(ticket.lead === ticket.owner ? [] : named(tickets.lead, ticket.lead)),
    [tickets.level, levelText(ticket.level, words)],
    ...(ticket.difficultAt === null
      ? []
      : [[tickets.difficult, tickets.difficultSince(dayTime(ticket.difficultAt, now, 'min'))] as const]),
    ...named(tickets.firstResponder, ticket.firstResponder),
    ...(ticket.arrivedAt === null && !isActive
      ? []
      : [[tickets.arrivedAt, ticket.arrivedAt === null ? tickets.notArrived : dayTime(ticket.arrivedAt, now)] as const]),
    ...(ticket.systemClass === null ? [] : [[tickets.systemClass, tickets.systemClasses[ticket.systemClass]] as const]),
    ...named(tickets.coordinator, ticket.coordinator),
    ...(ticket.parties.length === 0 ? [] : [[tickets.parties, ticket.parties.map(names.team).join(' · ')] as const]),
    ...(ticket.transfers === 0 ? [] : [[tickets.transfers, ticket.transfers] as const]),
  ]
}

/** A layer of the list of causes; one of a newer version as it is. */
function categoryText(category: string, names: { readonly [layer: string]: string }): string {
  return names[category] ?? category
}
