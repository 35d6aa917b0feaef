import type { ReactNode } from 'react'

const width = 120
const height = 26

/** Sixty minutes as bars: what passed, and below in colour what failed of it. Its own scale: the shape is what it shows. */
export function Sparkline({
  exchanges,
  failed,
  label,
}: {
  readonly exchanges: readonly number[]
  readonly failed: readonly number[]
  readonly label: string
}): ReactNode {
  const most = Math.max(...exchanges, 1)
  const step = width / Math.max(exchanges.length, 1)
  const bar = (count: number) => (count === 0 ? 0 : Math.max((count / most) * (height - 2), 1))
  return (
    <svg className="sparkline" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label} preserveAspectRatio="none">
      <path className="sparkline-base" d={`M0 ${height - 0.5}H${width}`} />
      <path className="sparkline-all" d={bars(exchanges.map(bar), step)} />
      <path className="sparkline-failed" d={bars(failed.map(bar), step)} />
    </svg>
  )
}

function bars(heights: readonly number[], step: number): string {
  return heights
    .map((size, i) =>
      size === 0
        ? ''
        : `M${(i * step).toFixed(1)} ${height}v${-size.toFixed(1)}h${(step * 0.72).toFixed(2)}v${size.toFixed(1)}z`,
    )
    .join('')
}
