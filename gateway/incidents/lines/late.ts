import type { Evidence } from '../evidence/evidence.ts'

/**
 * Answers that came when their sender had given up. Those that were merely later than the catalogue's time-out, over a connection that their sender kept, count only where it sends
 * again meanwhile.
 */
export function leftBehind({ since }: Evidence): number {
  const awaited = since.count('late-awaited')
  return since.count('late') - (since.count('duplicate') >= sentAgainMin * awaited ? 0 : awaited)
}

const sentAgainMin = 0.2
