import type { Words } from '../words/zh.ts'

/** Who works on a ticket of this level, 1 to 3. */
export function levelText(level: number, { tickets }: Words): string {
  return tickets.levels[level === 1 ? 1 : level === 2 ? 2 : 3]
}
