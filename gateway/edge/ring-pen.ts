import type { Line, Pen } from './line.ts'
import { type RecordHead, RingWriter, ringMemory } from './ring.ts'
import { Tally } from './tally.ts'
import type { WireRecord } from './wire-record.ts'

/**
 * Writes what lines tell to the ring of the observing thread. A ring that was full takes bytes again when half of it is free: so that what
 * is observed under overload are stretches of whole messages, not every second chunk.
 */
export class RingPen implements Pen {
  /** What was not told, by reason: `ring-full` counts chunks of bytes. */
  readonly dropped = new Tally()
  readonly #byteCount: number
  readonly #forget: (line: Line) => void
  #owing = new Set<Line>()
  #memory: SharedArrayBuffer
  #writer: RingWriter
  #wasFull = false

  constructor(byteCount: number, forget: (line: Line) => void) {
    this.#byteCount = byteCount
    this.#forget = forget
    this.#memory = ringMemory(byteCount)
    this.#writer = this.#newWriter()
  }

  get memory(): SharedArrayBuffer {
    return this.#memory
  }

  get writer(): RingWriter {
    return this.#writer
  }

  /** Half of the ring is for messages of the usual length, whatever a long one brings. */
  takes({ isBulk, isShedding }: { readonly isBulk: boolean; readonly isShedding: boolean }): boolean {
    if (!this.#isOpen()) return false
    return !isBulk || this.#writer.fill < (isShedding ? 0.25 : 0.5)
  }

  bytes(head: RecordHead, bytes: Uint8Array): boolean {
    if (this.#writer.write(head, bytes, false)) return true
    this.#wasFull = true
    return false
  }

  control({ head, payload }: WireRecord): boolean {
    return this.#writer.write(head, payload, true)
  }

  owes(line: Line): void {
    this.#owing.add(line)
  }

  shed(): void {
    this.dropped.add('ring-full', 1)
  }

  over(line: Line): void {
    this.#owing.delete(line)
    this.#forget(line)
  }

  /** Tells what lines owe, when bytes are taken in again, as far as there is room. */
  settle(): void {
    if (!this.#isOpen()) return
    for (const line of this.#owing) {
      if (!line.settle()) return
      this.#owing.delete(line)
      if (line.isSettled) this.#forget(line)
    }
  }

  /** A new ring, of which the reader knows nothing. What lines owed to the old one is theirs to tell anew. */
  renew(): void {
    this.#memory = ringMemory(this.#byteCount)
    this.#writer = this.#newWriter()
    this.#wasFull = false
    this.#owing = new Set()
  }

  #isOpen(): boolean {
    if (this.#wasFull && this.#writer.fill < 0.5) this.#wasFull = false
    return !this.#wasFull
  }

  #newWriter(): RingWriter {
    return new RingWriter(this.#memory, Math.min(reserveBytesMax, this.#byteCount / 8))
  }
}

/** Room for ends and ticks. */
const reserveBytesMax = 131_072
