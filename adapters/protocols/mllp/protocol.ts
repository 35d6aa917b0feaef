import type { Protocol } from '../../../gateway/model/frame.ts'
import { pairingProperties } from '../../../gateway/model/pairing-schema.ts'
import { MllpDecoder } from './decoder.ts'
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
      ...pairingProperties,
    },
  },
  decoder: (options, limits) =>
    new MllpDecoder({ ackMode: ackModes.find((mode) => mode === options.ackMode) ?? 'auto' }, limits),
}

const ackModes: readonly AckMode[] = ['auto', 'original', 'enhanced', 'none']
