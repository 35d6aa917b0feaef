import { amount, list, type Part } from './state.ts'

/**
 * The last `max` of some numbers. None moves up when another comes: it takes the place of the oldest. Numbers alone, as V8 keeps these as they are; where one
 * function fills lists of several kinds, each number becomes an object of its own.
 */
export interface Last {
  readonly max: number
  /** In whatever order. */
  readonly items: number[]
  /** Where the oldest stands, once there are so many. */
  oldest: number
}

const numbers = list(amount())

/** In the database from the oldest. */
export function lastOf(max: number): Part<Last> {
  return {
    fresh: () => ({ max, items: [], oldest: 0 }),
    write: (value) => [...oldestFirst(value)],
    read: (saved) => ({ max, items: numbers.read(saved).slice(-max), oldest: 0 }),
  }
}

export function keep(last: Last, item: number): void {
  const { max, items, oldest } = last
  if (items.length < max) {
    items.push(item)
    return
  }
  items[oldest] = item
  last.oldest = oldest + 1 === max ? 0 : oldest + 1
}

export function oldestFirst({ items, oldest }: Last): readonly number[] {
  return oldest === 0 ? items : [...items.slice(oldest), ...items.slice(0, oldest)]
}
