import type { ReactNode } from 'react'

const dayMs = 86_400_000

/** The day on which something begins, midnight to midnight, with its part filled; and where now is, on the same day. */
export function DayBar({
  from,
  to,
  now,
  label,
}: {
  readonly from: string
  readonly to: string
  readonly now: string
  readonly label: string
}): ReactNode {
  const midnight = Date.parse(`${from.slice(0, 10)}T00:00:00.000${from.slice(-6)}`)
  const place = (iso: string) => Math.min(Math.max(((Date.parse(iso) - midnight) / dayMs) * 120, 0), 120)
  const [start, end] = [place(from), place(to)]
  const at = place(now)
  return (
    <svg className="change-day" viewBox="0 0 120 8" preserveAspectRatio="none" role="img" aria-label={label}>
      <rect className="change-day-ground" width="120" height="4" y="2" />
      <rect className="change-day-span" x={start} width={Math.max(end - start, 1)} height="8" />
      {at > 0 && at < 120 && <path className="change-day-now" d={`M${at.toFixed(1)} 0v8`} />}
    </svg>
  )
}
