import type { Millis } from '../../model/time.ts'
import type { Counter } from './tally.ts'

/** Counts how long storing takes, and what else is asked over associations: keys in sight.ts. */
export function tallyStoring(tally: Counter, type: string | null, ms: Millis): void {
  if (type === null || type.charAt(1) !== '-') return
  const key = type === 'C-STORE' ? 'stored' : 'unstored'
  tally.add(key)
  tally.add(`${key}-ln`, Math.log(Math.max(ms, 0.1)))
}
