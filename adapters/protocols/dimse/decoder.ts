import {
  type Decoder,
  type DecoderLimits,
  type EndHow,
  type Frame,
  otherSide,
  type PendingFrame,
  ProtocolError,
  type Side,
} from '../../../gateway/model/frame.ts'
import type { Instant } from '../../../gateway/model/time.ts'
import { Association } from './association.ts'
import { Direction } from './direction.ts'

/** Cuts both directions of a DICOM upper layer connection into what opens and ends its association, and the DIMSE messages between. */
export function dimseDecoder(limits: DecoderLimits): Decoder {
  const association = new Association()
  const initiator = new Direction({ from: 'initiator', limits, association })
  const acceptor = new Direction({ from: 'acceptor', limits, association })
  const direction = (from: Side): Direction => (from === 'initiator' ? initiator : acceptor)
  /** What came before the bytes that can't be read is handed out first. */
  let failed: ProtocolError | null = null
  const framesOf = (cut: (frames: Frame[]) => void): readonly Frame[] => {
    if (failed !== null) throw failed
    const frames: Frame[] = []
    try {
      cut(frames)
    } catch (error) {
      if (frames.length === 0 || !(error instanceof ProtocolError)) throw error
      failed = error
    }
    return frames
  }
  return {
    push: (from: Side, bytes: Uint8Array, at: Instant): readonly Frame[] =>
      framesOf((frames) => {
        let rest = toBuffer(bytes)
        while (rest.length > 0) {
          const before = frames.length
          rest = direction(from).push(rest, at, frames)
          const last = frames.at(-1)
          if (frames.length === before || last?.head.role !== 'abort') continue
          // It ends what the other side has begun, too: that is told first, so that it is known what was broken off.
          frames.pop()
          direction(otherSide(from)).end('fin', frames)
          frames.push(last)
        }
      }),
    gap: (from: Side, byteCount: number, at: Instant): readonly Frame[] =>
      framesOf((frames) => direction(from).gap(byteCount, at, frames)),
    end: (from: Side, how: EndHow): readonly Frame[] => framesOf((frames) => direction(from).end(how, frames)),
    pending: (from: Side): PendingFrame | null => direction(from).pending(),
    get heldBytes(): number {
      return initiator.heldBytes + acceptor.heldBytes
    },
  }
}

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
