import type { Evidence } from '../evidence/evidence.ts'
import { gaveUpMs } from '../evidence/unanswered.ts'

/**
 * Answers that came when their sender had given up: nobody has where every answer came within half a second, however soon the same was sent again. Those that were merely later than the catalogue's time-out, over a connection that their sender kept, count only where it sends
 * again meanwhile.
 */
export function leftBehind({ since }: Evidence): number {
  if ((since.high('lateMs') ?? 0) < gaveUpMs) return 0
  const awaited = since.count('late-awaited')
  return since.count('late') - (since.count('duplicate') >= sentAgainMin * awaited ? 0 : awaited)
}

const sentAgainMin = 0.2
