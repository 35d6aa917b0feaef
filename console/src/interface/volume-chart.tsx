import { type ReactNode, useMemo } from 'react'
import type { Volume } from '../../../gateway/desk/api/interface-shapes.ts'
import Chart from '../parts/chart.tsx'
import { palette, useTheme } from '../theme.tsx'
import { useWords } from '../words/language.tsx'
import { chartFrame, plainBars } from './chart-frame.ts'

/** What came by the hour as bars, and what was expected as steps over them. */
export default function VolumeChart({ points }: { readonly points: Volume['points'] }): ReactNode {
  const { past } = useWords()
  const theme = useTheme().name
  const option = useMemo(() => {
    const { accent } = palette[theme]
    const instants = points.map(({ at }) => at)
    const came = {
      type: 'bar',
      name: past.came,
      barCategoryGap: '15%',
      itemStyle: { color: plainBars[theme] },
      data: points.map(({ exchanges }) => exchanges),
    }
    const expected = {
      type: 'line',
      name: past.expected,
      step: 'middle',
      symbol: 'none',
      connectNulls: false,
      lineStyle: { color: accent, width: 2 },
      itemStyle: { color: accent },
      data: points.map((point) => point.expected),
    }
    const isKnown = points.some((point) => point.expected !== null)
    return { ...chartFrame(instants, theme, false), series: isKnown ? [came, expected] : [came] }
  }, [points, theme, past])
  return <Chart className="chart" option={option} label={past.volume} />
}
