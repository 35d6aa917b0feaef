import type { LoggedEntry } from '../../gateway/model/entry.ts'
import type { Instant, Millis } from '../../gateway/model/time.ts'

/** While the gateway's clock was wrong, and by how much: ahead where positive. */
export interface WrongClock {
  readonly from: Instant
  readonly to: Instant
  readonly byMs: Millis
}

/** The entries as a gateway with such a clock logs them. What messages say of their own time stays: other machines wrote it. */
export function* seenBy(entries: Iterable<LoggedEntry>, { from, to, byMs }: WrongClock): Generator<LoggedEntry> {
  for (const { position, entry } of entries)
    yield { position, entry: entry.at >= from && entry.at < to ? moved(entry, byMs) : entry }
}

/** Instants stand in entries as numbers that nothing else comes near. */
function moved<T>(value: T, byMs: Millis): T
function moved(value: unknown, byMs: Millis): unknown {
  if (typeof value === 'number') return value > 1e12 ? value + byMs : value
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  if (Array.isArray(value)) return value.map((one) => moved(one, byMs))
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, moved(one, byMs)]))
}
