/** Milliseconds since 1970-01-01T00:00Z; the fraction carries microseconds. */
export type Instant = number

/** A length of time in milliseconds. */
export type Millis = number

/** The clock and the timers of a process. Only `gateway/clock.ts` makes the real one; tests make their own. */
export interface Clock {
  now(): Instant
  /** Never goes back; for durations only. Milliseconds, unknown origin. */
  monotonic(): Millis
  /** Calls `run` once after `delayMs`. Returns what cancels it. */
  after(delayMs: Millis, run: () => void): () => void
}

/** Resolves after that time, or at once when `signal` says stop. */
export function pause(clock: Clock, delayMs: Millis, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const done = () => {
      cancel()
      signal.removeEventListener('abort', done)
      resolve()
    }
    const cancel = clock.after(delayMs, done)
    signal.addEventListener('abort', done)
  })
}

/** ISO 8601 with milliseconds and the zone's offset, as the API and the reports print it: `2026-11-22T00:00:00.000+08:00`. */
export function isoInZone(at: Instant, timeZone: string): string {
  const offsetMin = zoneOffsetMin(at, timeZone)
  const local = new Date(Math.floor(at) + offsetMin * 60_000).toISOString().slice(0, -1)
  const sign = offsetMin < 0 ? '-' : '+'
  const absolute = Math.abs(offsetMin)
  const two = (n: number) => String(n).padStart(2, '0')
  return `${local}${sign}${two(Math.floor(absolute / 60))}:${two(absolute % 60)}`
}

/** Minutes that the zone's wall clock is ahead of UTC at that instant. */
export function zoneOffsetMin(at: Instant, timeZone: string): number {
  const hour = Math.floor(at / 3_600_000)
  const known = offsets.get(timeZone)
  if (known?.hour === hour) return known.offsetMin
  const part = formatter(timeZone)
    .formatToParts(new Date(at))
    .find((p) => p.type === 'timeZoneName')
  const match = /GMT(?:([+-])(\d{2}):(\d{2}))?/.exec(part?.value ?? '')
  const size = Number(match?.[2] ?? 0) * 60 + Number(match?.[3] ?? 0)
  const offsetMin = match?.[1] === '-' ? -size : size
  offsets.set(timeZone, { hour, offsetMin })
  return offsetMin
}

/** A pure cache: the answer for one zone in one hour never changes (zones step at whole hours of UTC, or at halves that no listed zone uses). */
const offsets = new Map<string, { readonly hour: number; readonly offsetMin: number }>()
const formatters = new Map<string, Intl.DateTimeFormat>()

function formatter(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
  formatters.set(timeZone, made)
  return made
}
