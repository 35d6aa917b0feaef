import type { Json } from '../model/json.ts'
import { listOf, numberOf, recordOf, textOf } from '../model/saved.ts'

/**
 * Counts, extremes and a coarse latency histogram of some stretch of one interface's traffic. Merging is exact and its order
 * doesn't matter. `sight.ts` lists every key and says what it means.
 */
export interface Tally {
  /** How often; 0 for what never happened. */
  count(key: string): number
  /** The largest or smallest value noted; null when none was. */
  high(key: string): number | null
  low(key: string): number | null
  /** Names and counts of all keys `prefix:name`, most frequent first, ties by name. */
  top(prefix: string): readonly { readonly name: string; readonly count: number }[]
  /** Latency at `q` (0..1), within 10 %; null when nothing was answered. */
  quantileMs(q: number): number | null
}

/** Distinct keys a tally holds; names beyond it are counted under `prefix:other`, so that a hostile sender can't fill memory. */
const keysMax = 160
const latencyStep = Math.log(1.2)

/** A tally that is being written. */
export class Counter implements Tally {
  #counts = new Map<string, number>()
  #highs = new Map<string, number>()
  #lows = new Map<string, number>()
  #latencies = new Map<number, number>()

  count(key: string): number {
    return this.#counts.get(key) ?? 0
  }

  high(key: string): number | null {
    return this.#highs.get(key) ?? null
  }

  low(key: string): number | null {
    return this.#lows.get(key) ?? null
  }

  top(prefix: string): readonly { readonly name: string; readonly count: number }[] {
    const start = `${prefix}:`
    return [...this.#counts]
      .filter(([key]) => key.startsWith(start))
      .map(([key, count]) => ({ name: key.slice(start.length), count }))
      .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))
  }

  quantileMs(q: number): number | null {
    const steps = [...this.#latencies].sort((a, b) => a[0] - b[0])
    const total = steps.reduce((sum, [, n]) => sum + n, 0)
    if (total === 0) return null
    let seen = 0
    for (const [step, n] of steps) {
      seen += n
      if (seen > q * (total - 1)) return Math.exp((step - 0.5) * latencyStep)
    }
    return null
  }

  add(key: string, by = 1): void {
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + by)
  }

  /** For names that come from the wire: bounded, and cut to 48 characters. */
  addNamed(prefix: string, name: string): void {
    const key = `${prefix}:${name.length > 48 ? name.slice(0, 48) : name}`
    const known = this.#counts.get(key)
    if (known !== undefined) this.#counts.set(key, known + 1)
    else if (this.#counts.size < keysMax) this.#counts.set(key, 1)
    else this.add(`${prefix}:other`)
  }

  note(key: string, value: number): void {
    const high = this.#highs.get(key)
    if (high === undefined || value > high) this.#highs.set(key, value)
    const low = this.#lows.get(key)
    if (low === undefined || value < low) this.#lows.set(key, value)
  }

  recordMs(ms: number): void {
    const step = Math.ceil(Math.log(Math.max(ms, 0.01)) / latencyStep)
    this.#latencies.set(step, (this.#latencies.get(step) ?? 0) + 1)
  }

  merge(other: Counter): void {
    for (const [key, count] of other.#counts) {
      const known = this.#counts.get(key)
      if (known !== undefined || this.#counts.size < keysMax) this.#counts.set(key, (known ?? 0) + count)
      else this.add(key.includes(':') ? `${key.slice(0, key.indexOf(':'))}:other` : key, count)
    }
    for (const [key, value] of other.#highs) this.#highs.set(key, Math.max(value, this.#highs.get(key) ?? value))
    for (const [key, value] of other.#lows) this.#lows.set(key, Math.min(value, this.#lows.get(key) ?? value))
    for (const [step, n] of other.#latencies) this.#latencies.set(step, (this.#latencies.get(step) ?? 0) + n)
  }

  save(): Json {
    return {
      c: [...this.#counts].flat(),
      h: [...this.#highs].flat(),
      l: [...this.#lows].flat(),
      m: [...this.#latencies].flat(),
    }
  }

  load(saved: Json | undefined): void {
    const state = recordOf(saved)
    this.#counts = namedNumbers(state.c)
    this.#highs = namedNumbers(state.h)
    this.#lows = namedNumbers(state.l)
    const steps = listOf(state.m).map(numberOf)
    for (let i = 0; i + 1 < steps.length; i += 2) this.#latencies.set(steps[i] ?? 0, steps[i + 1] ?? 0)
  }
}

/** The sum of several tallies. */
export function sumOf(parts: Iterable<Counter>): Counter {
  const sum = new Counter()
  for (const part of parts) sum.merge(part)
  return sum
}

function namedNumbers(saved: Json | undefined): Map<string, number> {
  const flat = listOf(saved)
  const map = new Map<string, number>()
  for (let i = 0; i + 1 < flat.length; i += 2) map.set(textOf(flat[i]), numberOf(flat[i + 1]))
  return map
}
