import { Segmented } from 'antd'
import type { ReactNode } from 'react'
import { type InterfaceAnswer, type Series, shapes } from '../../../gateway/desk/api/shapes.ts'
import { useAnswer } from '../api/answer.ts'
import { withQuery } from '../api/client.ts'
import { countText, percentText } from '../parts/number.ts'
import { Panel } from '../parts/panel.tsx'
import { msText, shifted } from '../parts/time.ts'
import { useRoute } from '../route.tsx'
import { useLanguage } from '../words/language.tsx'
import type { Words } from '../words/zh.ts'

type Point = Series['points'][number]
const measures = ['latency', 'volume', 'failures'] as const
type Measure = (typeof measures)[number]
const dayCount = 7
const hourMs = 3_600_000
const grades = 6
const hours = Array.from({ length: 24 }, (_, hour) => hour)

/** Every hour of the last seven days by its latency, traffic or failures: what comes back every day at the same hour is seen at once. */
export function HeatMap({ iface, now }: { readonly iface: InterfaceAnswer; readonly now: string }): ReactNode {
  const { words } = useLanguage()
  const { query, change } = useRoute()
  const chosen = measures.find((name) => name === query.get('heat')) ?? 'latency'
  // From midnight six days ago, to the end of this hour: the question changes once an hour.
  const to = `${now.slice(0, 13)}:00:00.000${now.slice(-6)}`
  const from = `${shifted(to, -(dayCount - 1) * 24 * hourMs).slice(0, 10)}T00:00:00.000${to.slice(-6)}`
  const path = withQuery(`/interfaces/${encodeURIComponent(iface.id)}/series`, { from, to: shifted(to, hourMs), step: 3600 })
  const points = useAnswer(path, shapes.Series, ['interfaces']).answer?.points ?? []
  if (points.every(({ exchanges }) => exchanges === 0)) return null
  const hasLatency = points.some(({ latencyMs }) => latencyMs.p95 !== null)
  const measure = chosen === 'latency' && !hasLatency ? 'volume' : chosen
  return (
    <Panel
      className="heat"
      title={words.heat.title}
      note={words.heat.notes[measure]}
      end={
        <Segmented<Measure>
          size="small"
          value={measure}
          options={measures
            .filter((name) => name !== 'latency' || hasLatency)
            .map((name) => ({ value: name, label: words.heat.measures[name] }))}
          onChange={(name) => change({ heat: name === 'latency' ? null : name })}
        />
      }
    >
      <Cells points={points} measure={measure} objectiveMs={iface.objectives.latencyP95Ms} words={words} />
    </Panel>
  )
}

function Cells({
  points,
  measure,
  objectiveMs,
  words,
}: {
  readonly points: readonly Point[]
  readonly measure: Measure
  readonly objectiveMs: number
  readonly words: Words
}): ReactNode {
  const days = [...new Set(points.map(({ at }) => at.slice(0, 10)))]
  const most = Math.max(...points.map(({ exchanges }) => exchanges), 1)
  return (
    <table className="heat-table">
      <thead>
        <tr>
          <td />
          {hours.map((hour) => (
            <th key={hour} scope="col">
              {hour % 3 === 0 ? hour : ''}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {days.map((day) => (
          <tr key={day}>
            <th scope="row">
              {day.slice(5)} <span className="quiet">{words.heat.weekdays[new Date(`${day}T00:00:00Z`).getUTCDay()]}</span>
            </th>
            {hours.map((hour) => {
              const point = points.find(({ at }) => at.slice(0, 10) === day && Number(at.slice(11, 13)) === hour)
              const text = point === undefined ? '' : saying(point, words)
              return (
                <td key={hour} className={`heat-cell ${gradeOf(point, measure, objectiveMs, most)}`} title={text}>
                  <span className="unseen">{text}</span>
                </td>
              )
            })}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** Below the objective the scale is quiet, above it alarms; traffic goes by the busiest hour, on a scale of square roots. */
function gradeOf(point: Point | undefined, measure: Measure, objectiveMs: number, most: number): string {
  if (point === undefined || point.exchanges === 0) return 'heat-none'
  switch (measure) {
    case 'latency': {
      const { p95 } = point.latencyMs
      if (p95 === null) return 'heat-none'
      const ratio = p95 / objectiveMs
      if (ratio > 1) return ratio > 2 ? 'heat-ill' : 'heat-warn'
      return `heat-${Math.min(Math.floor(ratio * grades), grades - 1)}`
    }
    case 'volume':
      return `heat-${Math.min(Math.floor(Math.sqrt(point.exchanges / most) * grades), grades - 1)}`
    case 'failures': {
      const share = (point.failed + point.unanswered) / point.exchanges
      if (share === 0) return 'heat-0'
      return share > 0.05 ? 'heat-ill' : 'heat-warn'
    }
    default:
      return measure satisfies never
  }
}

function saying(point: Point, words: Words): string {
  if (point.exchanges === 0) return `${point.at.slice(5, 16).replace('T', ' ')} · ${words.iface.noTraffic}`
  const failures = point.failed + point.unanswered
  return [
    point.at.slice(5, 16).replace('T', ' '),
    words.heat.count(countText(point.exchanges)),
    ...(point.latencyMs.p95 === null ? [] : [`p95 ${msText(point.latencyMs.p95)}`]),
    ...(failures === 0 ? [] : [words.heat.failed(countText(failures), percentText(failures / point.exchanges))]),
  ].join(' · ')
}
