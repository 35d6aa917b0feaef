import type { Reading } from '../../model/reading.ts'
import { factOf, type Line, present, say, unknown, weights, wordOf } from '../cause.ts'
import type { Evidence } from '../evidence/evidence.ts'

const soonMs = 1_800_000

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

function isFollowed(changed: Reading): boolean {
  const bad = factOf(changed, 'badSince') ?? 0
  return bad >= 5 && bad / (factOf(changed, 'seenSince') ?? bad) >= 5 * Math.max(factOf(changed, 'badShareBefore') ?? 0, 0.01)
}

/** Whether who answers became another than it was, and answers slowly since. */
export function isSlowSince(e: Evidence, changed: Reading | null): boolean {
  if (changed === null || wordOf(changed, 'side') !== 'receiver' || wordOf(changed, 'kind') === 'fields') return false
  return (e.reading('latency/') ?? e.reading('types/slow')) !== null && e.onsetAt - changed.onsetAt <= soonMs
}

/** Against who is slow by itself: it is since its software changed. */
export function slowSinceChangeLine(e: Evidence): Line {
  return {
    key: 'slow-since-change',
    group: 'change',
    sign: isSlowSince(e, changeBefore(e)) ? present() : unknown,
    present: -weights.strong,
    absent: 0,
    text: say('接收方变更后随即变慢', 'slow since the receiver became another'),
  }
}
