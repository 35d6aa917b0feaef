import { isQuestion } from '../../model/question.ts'
import { heard, type Line, present, say, shareSign, unknown, weights, wordOf } from '../cause.ts'
import type { Evidence } from '../evidence/evidence.ts'
import { mismatchLine, neighbourBatchLine, throughputLine } from './common-lines.ts'
import { storingRise } from './storing.ts'
import { otherwiseWordedLine } from './worded-cause.ts'

/** For causes of a receiver that is slow as a whole: a monitor has told more closely what of it is slow, and when. */
export function closerSlownessLines(e: Evidence): readonly Line[] {
  const noRoom = e.since.count('nak:out-of-resources')
  const congested = e.since.count('nak:congestion')
  const type = wordOf(e.reading('types/slow'), 'type')
  return [
    otherwiseWordedLine(e, null),
    mismatchLine(e),
    neighbourBatchLine(e),
    {
      key: 'nak-out-of-resources',
      group: 'room',
      sign: noRoom === 0 ? unknown : shareSign(noRoom, e.since.count('requests'), { none: 0.05, full: 0.3 }),
      // Before an archive is full it is slow.
      present: -weights.decisive,
      absent: 0,
      text: say(`因存储资源不足被拒 ${noRoom} 次`, `${noRoom} refused for lack of room`),
    },
    {
      key: 'nak-congestion',
      group: 'room',
      sign: congested === 0 ? unknown : shareSign(congested, e.since.count('associations'), { none: 0.05, full: 0.3 }),
      // Who takes no more associations than so many is slow with those.
      present: -weights.decisive,
      absent: 0,
      text: say(`因拥塞或并发上限拒绝关联 ${congested} 次`, `${congested} associations rejected for congestion or a limit`),
    },
    throughputLine(e, -weights.veryStrong),
    {
      key: 'storing-rise',
      group: 'closer',
      sign: storingRise(e) === null ? unknown : present(),
      present: -weights.veryStrong,
      absent: 0,
      text: say('只有对象的存储变慢', 'only storing objects is slow'),
    },
    {
      key: 'one-type',
      group: 'closer',
      sign: heard(e.reading('types/slow')),
      // A slow statement or rule engine shows in the questions that need it.
      present: type !== null && isQuestion(type) ? -weights.some : -weights.veryStrong,
      absent: 0,
      text: say('只有一种报文变慢', 'only one kind of message is slow'),
    },
  ]
}

/** What a slow receiver shows by its slowness alone: explained by any closer cause of it. */
export const slownessKeys = [
  'latency',
  'answered',
  'connect-flat',
  'same-receiver',
  'late',
  'unheard',
  'duplicate',
  'duplicate-reading',
  'delay-growth',
] as const
