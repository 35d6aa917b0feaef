import { type ReactNode, useMemo } from 'react'
import type { Series } from '../../../gateway/desk/api/shapes.ts'
import Chart from '../parts/chart.tsx'
import { Panel } from '../parts/panel.tsx'
import { msText } from '../parts/time.ts'
import { palette, type ThemeName, useTheme } from '../theme.tsx'
import { useWords } from '../words/language.tsx'
import type { Words } from '../words/zh.ts'
import { chartFrame, plainBars } from './chart-frame.ts'

/** Counts by outcome and the latency's quantiles over the same time, one above the other's time axis. */
export default function SeriesCharts({
  series,
  objectiveMs,
  isLong,
}: {
  readonly series: Series
  readonly objectiveMs: number
  readonly isLong: boolean
}): ReactNode {
  const words = useWords()
  const theme = useTheme().name
  const counts = useMemo(() => countsOption(series, theme, words, isLong), [series, theme, words, isLong])
  const latency = useMemo(
    () => latencyOption(series, objectiveMs, theme, words, isLong),
    [series, objectiveMs, theme, words, isLong],
  )
  const isAnswered = series.points.some(({ latencyMs }) => latencyMs.p50 !== null)
  return (
    <div className={isAnswered ? 'columns columns-charts' : 'columns'}>
      <Panel title={words.iface.counts}>
        <Chart className="chart" option={counts} label={words.iface.counts} />
      </Panel>
      {isAnswered && (
        <Panel title={words.iface.latency}>
          <Chart className="chart" option={latency} label={words.iface.latency} />
        </Panel>
      )}
    </div>
  )
}

function countsOption(series: Series, theme: ThemeName, words: Words, isLong: boolean) {
  const colors = palette[theme]
  const { points } = series
  const bar = (name: string, color: string, values: readonly number[]) => ({
    type: 'bar',
    name,
    stack: 'outcomes',
    barCategoryGap: '15%',
    itemStyle: { color },
    data: values,
  })
  const all = [
    bar(
      words.outcomes.answered,
      plainBars[theme],
      points.map((p) => p.answered),
    ),
    bar(
      words.outcomes['one-way'],
      colors.faint,
      points.map((p) => p.oneWay),
    ),
    bar(
      words.outcomes.failed,
      colors.ill,
      points.map((p) => p.failed),
    ),
    bar(
      words.outcomes.unanswered,
      colors.warn,
      points.map((p) => p.unanswered),
    ),
    bar(
      words.outcomes.orphan,
      colors.quiet,
      points.map((p) => p.orphans),
    ),
  ]
  // An outcome that never happened has no place in the legend.
  const seen = all.filter(({ data }) => data.some((n) => n > 0))
  return {
    ...chartFrame(
      points.map(({ at }) => at),
      theme,
      isLong,
    ),
    series: seen.length === 0 ? all.slice(0, 1) : seen,
  }
}

function latencyOption(series: Series, objectiveMs: number, theme: ThemeName, words: Words, isLong: boolean) {
  const colors = palette[theme]
  const { points } = series
  const line = (name: string, color: string, width: number, values: readonly (number | null)[]) => ({
    type: 'line',
    name,
    showSymbol: false,
    connectNulls: false,
    lineStyle: { color, width },
    itemStyle: { color },
    data: values,
  })
  const base = chartFrame(
    points.map(({ at }) => at),
    theme,
    isLong,
  )
  const objective = {
    symbol: 'none',
    silent: true,
    data: [{ yAxis: objectiveMs }],
    lineStyle: { color: colors.quiet, type: 'dashed', width: 1 },
    label: { formatter: `${words.iface.objectiveLine} ${msText(objectiveMs)}`, color: colors.quiet, position: 'insideEndTop' },
  }
  return {
    ...base,
    tooltip: { ...base.tooltip, valueFormatter: (ms: number | null) => msText(ms) },
    yAxis: {
      ...base.yAxis,
      type: 'log',
      logBase: 10,
      axisLabel: { color: colors.quiet, formatter: (ms: number) => msText(ms) },
    },
    series: [
      line(
        'p50',
        colors.faint,
        1.5,
        points.map((p) => positive(p.latencyMs.p50)),
      ),
      {
        ...line(
          'p95',
          colors.accent,
          2,
          points.map((p) => positive(p.latencyMs.p95)),
        ),
        markLine: objective,
      },
      line(
        'p99',
        colors.quiet,
        1.2,
        points.map((p) => positive(p.latencyMs.p99)),
      ),
    ],
  }
}

/** A logarithmic axis has no zero: below a tenth of a millisecond everything is a tenth. */
function positive(ms: number | null): number | null {
  return ms === null ? null : Math.max(ms, 0.1)
}
