import type { Json } from '../../model/json.ts'
import { rememberedByFamily } from '../../model/remembered.ts'
import { listOf, numberOf, recordOf, textOf } from '../../model/saved.ts'

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
const nameMax = 48
const latencyStep = Math.log(1.2)

/** A tally that is being written. */
export class Counter implements Tally {
  #counts = new NamedNumbers()
  /** Of the same names, in the same order. */
  #highs = new NamedNumbers()
  #lows = new NamedNumbers()
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
    return this.#counts
      .entries()
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
    const at = this.#counts.placeOf(key)
    if (at < 0) this.#counts.append(key, by)
    else this.#counts.values[at] = (this.#counts.values[at] ?? 0) + by
  }

  /** For names that come from the wire: bounded, and cut to some characters. */
  addNamed(prefix: string, name: string): void {
    this.#addBounded(keyOf(prefix, name.length > nameMax ? name.slice(0, nameMax) : name), 1)
  }

  note(key: string, value: number): void {
    this.#widen(key, value, value)
  }

  recordMs(ms: number): void {
    const step = Math.ceil(Math.log(Math.max(ms, 0.01)) / latencyStep)
    this.#latencies.set(step, (this.#latencies.get(step) ?? 0) + 1)
  }

  merge(other: Counter): void {
    const { names, values } = other.#counts
    for (let i = 0; i < names.length; i += 1) this.#addBounded(names[i] ?? '', values[i] ?? 0)
    const { names: noted, values: highs } = other.#highs
    for (let i = 0; i < noted.length; i += 1) this.#widen(noted[i] ?? '', highs[i] ?? 0, other.#lows.values[i] ?? 0)
    for (const [step, n] of other.#latencies) this.#latencies.set(step, (this.#latencies.get(step) ?? 0) + n)
  }

  #addBounded(key: string, by: number): void {
    const at = this.#counts.placeOf(key)
    if (at >= 0) this.#counts.values[at] = (this.#counts.values[at] ?? 0) + by
    else if (this.#counts.names.length < keysMax) this.#counts.append(key, by)
    else this.add(key.includes(':') ? `${key.slice(0, key.indexOf(':'))}:other` : key, by)
  }

  #widen(key: string, high: number, low: number): void {
    const at = this.#highs.placeOf(key)
    if (at < 0) {
      this.#highs.append(key, high)
      this.#lows.append(key, low)
      return
    }
    const { values: highs } = this.#highs
    const { values: lows } = this.#lows
    highs[at] = Math.max(high, highs[at] ?? high)
    lows[at] = Math.min(low, lows[at] ?? low)
  }

  save(): Json {
    return {
      c: this.#counts.entries().flat(),
      h: this.#highs.entries().flat(),
      l: this.#lows.entries().flat(),
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

/**
 * Numbers by name, in the order of first use; a few dozen. Exchanges are counted, and stretches merged, name after name in much the same order, so each is looked for from where the last
 * was found: nearly always it stands there, and nothing is hashed.
 */
class NamedNumbers {
  readonly names: string[] = []
  readonly values: number[] = []
  #next = 0

  /** -1: that name isn't there. */
  placeOf(name: string): number {
    const { names } = this
    let at = this.#next
    for (let left = names.length; left > 0; left -= 1) {
      if (at >= names.length) at = 0
      if (names[at] === name) {
        this.#next = at + 1
        return at
      }
      at += 1
    }
    return -1
  }

  get(name: string): number | undefined {
    return this.values[this.placeOf(name)]
  }

  append(name: string, value: number): void {
    this.names.push(name)
    this.values.push(value)
    this.#next = this.names.length
  }

  entries(): readonly (readonly [name: string, value: number])[] {
    return this.names.map((name, i) => [name, this.values[i] ?? 0] as const)
  }
}

/** `prefix:name`, the same text for the same name: it is made once, and found in a tally without a look at its letters. */
export const keyOf = rememberedByFamily((prefix, name) => `${prefix}:${name}`, { entriesMax: 500 })

/** The sum of several tallies. */
export function sumOf(parts: Iterable<Counter>): Counter {
  const sum = new Counter()
  for (const part of parts) sum.merge(part)
  return sum
}

function namedNumbers(saved: Json | undefined): NamedNumbers {
  const flat = listOf(saved)
  const named = new NamedNumbers()
  for (let i = 0; i + 1 < flat.length; i += 2) named.append(textOf(flat[i]), numberOf(flat[i + 1]))
  return named
}
