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

/**
 * Cuts both directions of a DICOM upper layer connection into what opens and ends its association, and the DIMSE messages between. A class for the
 * reason that is given beside MllpDecoder's.
 */
export class DimseDecoder implements Decoder {
  readonly #initiator: Direction
  readonly #acceptor: Direction
  /** What came before the bytes that can't be read is handed out first. */
  #failed: ProtocolError | null = null

  constructor(limits: DecoderLimits) {
    const association = new Association()
    this.#initiator = new Direction({ from: 'initiator', limits, association })
    this.#acceptor = new Direction({ from: 'acceptor', limits, association })
  }

  get heldBytes(): number {
    return this.#initiator.heldBytes + this.#acceptor.heldBytes
  }

  push(from: Side, bytes: Uint8Array, at: Instant): readonly Frame[] {
    return this.#framesOf((frames) => {
      let rest = toBuffer(bytes)
      while (rest.length > 0) {
        const before = frames.length
        rest = this.#direction(from).push(rest, at, frames)
        const last = frames.at(-1)
        if (frames.length === before || last?.head.role !== 'abort') continue
        // It ends what the other side has begun, too: that is told first, so that it is known what was broken off.
        frames.pop()
        this.#direction(otherSide(from)).end('fin', frames)
        frames.push(last)
      }
    })
  }

  gap(from: Side, byteCount: number, at: Instant): readonly Frame[] {
    return this.#framesOf((frames) => this.#direction(from).gap(byteCount, at, frames))
  }

  end(from: Side, how: EndHow): readonly Frame[] {
    return this.#framesOf((frames) => this.#direction(from).end(how, frames))
  }

  pending(from: Side): PendingFrame | null {
    return this.#direction(from).pending()
  }

  #direction(from: Side): Direction {
    return from === 'initiator' ? this.#initiator : this.#acceptor
  }

  #framesOf(cut: (frames: Frame[]) => void): readonly Frame[] {
    if (this.#failed !== null) throw this.#failed
    const frames: Frame[] = []
    try {
      cut(frames)
    } catch (error) {
      if (frames.length === 0 || !(error instanceof ProtocolError)) throw error
      this.#failed = error
    }
    return frames
  }
}

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
