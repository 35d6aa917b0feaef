import type { Instant } from '../../gateway/model/time.ts'
import { amount, type Held, list, record } from '../shared/state.ts'

/**
 * Multi-window, multi-burn-rate alerting (SRE Workbook, chapter 5): the error budget is being used up this many times too fast, over a
 * long window and, still now, over a short one. It sees a moderate share of failures at high volume, which the CUSUM is not tuned for.
 */
export const burnPart = record({ fine: list(list(amount())), coarse: list(list(amount())) })
export type Burn = Held<typeof burnPart>

export interface BurnVerdict {
  /** Worst burn of the windows that fired. */
  readonly burn: number
  /** Share of failures in the long window that fired. */
  readonly share: number
  /** The slowest pair asks for work, not for waking anybody. */
  readonly isSlow: boolean
}

const minute = 60_000
const fineMs = 5 * minute
const coarseMs = 30 * minute

const pairs = [
  { longMs: 60 * minute, shortMs: 5 * minute, burn: 14.4, isSlow: false },
  { longMs: 360 * minute, shortMs: 30 * minute, burn: 6, isSlow: false },
  { longMs: 72 * 60 * minute, shortMs: 360 * minute, burn: 1, isSlow: true },
] as const

const failedMin = 3
/** A share of a handful of messages is no share. */
const seenMin = 100
/** -ln of the chance that the usual share gives this many failures: e^-14 < 10^-6. */
const surpriseMin = 14

/** Counts one message. Slots are [number, messages, failures]; an hour of five minutes, three days of half hours. */
export function countBurn(burn: Burn, at: Instant, isFailed: boolean): void {
  count(burn.fine, Math.floor(at / fineMs), isFailed, 12)
  count(burn.coarse, Math.floor(at / coarseMs), isFailed, 144)
}

/** What was told is told: failures so far count no more, and only new ones can make the windows fire again. */
export function forgetFailures(burn: Burn): void {
  for (const slot of [...burn.fine, ...burn.coarse]) slot[2] = 0
}

/** Null: no pair of windows fires. Call it after a failure: a success can't make one fire. */
export function burnVerdict(burn: Burn, at: Instant, budget: number, usualShare: number): BurnVerdict | null {
  for (const pair of pairs) {
    const long = total(burn, at, pair.longMs)
    if (long.failed < failedMin || long.seen < seenMin) continue
    const longBurn = long.failed / long.seen / budget
    if (longBurn < pair.burn || surprise(long.failed, long.seen * usualShare) < surpriseMin) continue
    const short = total(burn, at, pair.shortMs)
    if (short.seen === 0 || short.failed / short.seen / budget < pair.burn) continue
    return { burn: longBurn, share: long.failed / long.seen, isSlow: pair.isSlow }
  }
  return null
}

/** -ln of Chernoff's bound on P(X >= k) for a Poisson X of this mean; 0 where k is no more than the mean. */
export function surprise(k: number, mean: number): number {
  return k <= mean ? 0 : k * Math.log(k / mean) - (k - mean)
}

function count(slots: number[][], number: number, isFailed: boolean, max: number): void {
  let slot = slots.at(-1)
  if (slot === undefined || (slot[0] ?? 0) < number) {
    slot = [number, 0, 0]
    slots.push(slot)
    if (slots.length > max) slots.shift()
  }
  slot[1] = (slot[1] ?? 0) + 1
  if (isFailed) slot[2] = (slot[2] ?? 0) + 1
}

function total(burn: Burn, at: Instant, windowMs: number): { seen: number; failed: number } {
  const isFine = windowMs <= 12 * fineMs
  const first = Math.floor((at - windowMs) / (isFine ? fineMs : coarseMs)) + 1
  let seen = 0
  let failed = 0
  for (const [number = 0, n = 0, f = 0] of isFine ? burn.fine : burn.coarse) {
    if (number < first) continue
    seen += n
    failed += f
  }
  return { seen, failed }
}
