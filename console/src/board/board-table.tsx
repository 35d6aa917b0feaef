import type { ReactNode } from 'react'
import type { InterfaceAnswer, SystemAnswer, TicketAnswer } from '../../../gateway/desk/api/shapes.ts'
import { StandingMark } from '../changes/standing-mark.tsx'
import { SeverityMark, StateMark } from '../parts/marks.tsx'
import { countText, rateText } from '../parts/number.ts'
import { Sparkline } from '../parts/sparkline.tsx'
import { clockTime, lengthText, msBetween, msText } from '../parts/time.ts'
import { Link } from '../route.tsx'
import { useLanguage } from '../words/language.tsx'

interface Props {
  readonly items: readonly InterfaceAnswer[]
  readonly tickets: readonly TicketAnswer[]
  readonly systems: readonly SystemAnswer[]
  /** The name of a team that owns tickets. */
  readonly teamOf: (id: string) => string
  /** Now, as the server says. */
  readonly at: string
}

/** The observed interfaces, ill ones first and marked. */
export function BoardTable({ items, tickets, systems, teamOf, at }: Props): ReactNode {
  const { words } = useLanguage()
  const { board } = words
  return (
    <section className="panel panel-table">
      <table className="table board-table">
        <thead>
          <tr>
            <th scope="col">{board.name}</th>
            <th scope="col">{board.state}</th>
            <th scope="col">{board.tickets}</th>
            <th scope="col">{board.hour}</th>
            <th scope="col" className="number">
              {board.rate}
            </th>
            <th scope="col" className="number">
              {board.failures}
            </th>
            <th scope="col" className="number">
              {board.violations}
            </th>
            <th scope="col" className="number">
              {board.p95}
            </th>
            <th scope="col" className="number">
              {board.health}
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <Row
              key={item.id}
              item={item}
              tickets={tickets.filter(({ interfaceIds }) => interfaceIds.includes(item.id))}
              systems={systems}
              at={at}
              teamOf={teamOf}
            />
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Row({ item, tickets, systems, at, teamOf }: Omit<Props, 'items'> & { readonly item: InterfaceAnswer }): ReactNode {
  const { words, pick } = useLanguage()
  const { counts, latencyMs, objectives } = item
  const failures = counts.failed + counts.unanswered
  const isSlow = latencyMs.p95 !== null && latencyMs.p95 > objectives.latencyP95Ms
  const isFailing = counts.exchanges > 0 && failures / counts.exchanges > 1 - objectives.successRate
  return (
    <tr className={item.window === null ? `row-${item.state}` : `row-${item.state} row-planned`}>
      <th scope="row">
        <Link to={`/interfaces/${item.id}`}>{pick(item.name)}</Link>
        <span className="row-sub">{systemPair(item, systems, pick)}</span>
      </th>
      <td>
        <StateMark state={item.state} />
        {item.illSince !== null && (
          <span className="row-sub" title={item.illSince}>
            {clockTime(item.illSince, 'min')} · {words.common.since(lengthText(msBetween(item.illSince, at), words))}
          </span>
        )}
        <StandingMark iface={item} now={at} />
      </td>
      <td className="board-ticket">
        <Tickets tickets={tickets} teamOf={teamOf} />
      </td>
      <td className="board-spark">
        <Sparkline
          exchanges={item.lastHour.exchanges}
          failed={item.lastHour.failed}
          label={words.board.lastHourLabel(counts.exchanges, failures)}
        />
      </td>
      <td className="number">
        {rateText(item.rate1m)}
        <span className="row-sub">{words.units.perMin}</span>
      </td>
      <td className={isFailing ? 'number bad' : 'number'}>
        {failures === 0 ? <span className="zero">0</span> : countText(failures)}
        <span className="row-sub">/ {countText(counts.exchanges)}</span>
      </td>
      <td className="number">{counts.violations === 0 ? <span className="zero">0</span> : countText(counts.violations)}</td>
      <td className={isSlow ? 'number bad' : 'number'}>
        {msText(latencyMs.p95)}
        {item.protocol !== 'record' && (
          <span className="row-sub">{words.board.objective(msText(objectives.latencyP95Ms))}</span>
        )}
      </td>
      <td className="number">
        <Health score={item.health.score} />
      </td>
    </tr>
  )
}

function Tickets({ tickets, teamOf }: Pick<Props, 'tickets' | 'teamOf'>): ReactNode {
  const { words, pick } = useLanguage()
  const [first, ...others] = tickets.toSorted((a, b) => a.severity.localeCompare(b.severity))
  if (first === undefined) return null
  return (
    <>
      <Link to={`/tickets/${first.id}`} className="board-ticket-title" title={pick(first.title)}>
        <SeverityMark severity={first.severity} /> {pick(first.title)}
      </Link>
      <span className="row-sub">
        {[
          first.owner === null ? words.tickets.nobody : teamOf(first.owner),
          first.state === 'assigned' ? null : words.board.nobody,
        ]
          .filter((part) => part !== null)
          .join(' · ')}
        {others.length > 0 && ` · ${words.board.more(others.length)}`}
      </span>
    </>
  )
}

/** The score as a figure over a short bar: length and figure say the same. */
export function Health({ score }: { readonly score: number | null }): ReactNode {
  const words = useLanguage().words
  if (score === null) return words.common.notKnown
  const grade = score >= 90 ? 'well' : score >= 60 ? 'warn' : 'ill'
  return (
    <span className={`health health-${grade}`}>
      {score}
      <svg viewBox="0 0 40 3" aria-hidden="true" preserveAspectRatio="none">
        <path className="health-ground" d="M0 0h40v3h-40z" />
        <path className="health-score" d={`M0 0h${(score * 0.4).toFixed(1)}v3h-${(score * 0.4).toFixed(1)}z`} />
      </svg>
    </span>
  )
}

function systemPair(
  item: InterfaceAnswer,
  systems: readonly SystemAnswer[],
  pick: (text: { zh: string; en: string }) => string,
): string {
  const name = (id: string) => {
    const system = systems.find((s) => s.id === id)
    return system === undefined ? id : pick(system.name)
  }
  return `${name(item.from)} → ${name(item.to)}`
}
