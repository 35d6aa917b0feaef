import type { Clock, Instant } from '../../model/time.ts'

/** Says how many seconds a caller must wait, 0 when it may go on now. */
export type RateLimit = (who: string) => number

const callersMax = 10_000

/** A token bucket for each caller: `perMinute` in the long run, `burst` at once. Callers that were forgotten begin full again. */
export function createRateLimit(clock: Clock, options: { readonly perMinute: number; readonly burst: number }): RateLimit {
  const buckets = new Map<string, { level: number; at: Instant }>()
  const perMs = options.perMinute / 60_000
  return (who) => {
    const now = clock.monotonic()
    const bucket = buckets.get(who) ?? { level: options.burst, at: now }
    bucket.level = Math.min(options.burst, bucket.level + (now - bucket.at) * perMs)
    bucket.at = now
    const oldest = buckets.keys().next()
    if (!buckets.has(who) && buckets.size >= callersMax && oldest.done !== true) buckets.delete(oldest.value)
    buckets.set(who, bucket)
    if (bucket.level < 1) return Math.ceil((1 - bucket.level) / perMs / 1000)
    bucket.level -= 1
    return 0
  }
}
