import type { ReactNode } from 'react'
import type { HealthReport, InterfaceReport } from '../../../gateway/desk/api/report-shapes.ts'
import { countText, percentText } from '../parts/number.ts'
import { Panel } from '../parts/panel.tsx'
import { lengthText, msText } from '../parts/time.ts'
import { Link } from '../route.tsx'
import { useLanguage } from '../words/language.tsx'

/** Every interface beside itself a span before, with what took its points. */
export function Comparison({ report }: { readonly report: HealthReport }): ReactNode {
  const { words, pick } = useLanguage()
  const text = words.reports
  const seen = report.interfaces.filter(({ score }) => score !== null)
  const unseen = report.interfaces.filter(({ score }) => score === null)
  return (
    <>
      <Panel title={text.interfaces} note={text.interfacesNote} className="panel-table">
        <table className="table report-table">
          <thead>
            <tr>
              <th scope="col">{text.iface}</th>
              {[text.points, text.exchanges, text.successRate, text.latency, text.silence, text.breaches].map((name) => (
                <th key={name} scope="col" className="number">
                  {name}
                </th>
              ))}
              <th scope="col">{text.lost}</th>
            </tr>
          </thead>
          <tbody>
            {seen.map((one) => (
              <Row key={one.id} one={one} />
            ))}
          </tbody>
        </table>
      </Panel>
      {unseen.length > 0 && (
        <Panel title={text.unseen(unseen.length)} className="unobserved">
          <ul className="chips">
            {unseen.map((one) => (
              <li key={one.id}>
                <Link to={`/interfaces/${one.id}`}>{pick(one.name)}</Link>
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </>
  )
}

function Row({ one }: { readonly one: InterfaceReport }): ReactNode {
  const { words, pick } = useLanguage()
  const { now, before, objectives, silenceMin, silenceMinBefore, violations } = one
  const rate = now?.successRate ?? null
  const p95 = now?.latencyMs.p95 ?? null
  const minutes = (value: number | null) =>
    value === null ? words.common.notKnown : value === 0 ? '0' : lengthText(value * 60_000, words)
  return (
    <tr>
      <th scope="row">
        <Link to={`/interfaces/${one.id}`}>{pick(one.name)}</Link>
        {one.observation.text !== null && <span className="row-sub">{pick(one.observation.text)}</span>}
      </th>
      <Two
        name={words.reports.points}
        now={String(one.score ?? words.common.notKnown)}
        was={one.scoreBefore === null ? null : String(one.scoreBefore)}
        tone={toneOf(one.score)}
      />
      <Two
        name={words.reports.exchanges}
        now={countText(now?.exchanges ?? 0)}
        was={before === null ? null : countText(before.exchanges)}
      />
      <Two
        name={words.reports.successRate}
        now={rate === null ? words.common.notKnown : percentText(rate, 2)}
        was={before === null || before.successRate === null ? null : percentText(before.successRate, 2)}
        tone={rate !== null && rate < objectives.successRate ? 'bad' : ''}
      />
      <Two
        name={words.reports.latency}
        now={msText(p95)}
        was={before === null || before.latencyMs.p95 === null ? null : msText(before.latencyMs.p95)}
        tone={p95 !== null && p95 > objectives.latencyP95Ms ? 'bad' : ''}
      />
      <Two
        name={words.reports.silence}
        now={minutes(silenceMin)}
        was={silenceMinBefore === null ? null : minutes(silenceMinBefore)}
        tone={(silenceMin ?? 0) > 0 ? 'warn' : ''}
      />
      <Two
        name={words.reports.breaches}
        now={countText(violations.total)}
        was={
          violations.newKinds > 0
            ? words.reports.newKinds(violations.newKinds)
            : violations.before === null
              ? null
              : countText(violations.before)
        }
        tone={violations.newKinds > 0 ? 'warn' : ''}
      />
      <td className="report-parts">
        <ul>
          {one.parts.map(({ id, penalty, text }) => (
            <li key={id}>
              <b>-{penalty}</b> {pick(text)}
            </li>
          ))}
        </ul>
      </td>
    </tr>
  )
}

/** The number of this span over that of the span before. */
function Two({
  name,
  now,
  was,
  tone = '',
}: {
  /** Where the table has no heads: on a phone. */
  readonly name: string
  readonly now: string
  readonly was: string | null
  readonly tone?: string
}): ReactNode {
  return (
    <td className="number">
      <span className="report-name">{name}</span>
      <span className={tone === '' && now === '0' ? 'zero' : tone}>{now}</span>
      <span className="row-sub">{was ?? ' '}</span>
    </td>
  )
}

function toneOf(score: number | null): string {
  if (score === null || score >= 90) return ''
  return score >= 70 ? 'warn' : 'bad'
}
