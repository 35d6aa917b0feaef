import type { Protocol } from '../../../gateway/model/frame.ts'
import { pairingProperties } from '../../../gateway/model/pairing-schema.ts'
import { DimseDecoder } from './decoder.ts'

const { ackTimeoutMs, lateWindowMs, settleMs, stuckMs } = pairingProperties

/** DICOM messages (DIMSE, PS3.7) on the DICOM upper layer protocol for TCP/IP (PS3.8 9). */
export const dimse: Protocol = {
  name: 'dimse',
  optionsSchema: {
    type: 'object',
    additionalProperties: false,
    properties: { ackTimeoutMs, lateWindowMs, settleMs, stuckMs },
  },
  copiesBodies: true,
  decoder: (_options, limits) => new DimseDecoder(limits),
}
