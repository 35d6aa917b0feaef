import { Fragment, type ReactNode } from 'react'
import type { ChangeAnswer } from '../../../gateway/desk/api/changes-shapes.ts'
import type { Names } from '../parts/catalogue.ts'
import { clockTime, dayTime, lengthText, msBetween } from '../parts/time.ts'
import { Link } from '../route.tsx'
import { useWords } from '../words/language.tsx'
import { DayBar } from './day-bar.tsx'
import { subjectsText } from './subjects.ts'

/** Changes under the days on which they begin. */
export function ChangeList({
  items,
  names,
  now,
}: {
  readonly items: readonly ChangeAnswer[]
  readonly names: Names
  readonly now: string
}): ReactNode {
  const days = [...new Set(items.map(({ from }) => from.slice(0, 10)))]
  return (
    <div className="changes-list">
      {days.map((day) => (
        <Fragment key={day}>
          <DayHead day={day} now={now} />
          {items
            .filter(({ from }) => from.startsWith(day))
            .map((change) => (
              <Row key={change.id} change={change} names={names} now={now} />
            ))}
        </Fragment>
      ))}
    </div>
  )
}

function DayHead({ day, now }: { readonly day: string; readonly now: string }): ReactNode {
  const { changes } = useWords()
  const weekday = changes.weekdays[new Date(`${day}T12:00:00Z`).getUTCDay()]
  return (
    <h3 className="changes-day">
      {now.startsWith(day.slice(0, 4)) ? day.slice(5) : day} {weekday}
    </h3>
  )
}

function Row({
  change,
  names,
  now,
}: {
  readonly change: ChangeAnswer
  readonly names: Names
  readonly now: string
}): ReactNode {
  const { changes } = useWords()
  const isOfConfiguration = change.origin === 'configuration'
  const end = change.endedAt !== null && change.phase !== 'cancelled' ? change.endedAt : change.to
  const span = isOfConfiguration
    ? clockTime(change.from, 'min')
    : `${clockTime(change.from, 'min')} – ${dayTime(end, change.from, 'min')}`
  return (
    <article className={`change change-${change.phase}`}>
      <div>
        <span className="figures">{span}</span>
        {!isOfConfiguration && <DayBar from={change.from} to={end} now={now} label={changes.day(change.from.slice(5, 10))} />}
      </div>
      <div>
        <Link to={`/changes/${change.id}`} className="change-title">
          {isOfConfiguration ? changes.configuration : change.title}
        </Link>
        <p className="quiet">
          {isOfConfiguration ? changes.configurationNote : `${change.approval} · ${changes.by(change.by)}`}
        </p>
        <p className="quiet change-what">{subjectsText(change, names)}</p>
      </div>
      <div className="change-end">
        <When change={change} now={now} />
        {change.withheldCount > 0 && <span>{changes.held(change.withheldCount)}</span>}
        {change.ticketedCount > 0 && <span className="bad">{changes.ticketed(change.ticketedCount)}</span>}
      </div>
    </article>
  )
}

/** How long it is open, or until it opens; how it ended, where that was not its time. */
function When({ change, now }: { readonly change: ChangeAnswer; readonly now: string }): ReactNode {
  const words = useWords()
  const { changes } = words
  if (change.phase === 'now') return <strong>{changes.left(lengthText(msBetween(now, change.to), words))}</strong>
  if (change.phase === 'coming')
    return <span className="quiet">{changes.startsIn(lengthText(msBetween(now, change.from), words))}</span>
  if (change.endedAt === null || change.endedBy === null) return null
  const time = dayTime(change.endedAt, now, 'min')
  return (
    <span className="quiet">
      {change.phase === 'cancelled' ? changes.cancelledBy(change.endedBy, time) : changes.endedEarly(change.endedBy, time)}
    </span>
  )
}
