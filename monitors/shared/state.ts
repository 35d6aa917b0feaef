import type { Json } from '../../gateway/model/json.ts'

/**
 * How one part of a monitor's memory starts, is written to the database and is read back as the same value. A monitor declares
 * its memory once, of these parts; its type, its saved form and its bounds follow from the declaration.
 */
export interface Part<T> {
  fresh(): T
  /** A copy: later changes of `value` don't show in it. */
  write(value: T): Json
  /** Throws RangeError for what `write` can't have written. */
  read(saved: Json): T
}

/** The value that a part holds. */
export type Held<P> = P extends Part<infer T> ? T : never

type Fields<P> = { -readonly [K in keyof P]: Held<P[K]> }

/** A finite number. Doubles survive JSON exactly. */
export function amount(initial = 0): Part<number> {
  return {
    fresh: () => initial,
    write: (value) => value,
    read: (saved) => (typeof saved === 'number' ? saved : foreign('a number')),
  }
}

export function word(initial = ''): Part<string> {
  return {
    fresh: () => initial,
    write: (value) => value,
    read: (saved) => (typeof saved === 'string' ? saved : foreign('a text')),
  }
}

/** A truth, written as 0 or 1. */
export function flag(initial = false): Part<boolean> {
  return { fresh: () => initial, write: (value) => (value ? 1 : 0), read: (saved) => saved === 1 }
}

/** What another has saved, as it is. */
export const raw: Part<Json> = { fresh: () => null, write: (value) => value, read: (saved) => saved }

/** Null until it is set. */
export function maybe<T>(part: Part<T>): Part<T | null> {
  return {
    fresh: () => null,
    write: (value) => (value === null ? null : [part.write(value)]),
    read: (saved) => (saved === null ? null : part.read(items(saved)[0] ?? foreign('a value'))),
  }
}

/** Starts with `length` fresh items (none by default); the monitor bounds its growth. */
export function list<T>(part: Part<T>, length = 0): Part<T[]> {
  return {
    fresh: () => Array.from({ length }, () => part.fresh()),
    write: (value) => value.map((item) => part.write(item)),
    read: (saved) => items(saved).map((item) => part.read(item)),
  }
}

/** A map by text, in the order of first use, which is part of what is saved. */
export function keyed<T>(part: Part<T>): Part<Map<string, T>> {
  return {
    fresh: () => new Map(),
    write: (value) => [...value].map(([key, item]) => [key, part.write(item)]),
    read: (saved) =>
      new Map(
        items(saved).map((pair) => {
          const [key, item] = items(pair)
          return [typeof key === 'string' ? key : foreign('a key'), part.read(item ?? null)]
        }),
      ),
  }
}

/** What a map holds by that key, begun where it held nothing; null where it would hold more than `max`. */
export function heldAt<T>(held: Map<string, T>, key: string, part: Part<T>, max: number): T | null {
  const known = held.get(key)
  if (known !== undefined) return known
  if (held.size >= max) return null
  const fresh = part.fresh()
  held.set(key, fresh)
  return fresh
}

/** Named parts, written by position: names cost nothing in the database. */
export function record<P extends { readonly [name: string]: Part<unknown> }>(parts: P): Part<Fields<P>> {
  const named = Object.entries(parts)
  const isWhole = (made: unknown): made is Fields<P> =>
    typeof made === 'object' && made !== null && named.every(([name]) => name in made)
  const build = (value: (part: Part<unknown>, index: number) => unknown): Fields<P> => {
    const made: unknown = Object.fromEntries(named.map(([name, part], index) => [name, value(part, index)]))
    return isWhole(made) ? made : foreign('a record')
  }
  return {
    fresh: () => build((part) => part.fresh()),
    write: (value) => named.map(([name, part]) => part.write(value[name])),
    read: (saved) => {
      const list = items(saved)
      if (list.length !== named.length) foreign('a record of this version')
      return build((part, index) => part.read(list[index] ?? null))
    },
  }
}

/**
 * A whole memory under a version. What another version of the monitor saved is not guessed at: the memory starts fresh, and the
 * monitor learns again.
 */
export function versioned<T>(version: number, part: Part<T>): { start(saved: Json | null): T; save(value: T): Json } {
  return {
    start: (saved) => (Array.isArray(saved) && saved[0] === version ? part.read(saved[1] ?? null) : part.fresh()),
    save: (value) => [version, part.write(value)],
  }
}

function items(saved: Json): readonly Json[] {
  return isList(saved) ? saved : foreign('a list')
}

function isList(saved: Json): saved is readonly Json[] {
  return Array.isArray(saved)
}

function foreign(what: string): never {
  throw new RangeError(`saved monitor state is not ${what}`)
}
