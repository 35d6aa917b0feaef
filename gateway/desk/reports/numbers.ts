/** Numbers as people read them in a report; the same in every format. */
import type { Text } from '../../model/text.ts'

export type Language = 'zh' | 'en'

/** Digits in groups of three. */
export function countText(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** A share as a percentage that never rounds up to 100 %: 0.99996 is 99.99 %. */
export function percentText(share: number): string {
  return share >= 1 ? '100%' : `${(Math.floor(share * 10_000 + 1e-7) / 100).toFixed(2)}%`
}

export function msText(ms: number): string {
  if (ms < 10) return `${ms.toFixed(1)} ms`
  return ms < 1000 ? `${Math.round(ms)} ms` : secondsText(ms / 1000)
}

function secondsText(s: number): string {
  return `${s.toFixed(s < 10 ? 2 : s < 100 ? 1 : 0)} s`
}

/** A length of time, two units at most. */
export function lengthText(seconds: number): Text {
  const s = Math.max(Math.round(seconds), 0)
  if (s < 60) return { zh: `${s} 秒`, en: `${s} s` }
  const min = Math.round(s / 60)
  if (min < 60) return { zh: `${min} 分钟`, en: `${min} min` }
  const [d, h, rest] = [Math.floor(min / 1440), Math.floor((min % 1440) / 60), min % 60]
  if (d > 0) return h === 0 ? { zh: `${d} 天`, en: `${d} d` } : { zh: `${d} 天 ${h} 小时`, en: `${d} d ${h} h` }
  return rest === 0 ? { zh: `${h} 小时`, en: `${h} h` } : { zh: `${h} 小时 ${rest} 分`, en: `${h} h ${rest} min` }
}

/** Seconds of a clock's offset with its direction. */
export function offsetText(s: number): string {
  const size = Math.abs(s)
  const sign = s < 0 ? '-' : '+'
  if (size < 1) return `${sign}${Math.round(size * 1000)} ms`
  if (size < 120) return `${sign}${size.toFixed(1)} s`
  return size < 5400 ? `${sign}${(size / 60).toFixed(1)} min` : `${sign}${(size / 3600).toFixed(2)} h`
}

/** `+12`, `-3`, `±0`. */
export function signed(difference: number, digits = 0): string {
  const rounded = Number(difference.toFixed(digits))
  if (rounded === 0) return '±0'
  return `${rounded > 0 ? '+' : '-'}${digits === 0 ? countText(Math.abs(rounded)) : Math.abs(rounded).toFixed(digits)}`
}

/** The middle of the values; null without any. */
export function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const [low, high] = [sorted[middle - 1], sorted[middle]]
  if (high === undefined) return null
  return sorted.length % 2 === 1 || low === undefined ? high : (low + high) / 2
}

export function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((a, b) => a + b, 0) / values.length
}
