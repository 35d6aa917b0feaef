/**
 * The customer's rule of the growing errors: a week with 30 % more errors than the week before is told
 * ("近一周报错日志增长30%,立即启动预警机制"). Guarded, so that small numbers and busier weeks don't cry wolf.
 */

/** One interface over one span. */
export interface ErrorSpan {
  /** Exchanges that failed or were not answered. */
  readonly errors: number
  readonly exchanges: number
}

/**
 * warn: the rule holds. few: too few errors to say anything. busier: more errors, but no larger share of the traffic.
 * chance: 30 % more, but within what two equal weeks may differ by. no-before: nothing was observed before, so there is nothing to
 * compare with. steady: less than 30 % more.
 */
export type TrendVerdict = 'warn' | 'few' | 'busier' | 'chance' | 'no-before' | 'steady'

export interface ErrorTrend {
  readonly verdict: TrendVerdict
  /** Errors now for each error before; null where there was none before. */
  readonly ratio: number | null
}

/** Fewer errors than this in the later span say nothing. */
const trendErrorsMin = 20
/** Times the square root of all errors of both spans that the difference must be: one in forty pairs of equal weeks passes that. */
const chanceSigmas = 1.96

/** Compares a span with the one of equal length before it. Whole numbers are compared: 1.2999 is not 1.3, and 1.3 is. */
export function errorTrend(before: ErrorSpan, after: ErrorSpan): ErrorTrend {
  const ratio = before.errors === 0 ? null : after.errors / before.errors
  const said = (verdict: TrendVerdict): ErrorTrend => ({ verdict, ratio })
  if (before.exchanges === 0) return said('no-before')
  if (10 * after.errors < 13 * before.errors) return said('steady')
  if (after.errors < trendErrorsMin) return said('few')
  if (after.errors * before.exchanges <= before.errors * after.exchanges) return said('busier')
  const difference = after.errors - before.errors
  if (difference < chanceSigmas * Math.sqrt(after.errors + before.errors)) return said('chance')
  return said('warn')
}
