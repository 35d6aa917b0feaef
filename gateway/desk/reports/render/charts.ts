import { BarChart, LineChart } from 'echarts/charts'
import { GridComponent, LegendComponent } from 'echarts/components'
import { type EChartsCoreOption, init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import type { InterfaceReport, ReportPoint } from '../../api/report-shapes.ts'
import type { Language } from '../numbers.ts'
import { type Chart, ink } from './blocks.ts'

use([BarChart, LineChart, GridComponent, LegendComponent, SVGRenderer])

/** Fonts that a reader of HTML has; the PDF has its own and takes these names for it. */
const fontFamily = 'sans-serif'
const textStyle = { fontFamily, fontSize: 9, color: ink.quiet } as const

/** Score of every interface beside that of the span before, worst first. */
export function scoreChart(interfaces: readonly InterfaceReport[], language: Language): Chart | null {
  const shown = interfaces.filter(({ score }) => score !== null)
  if (shown.length === 0) return null
  const words = language === 'zh' ? ['本期', '上期'] : ['now', 'before']
  const [now = '', before = ''] = words
  const height = 46 + shown.length * 17
  const option = {
    grid: { left: 190, right: 36, top: 22, bottom: 18 },
    legend: { top: 0, left: 190, itemWidth: 10, itemHeight: 8, textStyle, data: [now, before] },
    xAxis: { type: 'value', min: 0, max: 100, axisLabel: textStyle, splitLine: { lineStyle: { color: ink.line } } },
    yAxis: {
      type: 'category',
      inverse: true,
      data: shown.map(({ name }) => name[language]),
      axisLabel: { ...textStyle, color: ink.text, width: 150, overflow: 'truncate', interval: 0 },
      axisTick: { show: false },
      axisLine: { lineStyle: { color: ink.line } },
    },
    series: [
      {
        name: now,
        type: 'bar',
        barWidth: 6,
        data: shown.map(({ score }) => ({ value: score, itemStyle: { color: scoreColour(score) } })),
        itemStyle: { color: ink.accent },
        label: { show: true, position: 'right', ...textStyle, color: ink.text },
      },
      {
        name: before,
        type: 'bar',
        barWidth: 4,
        data: shown.map(({ scoreBefore }) => scoreBefore),
        itemStyle: { color: ink.line },
      },
    ],
  }
  const label = language === 'zh' ? '各接口得分' : 'scores of the interfaces'
  return drawn(option, 520, height, label)
}

/** What passed and what failed, step by step. */
export function pointsChart(points: readonly ReportPoint[], language: Language): Chart | null {
  if (points.every(({ exchanges }) => exchanges === 0)) return null
  const isHours = points.length >= 23 && points.length <= 25
  const [passed, failed] = language === 'zh' ? (['报文', '失败'] as const) : (['exchanges', 'failures'] as const)
  const hasErrors = points.some(({ errors }) => errors > 0)
  const axis = { type: 'value', splitNumber: 2, splitLine: { lineStyle: { color: ink.line } } }
  const option = {
    grid: { left: 34, right: 30, top: 18, bottom: 16 },
    legend: { top: 0, left: 34, itemWidth: 10, itemHeight: 7, textStyle: small, data: hasErrors ? [passed, failed] : [passed] },
    xAxis: {
      type: 'category',
      data: points.map(({ at }) => (isHours ? at.slice(11, 13) : at.slice(5, 10))),
      axisLabel: small,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: ink.line } },
    },
    yAxis: [
      { ...axis, axisLabel: { ...small, formatter: shortCount } },
      {
        ...axis,
        show: hasErrors,
        minInterval: 1,
        axisLabel: { ...small, color: ink.bad, formatter: shortCount },
        splitLine: { show: false },
      },
    ],
    series: [
      {
        name: passed,
        type: 'bar',
        data: points.map(({ exchanges }) => exchanges),
        itemStyle: { color: ink.accentLight },
        barCategoryGap: '35%',
      },
      ...(hasErrors ? [errorLine(points, failed)] : []),
    ],
  }
  return drawn(option, 236, 104, language === 'zh' ? '报文与失败' : 'exchanges and failures')
}

const small = { ...textStyle, fontSize: 7.5 } as const

/** Where nothing passed there is no point: that is not a zero. */
function errorLine(points: readonly ReportPoint[], name: string) {
  return {
    name,
    type: 'line',
    yAxisIndex: 1,
    data: points.map(({ exchanges, errors }) => (exchanges === 0 && errors === 0 ? null : errors)),
    itemStyle: { color: ink.bad },
    lineStyle: { color: ink.bad, width: 1.3 },
    symbol: 'circle',
    symbolSize: 3.5,
  }
}

function scoreColour(score: number | null): string {
  if (score === null || score >= 90) return ink.accent
  return score >= 70 ? '#c98a1b' : ink.bad
}

function shortCount(value: number): string {
  return value >= 1000 ? `${Number((value / 1000).toFixed(1))}k` : String(value)
}

function drawn(option: EChartsCoreOption, width: number, height: number, label: string): Chart {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height })
  try {
    chart.setOption({ animation: false, ...option })
    return { svg: staticOf(chart.renderToSVGString()), width, label }
  } finally {
    chart.dispose()
  }
}

/** Without the style sheet and the classes for a pointer that hovers: a report is still. */
function staticOf(svg: string): string {
  return svg
    .replace(/<style[^>]*>[\s\S]*?<\/style>/g, '')
    .replace(/ class="[^"]*"/g, '')
    .replace(/ ecmeta_[\w-]+="[^"]*"/g, '')
}
