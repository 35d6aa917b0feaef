import type { ReactNode } from 'react'
import type { HealthReport } from '../../../gateway/desk/api/report-shapes.ts'
import { useOwnerName } from '../parts/catalogue.ts'
import { Empty } from '../parts/notes.tsx'
import { countText, percentText } from '../parts/number.ts'
import { Panel } from '../parts/panel.tsx'
import { Tile } from '../parts/tile.tsx'
import { dayTime, lengthText } from '../parts/time.ts'
import { Link } from '../route.tsx'
import { useLanguage } from '../words/language.tsx'
import { CarriedActions } from './actions.tsx'
import { Comparison } from './comparison.tsx'
import { Incidents } from './incidents.tsx'
import { reportPath } from './report-path.ts'

/** A report as the meeting reads it: what comes first on top, then everything beside the span before. */
export function ReportView({ report }: { readonly report: HealthReport }): ReactNode {
  const { words, pick } = useLanguage()
  const text = words.reports
  return (
    <>
      <Head report={report} />
      <Tiles report={report} />
      {report.notes.length > 0 && (
        <Panel title={text.notes} className="report-notes">
          <ul>
            {report.notes.map((note) => (
              <li key={note.en}>{pick(note)}</li>
            ))}
          </ul>
        </Panel>
      )}
      <div className="columns columns-report">
        <div className="stack">
          <Firsts report={report} />
          {report.warnings.length > 0 && (
            <Panel title={text.warnings} className="report-warnings">
              <ul>
                {report.warnings.map((warning) => (
                  <li key={warning.interfaceId}>{pick(warning.text)}</li>
                ))}
              </ul>
            </Panel>
          )}
        </div>
        <CarriedActions actions={report.actions} />
      </div>
      {report.collaboration !== null && <Collaboration collaboration={report.collaboration} />}
      <Comparison report={report} />
      <div className="columns columns-report">
        <Incidents report={report} />
        <div className="stack">
          <Clocks systems={report.systems} />
          {report.tickets.repeats.length > 0 && <Repeats report={report} />}
        </div>
      </div>
    </>
  )
}

function Head({ report }: { readonly report: HealthReport }): ReactNode {
  const { words, pick, name } = useLanguage()
  const { reports } = words
  const id = `${report.kind}-${report.period}`
  const link = (format: 'html' | 'pdf' | 'xlsx' | 'json') => `/api/v1${reportPath(id, format, name) ?? ''}`
  return (
    <div className="page-head">
      <div className="page-head-line">
        <h1>{pick(report.title)}</h1>
        {report.isRunning && <span className="badge badge-bad">{reports.running}</span>}
        <span className="report-tools">
          <Link to={`/reports/${report.kind}-${report.earlier}`}>← {reports.earlier}</Link>
          {report.later !== null && <Link to={`/reports/${report.kind}-${report.later}`}>{reports.later} →</Link>}
          <a href={link('html')} target="_blank" rel="noreferrer">
            {reports.print}
          </a>
          {(['pdf', 'xlsx', 'json'] as const).map((format) => (
            <a key={format} href={link(format)} download>
              {format.toUpperCase()}
            </a>
          ))}
        </span>
      </div>
      <p className="quiet">
        {dayTime(report.from, null, 'min')} – {dayTime(report.to, null, 'min')} ·{' '}
        {reports.madeAt(dayTime(report.madeAt, null, 'min'))}
      </p>
    </div>
  )
}

function Tiles({ report: { summary: s, tickets: t } }: { readonly report: HealthReport }): ReactNode {
  const { words } = useLanguage()
  const text = words.reports
  const was = (value: string | null) => (value === null ? text.noBefore : text.before(value))
  const length = (seconds: number | null) => (seconds === null ? words.common.notKnown : lengthText(seconds * 1000, words))
  const rate = s.successRate === null ? words.common.notKnown : percentText(s.successRate, 2)
  return (
    <div className="tiles">
      <Tile name={text.score} note={was(s.scoreBefore === null ? null : String(s.scoreBefore))} isIll={(s.score ?? 100) < 70}>
        {s.score ?? words.common.notKnown}
      </Tile>
      <Tile name={text.exchanges} note={`${text.successRate} ${rate}`}>
        {s.exchanges === null ? words.common.notKnown : countText(s.exchanges)}
      </Tile>
      <Tile name={text.tickets} note={text.openAtEnd(t.openAtEnd)}>
        {t.opened} <small>{t.openedBefore === null ? '' : text.before(String(t.openedBefore))}</small>
      </Tile>
      <Tile name={text.repair} note={text.detect(length(t.detectSMedian))}>
        {length(t.repairSMedian)}
      </Tile>
      <Tile name={text.transfers} note={text.yardstick} isIll={(t.transfersMean ?? 0) > 3.2}>
        {t.transfersMean === null ? words.common.notKnown : t.transfersMean.toFixed(1)}{' '}
        <small>{t.transfersMeanBefore === null ? '' : text.before(t.transfersMeanBefore.toFixed(1))}</small>
      </Tile>
    </div>
  )
}

function Firsts({ report }: { readonly report: HealthReport }): ReactNode {
  const { words, pick } = useLanguage()
  const ownerOf = useOwnerName()
  const text = words.reports
  return (
    <Panel title={text.firsts} note={report.firsts.length === 0 ? undefined : pick(report.firstsRule)}>
      {report.firsts.length === 0 && <Empty>{text.firstsNone}</Empty>}
      <ol className="report-firsts">
        {report.firsts.map((first) => (
          <li key={first.rank}>
            <b>{first.rank}</b>
            <div>
              <p className="report-thing">{pick(first.text)}</p>
              <p className="quiet">{pick(first.why)}</p>
              <p className="quiet">
                {text.owner}: {first.owner === null ? text.nobody : ownerOf(first.owner)}
              </p>
            </div>
          </li>
        ))}
      </ol>
    </Panel>
  )
}

function Clocks({ systems }: { readonly systems: HealthReport['systems'] }): ReactNode {
  const { words, pick } = useLanguage()
  const text = words.reports
  const told = systems.filter(({ verdict, wrongMin }) => verdict !== 'in-step' || wrongMin > 0)
  return (
    <Panel title={text.clocks}>
      <ul className="clocks">
        {told.map((system) => (
          <li key={system.id}>
            <span>{pick(system.name)}</span>
            <span className={system.verdict === 'in-step' ? '' : system.verdict === 'unknown' ? 'quiet' : 'bad'}>
              {pick(system.text)}
            </span>
            {system.wrongMin > 0 && <span className="warn">{text.wrongFor(lengthText(system.wrongMin * 60_000, words))}</span>}
          </li>
        ))}
      </ul>
      {systems.length > told.length && <p className="quiet">{text.clocksWell(systems.length - told.length)}</p>}
      {systems.length === 0 && <Empty>{words.common.notKnown}</Empty>}
    </Panel>
  )
}

function Repeats({ report }: { readonly report: HealthReport }): ReactNode {
  const { words, pick } = useLanguage()
  const names = new Map(report.interfaces.map(({ id, name }) => [id, pick(name)]))
  return (
    <Panel title={words.reports.repeats}>
      <ul className="report-lines">
        {report.tickets.repeats.map(({ interfaceId, cause, causeName, count }) => (
          <li key={`${interfaceId} ${cause}`}>
            {words.reports.repeatLine(names.get(interfaceId) ?? interfaceId, pick(causeName), count)}
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function Collaboration({ collaboration }: { readonly collaboration: NonNullable<HealthReport['collaboration']> }): ReactNode {
  const { words, pick } = useLanguage()
  const { score, transfers, responseMin, closeRate, repeatHelp } = collaboration
  return (
    <Panel title={`${words.reports.collaboration} ${score ?? words.common.notKnown}`}>
      <ul className="report-lines">
        {[transfers, responseMin, closeRate, repeatHelp].map(({ text, points }) => (
          <li key={text.en}>
            {pick(text)}
            <span className="quiet"> {points === null ? '' : words.reports.worth(points.toFixed(1))}</span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
