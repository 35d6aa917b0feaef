import type { ReactNode } from 'react'
import type { HeldIncident } from '../../../gateway/desk/api/changes-shapes.ts'
import type { Names } from '../parts/catalogue.ts'
import { dayTime, lengthText, msBetween } from '../parts/time.ts'
import { Link } from '../route.tsx'
import { useCauseName } from '../tickets/causes.ts'
import { useLanguage } from '../words/language.tsx'

/** What a window or a silence held back: nothing of it is hidden. */
export function HeldList({
  items,
  names,
  now,
}: {
  readonly items: readonly HeldIncident[]
  readonly names: Names
  readonly now: string | null
}): ReactNode {
  return (
    <ul className="held">
      {items.map((incident) => (
        <HeldItem key={incident.id} incident={incident} names={names} now={now} />
      ))}
    </ul>
  )
}

function HeldItem({
  incident,
  names,
  now,
}: {
  readonly incident: HeldIncident
  readonly names: Names
  readonly now: string | null
}): ReactNode {
  const { words, pick } = useLanguage()
  const { detail } = words.changes
  const causeName = useCauseName()
  const until = incident.resolvedAt ?? now
  return (
    <li>
      <div>
        <strong>{pick(incident.title)}</strong>
        <p className="quiet">
          {causeName(incident.cause)} · {incident.interfaceIds.map(names.iface).join(' · ')}
        </p>
      </div>
      <div className="held-end figures">
        {dayTime(incident.openedAt, now, 'min')}
        {until !== null && ` · ${lengthText(msBetween(incident.openedAt, until), words)}`}
        <br />
        {incident.ticketId === null ? (
          <span className="quiet">{incident.state === 'open' ? detail.lasting : detail.recovered}</span>
        ) : (
          <Link to={`/tickets/${incident.ticketId}`} className="bad">
            {detail.ticket} →
          </Link>
        )}
      </div>
    </li>
  )
}
