import type { Reading } from '../model/reading.ts'
import { factOf, wordOf } from './cause.ts'
import type { Evidence } from './evidence.ts'

/**
 * The change that came before the onset, at most a day; onsets are estimates, and two minutes late is not after. Nor is what comes later, where much more is bad since:
 * strays just before the change have made the onset look older.
 */
export function changeBefore(e: Evidence): Reading | null {
  const near = e
    .readings('versions/changed')
    .filter((r) => (r.onsetAt <= e.onsetAt + 120_000 || isFollowed(r)) && e.onsetAt - r.onsetAt <= 24 * 3_600_000)
  return near.toSorted((a, b) => b.onsetAt - a.onsetAt)[0] ?? null
}

/** A release that is slower than the one before shows it soon. */
const soonHours = 1

/** The answering side became another within the hour before the onset. */
export function isReceiverNew(e: Evidence): boolean {
  const changed = changeBefore(e)
  return changed !== null && wordOf(changed, 'side') === 'receiver' && e.onsetAt - changed.onsetAt <= soonHours * 3_600_000
}

function isFollowed(changed: Reading): boolean {
  const bad = factOf(changed, 'badSince') ?? 0
  return bad >= 5 && bad / (factOf(changed, 'seenSince') ?? bad) >= 5 * Math.max(factOf(changed, 'badShareBefore') ?? 0, 0.01)
}
