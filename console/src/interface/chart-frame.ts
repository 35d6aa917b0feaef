import { palette, type ThemeName } from '../theme.tsx'

/** What the charts of an interface have in common: axes, legend and tooltip over these instants. `isLong`: with the day. */
export function chartFrame(instants: readonly string[], theme: ThemeName, isLong: boolean) {
  const colors = palette[theme]
  const names = instants.map((at) => (isLong ? at.slice(5, 16).replace('T', ' ') : at.slice(11, 16)))
  return {
    tooltip: {
      trigger: 'axis',
      backgroundColor: colors.surface,
      borderColor: colors.line,
      textStyle: { color: colors.ink, fontSize: 13 },
      axisPointer: { lineStyle: { color: colors.quiet } },
    },
    legend: {
      top: 0,
      right: 8,
      itemWidth: 12,
      itemHeight: 8,
      icon: 'roundRect',
      textStyle: { color: colors.quiet, fontSize: 12 },
    },
    grid: { left: 8, right: 12, top: 30, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    xAxis: {
      type: 'category',
      data: names,
      axisLine: { lineStyle: { color: colors.line } },
      axisTick: { show: false },
      axisLabel: { color: colors.quiet, hideOverlap: true },
    },
    yAxis: {
      type: 'value',
      minInterval: 1,
      splitLine: { lineStyle: { color: colors.line } },
      axisLabel: { color: colors.quiet },
    },
  }
}

/** The bars of what came and was well. */
export const plainBars = { light: '#9db8b4', dark: '#4d6f6d' } as const
