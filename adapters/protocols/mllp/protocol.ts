import type { Protocol } from '../../../gateway/model/frame.ts'
import { mllpDecoder } from './decoder.ts'
import type { AckMode } from './head.ts'

/** MLLP, the minimal lower layer protocol of HL7 v2 (HL7 transport specification: MLLP, release 1). */
export const mllp: Protocol = {
  name: 'mllp',
  optionsSchema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      ackMode: {
        enum: ['auto', 'original', 'enhanced', 'none'],
        default: 'auto',
        description:
          'Which answers are owed: by MSH-15 and MSH-16 (auto), always one (original), an accept ack (enhanced), none.',
      },
      ackTimeoutMs: milliseconds(30_000, 'A request without its answer for so long has timed out.'),
      lateWindowMs: milliseconds(
        10_000,
        'After the time-out an answer is waited for so long, and then joins its request as late.',
      ),
      applicationTimeoutMs: milliseconds(60_000, 'After an accept ack the application ack is waited for so long.'),
      settleMs: milliseconds(1_000, 'A request that is owed nothing more is kept so long for what comes all the same.'),
      stuckMs: milliseconds(30_000, 'A block that was begun and gets no byte for so long is stuck.'),
      duplicateWindowMs: milliseconds(3_600_000, 'The same control id again within so long is a duplicate.'),
    },
  },
  decoder: (options, limits) => mllpDecoder({ ackMode: ackModes.find((mode) => mode === options.ackMode) ?? 'auto' }, limits),
}

const ackModes: readonly AckMode[] = ['auto', 'original', 'enhanced', 'none']

function milliseconds(standard: number, description: string): object {
  return { type: 'integer', minimum: 0, maximum: 86_400_000, default: standard, description }
}
