import { BarChart, GraphChart, LineChart } from 'echarts/charts'
import { GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from 'echarts/components'
import { type EChartsCoreOption, init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { type ReactNode, useEffect, useRef } from 'react'

use([BarChart, LineChart, GraphChart, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, CanvasRenderer])

/** A chart that fills its place and follows its size. `onClick` gets the `name` of what was clicked. The canvas is described by `label`. */
export default function Chart({
  option,
  label,
  className,
  onClick,
}: {
  readonly option: EChartsCoreOption
  readonly label: string
  readonly className: string
  readonly onClick?: (name: string) => void
}): ReactNode {
  const place = useRef<HTMLDivElement>(null)
  const chart = useRef<ReturnType<typeof init> | null>(null)
  const click = useRef(onClick)
  click.current = onClick
  useEffect(() => {
    if (place.current === null) return
    const made = init(place.current)
    chart.current = made
    made.on('click', ({ name }) => click.current?.(name))
    const observer = new ResizeObserver(() => made.resize())
    observer.observe(place.current)
    return () => {
      observer.disconnect()
      made.dispose()
      chart.current = null
    }
  }, [])
  useEffect(() => {
    chart.current?.setOption({ animation: false, ...option }, { notMerge: true })
  }, [option])
  return <div ref={place} className={className} role="img" aria-label={label} />
}
