import { heard, type Line, say, weights } from './cause.ts'
import { neighbourBatchLine, throughputLine } from './common-lines.ts'
import type { Evidence } from './evidence.ts'
import { otherwiseWordedLine } from './worded-cause.ts'

/** For causes of a receiver that is slow as a whole: a monitor has told more closely what of it is slow, and when. */
export function closerSlownessLines(e: Evidence): readonly Line[] {
  return [
    otherwiseWordedLine(e, null),
    neighbourBatchLine(e),
    throughputLine(e, -weights.veryStrong),
    {
      key: 'one-type',
      group: 'closer',
      sign: heard(e.reading('types/slow')),
      present: -weights.veryStrong,
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
