import { type Line, present, say, unknown } from '../cause.ts'
import type { Evidence } from '../evidence/evidence.ts'

/** A dead connection never answers again: whoever passes over some of what comes is alive. `weight`: for it. */
export function answeredAgainLine(e: Evidence, weight: number): Line {
  const again = e.since.count('answered-again')
  return {
    key: 'answered-again',
    group: 'again',
    sign: isAnsweredAgain(e) ? present() : unknown,
    present: weight,
    absent: 0,
    text: say(
      `无应答之后同一连接上又正常应答 ${again} 次`,
      `${again} were answered on connections on which something had gone unanswered before`,
    ),
  }
}

export function isAnsweredAgain({ since }: Evidence): boolean {
  return since.count('answered-again') > 0.1 * since.count('unheard')
}
