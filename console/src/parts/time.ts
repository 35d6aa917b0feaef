import type { Words } from '../words/zh.ts'

/**
 * Instants come as ISO 8601 in the hospital's zone, and are shown by their own digits: the reader's browser may stand in any zone,
 * what it shows is the hospital's wall clock.
 */
export function clockTime(iso: string, precision: 'min' | 's' | 'ms' = 's'): string {
  return iso.slice(11, precision === 'min' ? 16 : precision === 's' ? 19 : 23)
}

/** `11-23 08:14:05`, without the day when it is the day of `today`. */
export function dayTime(iso: string, today: string | null, precision: 'min' | 's' | 'ms' = 's'): string {
  const time = clockTime(iso, precision)
  return today !== null && iso.slice(0, 10) === today.slice(0, 10) ? time : `${iso.slice(5, 10)} ${time}`
}

/** Milliseconds from `from` to `to`, both ISO. */
export function msBetween(from: string, to: string): number {
  return Date.parse(to) - Date.parse(from)
}

/** A length of time for people: two units at most, `3 h 12 min`. */
export function lengthText(ms: number, words: Words): string {
  const { units } = words
  const s = Math.max(Math.round(ms / 1000), 0)
  if (s < 60) return `${s} ${units.s}`
  const min = Math.floor(s / 60)
  if (min < 60) return `${min} ${units.min}`
  const h = Math.floor(min / 60)
  if (h < 24) return min % 60 === 0 ? `${h} ${units.h}` : `${h} ${units.h} ${min % 60} ${units.min}`
  const d = Math.floor(h / 24)
  return h % 24 === 0 ? `${d} ${units.d}` : `${d} ${units.d} ${h % 24} ${units.h}`
}

/** Milliseconds as they are read on an instrument: three figures, with the unit that fits. */
export function msText(ms: number | null): string {
  if (ms === null) return '—'
  if (ms < 10) return `${ms.toFixed(1)} ms`
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`
  return `${(ms / 60_000).toFixed(1)} min`
}

/** Seconds of a clock's offset: figures that its error bound allows. */
export function offsetText(s: number): string {
  const size = Math.abs(s)
  if (size < 1) return `${Math.round(size * 1000)} ms`
  if (size < 120) return `${size.toFixed(1)} s`
  if (size < 5400) return `${(size / 60).toFixed(1)} min`
  return `${(size / 3600).toFixed(2)} h`
}

/** The zone's offset as the ISO text carries it: `+08:00`. */
export function zoneOf(iso: string): string {
  return /(?:Z|[+-]\d{2}:\d{2})$/.exec(iso)?.[0].replace('Z', '+00:00') ?? '+00:00'
}

/** ISO in the same zone as `like`, `ms` earlier or later. */
export function shifted(like: string, ms: number): string {
  const zone = zoneOf(like)
  const sign = zone.startsWith('-') ? -1 : 1
  const offsetMs = sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6))) * 60_000
  return `${new Date(Date.parse(like) + ms + offsetMs).toISOString().slice(0, -1)}${zone}`
}
