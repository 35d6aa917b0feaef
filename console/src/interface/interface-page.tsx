import { Segmented } from 'antd'
import { lazy, type ReactNode, Suspense, useMemo } from 'react'
import { type InterfaceAnswer, shapes } from '../../../gateway/desk/api/shapes.ts'
import { useAnswer } from '../api/answer.ts'
import { withQuery } from '../api/client.ts'
import { useMay } from '../api/me.ts'
import { Health } from '../board/board-table.tsx'
import { StandingMark } from '../changes/standing-mark.tsx'
import { ExchangeTable } from '../exchanges/exchange-table.tsx'
import { type Names, useNames } from '../parts/catalogue.ts'
import { StateMark } from '../parts/marks.tsx'
import { Empty, Loading, ProblemNote } from '../parts/notes.tsx'
import { percentText } from '../parts/number.ts'
import { Facts, Panel } from '../parts/panel.tsx'
import { dayTime, lengthText, msBetween, msText, shifted } from '../parts/time.ts'
import { Link, useRoute } from '../route.tsx'
import { OffsetBar, OffsetWords, Verdict } from '../systems/clock.tsx'
import { TicketList } from '../tickets/ticket-list.tsx'
import { useLanguage } from '../words/language.tsx'
import { Changed } from './changed.tsx'
import { HeatMap } from './heat-map.tsx'
import { Violations } from './violations.tsx'
import { Volume } from './volume.tsx'

const SeriesCharts = lazy(() => import('./series-charts.tsx'))

/** Length and step of what the charts show: about a hundred steps each. */
const spans = {
  '1h': { ms: 3_600_000, stepS: 60 },
  '6h': { ms: 6 * 3_600_000, stepS: 300 },
  '24h': { ms: 86_400_000, stepS: 900 },
  '7d': { ms: 7 * 86_400_000, stepS: 7200 },
} as const
type Span = keyof typeof spans
const spanNames = ['1h', '6h', '24h', '7d'] as const

/** One interface: its state and what that is made of, its series, violations, both clocks, tickets, latest exchanges. */
export default function InterfacePage({ id }: { readonly id: string }): ReactNode {
  const { words } = useLanguage()
  const { query, change } = useRoute()
  const names = useNames()
  const path = `/interfaces/${encodeURIComponent(id)}`
  const asked = useAnswer(path, shapes.Interface, ['interfaces', 'tickets'])
  const now = useAnswer('/overview', shapes.Overview, ['interfaces']).answer?.at ?? null
  const span = spanNames.find((name) => name === query.get('span')) ?? '1h'
  if (asked.answer === null || now === null)
    return asked.problem === null ? <Loading /> : <ProblemNote problem={asked.problem} onRetry={asked.reload} />
  const iface = asked.answer
  return (
    <>
      <Head iface={iface} names={names} now={now} />
      {asked.problem !== null && <ProblemNote problem={asked.problem} onRetry={asked.reload} />}
      <div className="page-tools">
        <Segmented<Span>
          value={span}
          aria-label={words.iface.span}
          options={spanNames.map((name) => ({ value: name, label: words.iface.spans[name] }))}
          onChange={(name) => change({ span: name === '1h' ? null : name })}
        />
      </div>
      <Series iface={iface} span={span} now={now} />
      <Volume path={path} />
      <HeatMap iface={iface} now={now} />
      <div className="columns columns-ticket">
        <div className="stack">
          <Violations path={path} from={shifted(now, -spans[span].ms)} to={now} today={now} />
          <LatestExchanges iface={iface} now={now} />
        </div>
        <div className="stack">
          <HealthParts iface={iface} />
          <Changed path={path} names={names} now={now} />
          <Tickets id={id} now={now} names={names} />
          <Clocks iface={iface} names={names} />
          <Setup iface={iface} />
        </div>
      </div>
    </>
  )
}

function Head({
  iface,
  names,
  now,
}: {
  readonly iface: InterfaceAnswer
  readonly names: Names
  readonly now: string
}): ReactNode {
  const { words, pick } = useLanguage()
  return (
    <header className="page-head">
      <div className="page-head-line">
        <h1>{pick(iface.name)}</h1>
        <span>
          {names.system(iface.from)} → {names.system(iface.to)}
        </span>
        <StateMark state={iface.state} />
        {iface.illSince !== null && (
          <span className="figures">
            {words.iface.since} {dayTime(iface.illSince, now, 'min')} ·{' '}
            {words.common.since(lengthText(msBetween(iface.illSince, now), words))}
          </span>
        )}
        <StandingMark iface={iface} now={now} />
        <Health score={iface.health.score} />
        <code className="quiet">{iface.id}</code>
      </div>
    </header>
  )
}

function Series({
  iface,
  span,
  now,
}: {
  readonly iface: InterfaceAnswer
  readonly span: Span
  readonly now: string
}): ReactNode {
  const { ms, stepS } = spans[span]
  // To the whole minute: the question stays the same, and its answer in place, until the next one.
  const to = `${now.slice(0, 16)}:00.000${now.slice(-6)}`
  const path = useMemo(
    () =>
      withQuery(`/interfaces/${encodeURIComponent(iface.id)}/series`, {
        from: shifted(to, 60_000 - ms),
        to: shifted(to, 60_000),
        step: stepS,
      }),
    [iface.id, to, ms, stepS],
  )
  const { words } = useLanguage()
  const asked = useAnswer(path, shapes.Series, ['interfaces'])
  if (asked.answer === null)
    return asked.problem === null ? <Loading /> : <ProblemNote problem={asked.problem} onRetry={asked.reload} />
  if (asked.answer.points.every(({ exchanges }) => exchanges === 0))
    return (
      <Panel title={words.iface.counts}>
        <Empty>{words.iface.noTraffic}</Empty>
      </Panel>
    )
  return (
    <Suspense fallback={<Loading />}>
      <SeriesCharts series={asked.answer} objectiveMs={iface.objectives.latencyP95Ms} isLong={ms > 86_400_000} />
    </Suspense>
  )
}

function HealthParts({ iface }: { readonly iface: InterfaceAnswer }): ReactNode {
  const { words, pick } = useLanguage()
  const parts = iface.health.parts.filter(({ penalty }) => penalty > 0)
  if (iface.state === 'not-yet-observed') return null
  return (
    <Panel title={words.iface.health}>
      {parts.length === 0 ? (
        <Empty>{words.iface.healthAll}</Empty>
      ) : (
        <ul className="health-parts">
          {parts.map((part) => (
            <li key={part.id}>
              <span>{pick(part.text)}</span>
              <span className="figures bad">
                {words.iface.penalty(part.penalty.toFixed(part.penalty < 10 && !Number.isInteger(part.penalty) ? 1 : 0))}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

function Tickets({ id, now, names }: { readonly id: string; readonly now: string; readonly names: Names }): ReactNode {
  const { words } = useLanguage()
  const asked = useAnswer(withQuery('/tickets', { interface: id, limit: 5 }), shapes.TicketList, ['tickets'])
  return (
    <Panel
      title={words.iface.tickets}
      end={<Link to={withQuery('/tickets', { interface: id, state: 'all' })}>{words.common.all}</Link>}
    >
      {asked.answer === null || asked.answer.items.length === 0 ? (
        <Empty>{words.iface.ticketsNone}</Empty>
      ) : (
        <TicketList items={asked.answer.items} now={now} names={names} />
      )}
    </Panel>
  )
}

function Clocks({ iface, names }: { readonly iface: InterfaceAnswer; readonly names: Names }): ReactNode {
  const { words, pick } = useLanguage()
  const ends = names.systems.filter(({ id }) => id === iface.from || id === iface.to)
  return (
    <Panel title={words.iface.clocks} end={<Link to="/systems">{words.common.all}</Link>}>
      <ul className="clocks">
        {ends.map((system) => (
          <li key={system.id}>
            <span>{pick(system.name)}</span>
            <Verdict verdict={system.clock?.verdict ?? 'unknown'} />
            {system.clock === null ? <span /> : <OffsetWords clock={system.clock} />}
            {system.clock !== null && <OffsetBar clock={system.clock} />}
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function Setup({ iface }: { readonly iface: InterfaceAnswer }): ReactNode {
  const { words } = useLanguage()
  const { objectives } = iface
  const addresses: readonly (readonly [string, ReactNode])[] =
    iface.protocol === 'record'
      ? [[words.iface.source, iface.source === null ? words.common.none : <code key="source">{iface.source}</code>]]
      : [
          [words.iface.listen, iface.listen ?? words.common.none],
          [words.iface.upstream, iface.upstream ?? words.common.none],
        ]
  return (
    <Panel title={words.iface.setup}>
      <Facts
        items={[
          [
            words.iface.objectives,
            iface.protocol === 'record'
              ? words.iface.objectiveOneWay(percentText(objectives.successRate, 2))
              : words.iface.objectiveText(percentText(objectives.successRate, 2), msText(objectives.latencyP95Ms)),
          ],
          [
            words.iface.contract,
            iface.contract === null ? words.iface.noContract : <code key="contract">{iface.contract}</code>,
          ],
          [words.iface.criticality, words.criticality[iface.criticality]],
          ...addresses,
        ]}
      />
    </Panel>
  )
}

function LatestExchanges({ iface, now }: { readonly iface: InterfaceAnswer; readonly now: string }): ReactNode {
  const { words } = useLanguage()
  const mayRead = useMay('exchanges.read')
  const asked = useAnswer(mayRead ? withQuery('/exchanges', { interface: iface.id, limit: 12 }) : null, shapes.ExchangeList, [
    'interfaces',
  ])
  if (!mayRead) return null
  return (
    <Panel
      className="panel-list"
      title={words.iface.exchanges}
      end={<Link to={withQuery('/exchanges', { interface: iface.id })}>{words.iface.allExchanges} →</Link>}
    >
      {asked.answer === null || asked.answer.items.length === 0 ? (
        <Empty>{words.iface.noTraffic}</Empty>
      ) : (
        <ExchangeTable items={asked.answer.items} today={now} nameOf={null} hint={null} />
      )}
    </Panel>
  )
}
