import { Capture } from '../../../gateway/model/body-capture.ts'
import type { EndHow, Frame, FrameOddity, PendingFrame, Side } from '../../../gateway/model/frame.ts'
import type { Instant } from '../../../gateway/model/time.ts'
import { type AckMode, readHead } from './head.ts'

const startBlock = 0x0b
const endBlock = 0x1c
const carriageReturn = 0x0d
const lineFeed = 0x0a

/** A block whose end block came without its CR, and a message without a start block, are over after so long a silence. */
const quietEndMs = 1_000

/** What one direction of an MLLP connection needs to know. */
export interface DirectionOptions {
  readonly from: Side
  readonly bodyBytesMax: number
  readonly frameBytesMax: number
  readonly ackMode: AckMode
}

/**
 * One direction of an MLLP connection (HL7 transport specification, release 1): blocks of 0x0B, message, 0x1C 0x0D.
 *
 * What ends a block: 0x1C with CR after it. 0x1C with LF, or with the next 0x0B, ends it too (final CR missing). 0x1C with any
 * other byte after it is part of the message (`end-block-in-data`). When 0x1C is the last byte that came, the block waits for
 * what shows which it is: the next byte, the end of the direction, a silence, or `settle`: the other side has answered.
 * None of these depends on how the bytes were cut into chunks.
 */
export class Direction {
  readonly #options: DirectionOptions
  #phase: 'between' | 'block' | 'unframed' = 'between'
  /** The last byte that came is an end block inside a frame, and what it means isn't known. */
  #endSeen = false
  /** A frame ended without its CR: if the CR still comes it is no stray byte. */
  #lateCr = false
  /** Bytes of a frame that was given up, or lost ones, come before the next start block: no oddity of the next frame. */
  #resync = false
  #strayBytes = 0
  /** How much of `MSH` the stray bytes begin with; -1: they begin with something else. */
  #unframedMatched = 0
  readonly #capture: Capture
  #wireBytes = 0
  #bodyBytes = 0
  #startAt: Instant = 0
  #lastAt: Instant = 0
  #oddities: FrameOddity[] = []

  constructor(options: DirectionOptions) {
    this.#options = options
    this.#capture = new Capture(options.bodyBytesMax)
  }

  /** Bytes held in memory now. */
  get heldBytes(): number {
    return this.#capture.heldBytes
  }

  /** Arrival of the last byte. */
  get lastAt(): Instant {
    return this.#lastAt
  }

  pending(): PendingFrame | null {
    if (this.#phase === 'between') return null
    const pending = { sinceAt: this.#startAt, bytes: this.#wireBytes }
    return this.#phase === 'unframed' || this.#endSeen ? { ...pending, quietMs: quietEndMs } : pending
  }

  /** Takes bytes in and adds the frames that they complete. */
  push(bytes: Buffer, at: Instant, frames: Frame[]): void {
    let from = 0
    while (from < bytes.length) {
      from = this.#phase === 'between' ? this.#seek(bytes, from, at) : this.#read(bytes, from, at, frames)
    }
    this.#lastAt = at
  }

  /** The other side has sent a whole frame since our last byte: what waits for a mere sign that it is over, is. */
  settle(frames: Frame[]): void {
    if (this.#endSeen || this.#phase === 'unframed') this.#finishQuietly(frames)
  }

  /** Bytes of this direction were lost: a frame that was begun ends here, and the next start block is looked for. */
  gap(byteCount: number, frames: Frame[]): void {
    const gap: FrameOddity = { kind: 'gap', bytes: byteCount }
    if (this.#endSeen) this.#finishQuietly(frames)
    if (this.#phase !== 'between') {
      this.#oddities.push(gap, { kind: 'partial', how: 'gap' })
      frames.push(this.#finish(null))
    } else {
      this.#oddities.push(gap)
    }
    this.#resync = true
    this.#strayBytes = 0
    this.#lateCr = false
  }

  /** The direction ended, or (`timeout`) no more of the frame is awaited. */
  end(how: EndHow, at: Instant, frames: Frame[]): void {
    if (this.#endSeen || this.#phase === 'unframed') {
      this.#finishQuietly(frames)
    } else if (this.#phase === 'block') {
      this.#oddities.push({ kind: 'partial', how })
      frames.push(this.#finish(null))
      this.#resync = true
    } else if (how !== 'timeout' && this.#strayBytes > 0) {
      frames.push(this.#strayFrame(at))
    }
  }

  /** Between blocks: passes over stray bytes to the next start block, or finds a message without one. Returns where to go on. */
  #seek(bytes: Buffer, from: number, at: Instant): number {
    if (this.#lateCr) {
      this.#lateCr = false
      if (bytes[from] === carriageReturn) return from + 1
    }
    if (bytes[from] === startBlock) {
      this.#begin('block', at)
      this.#wireBytes = 1
      return from + 1
    }
    if (this.#resync) return indexOrEnd(bytes, startBlock, from)
    if (this.#strayBytes === 0) this.#startAt = at
    if (this.#unframedMatched >= 0 && this.#unframedMatched < 3) return this.#probe(bytes, from, at)
    const next = indexOrEnd(bytes, startBlock, from)
    this.#strayBytes += next - from
    return next
  }

  /** Looks at one stray byte: an answer without a start block begins with `MSH`, perhaps after line ends. */
  #probe(bytes: Buffer, from: number, at: Instant): number {
    const byte = bytes[from]
    const isLineEnd = byte === carriageReturn || byte === lineFeed
    this.#strayBytes += 1
    if (byte !== 'MSH'.charCodeAt(this.#unframedMatched)) {
      if (!isLineEnd || this.#unframedMatched > 0) this.#unframedMatched = -1
      return from + 1
    }
    this.#unframedMatched += 1
    if (this.#unframedMatched === 3) {
      this.#strayBytes -= 3
      this.#begin('unframed', at)
      this.#wireBytes = 3
      this.#bodyBytes = 3
      this.#capture.append(mshName, 0, 3)
      this.#oddities.push({ kind: 'unframed' })
    }
    return from + 1
  }

  #begin(phase: 'block' | 'unframed', at: Instant): void {
    if (this.#strayBytes > 0) this.#oddities.push({ kind: 'bytes-before-start', bytes: this.#strayBytes })
    if (phase === 'block') this.#startAt = at
    this.#lastAt = at
    this.#phase = phase
    this.#strayBytes = 0
    this.#unframedMatched = 0
    this.#resync = false
    this.#bodyBytes = 0
  }

  /** Inside a frame: takes in its bytes, or ends it. Returns where to go on. */
  #read(bytes: Buffer, from: number, at: Instant, frames: Frame[]): number {
    if (this.#endSeen) return this.#resolveEnd(bytes, from, at, frames)
    const end = this.#findEnd(bytes, from)
    const isStart = bytes[end] === startBlock
    if (end + 1 < bytes.length && !isStart && isEndAfter(bytes[end + 1])) {
      // The common case: the block's end lies in this chunk, and perhaps its beginning too; then the body is a view of it.
      this.#count(end - from)
      const consumed = bytes[end + 1] === startBlock ? 1 : 2
      this.#wireBytes += consumed
      this.#lastAt = at
      if (bytes[end + 1] !== carriageReturn) this.#oddities.push({ kind: 'missing-final-cr' })
      if (this.#capture.isEmpty) {
        frames.push(this.#finish(bytes.subarray(from, Math.min(end, from + this.#capture.bytesMax))))
      } else {
        this.#capture.append(bytes, from, end)
        frames.push(this.#finish(null))
      }
      return end + consumed
    }
    this.#count(end - from)
    this.#capture.append(bytes, from, end)
    if (end > from) this.#lastAt = at
    if (end === bytes.length) return end
    if (isStart) {
      frames.push(this.#finish(null))
      return end
    }
    this.#endSeen = true
    this.#wireBytes += 1
    this.#lastAt = at
    return end + 1
  }

  /** The next end block; for a message without a start block also the next start block, which ends it as well. */
  #findEnd(bytes: Buffer, from: number): number {
    const end = indexOrEnd(bytes, endBlock, from)
    if (this.#phase === 'block') return end
    const start = bytes.subarray(from, end).indexOf(startBlock)
    return start < 0 ? end : from + start
  }

  /** The byte after an end block says what it was. */
  #resolveEnd(bytes: Buffer, from: number, at: Instant, frames: Frame[]): number {
    const byte = bytes[from]
    this.#endSeen = false
    if (isEndAfter(byte)) {
      if (byte !== carriageReturn) this.#oddities.push({ kind: 'missing-final-cr' })
      if (byte !== startBlock) {
        this.#wireBytes += 1
        this.#lastAt = at
      }
      frames.push(this.#finish(null))
      return byte === startBlock ? from : from + 1
    }
    if (!this.#oddities.some((oddity) => oddity.kind === 'end-block-in-data'))
      this.#oddities.push({ kind: 'end-block-in-data' })
    this.#bodyBytes += 1
    this.#capture.append(endBlockByte, 0, 1)
    return from
  }

  #count(byteCount: number): void {
    this.#bodyBytes += byteCount
    this.#wireBytes += byteCount
    if (this.#wireBytes > this.#options.frameBytesMax) this.#capture.limit(headKeptBytes)
  }

  #finishQuietly(frames: Frame[]): void {
    if (this.#endSeen) {
      this.#oddities.push({ kind: 'missing-final-cr' })
      this.#lateCr = true
    }
    this.#endSeen = false
    frames.push(this.#finish(null))
  }

  /** `body`: a view of the chunk that holds all of it; null: what was captured. */
  #finish(body: Buffer | null): Frame {
    if (this.#wireBytes > this.#options.frameBytesMax) this.#oddities.push({ kind: 'oversize', bytes: this.#wireBytes })
    const captured = this.#capture.take()
    const kept = body ?? captured
    const frame: Frame = {
      from: this.#options.from,
      startAt: this.#startAt,
      endAt: this.#lastAt,
      wireBytes: this.#wireBytes,
      body: kept,
      bodyBytes: this.#bodyBytes,
      head: readHead(kept, this.#options.ackMode),
      oddities: this.#oddities,
    }
    this.#phase = 'between'
    this.#oddities = []
    this.#wireBytes = 0
    this.#bodyBytes = 0
    return frame
  }

  /** Bytes that never became a block are worth a frame of their own when the direction is over: somebody spoke, but not MLLP. */
  #strayFrame(at: Instant): Frame {
    this.#oddities.push({ kind: 'bytes-before-start', bytes: this.#strayBytes })
    this.#wireBytes = this.#strayBytes
    this.#strayBytes = 0
    if (this.#lastAt === 0) this.#lastAt = at
    return this.#finish(nothing)
  }
}

/** Of a block beyond the limit so much is kept that it can still be paired. */
const headKeptBytes = 4_096
const mshName = Buffer.from('MSH')
const endBlockByte = Buffer.from([endBlock])
const nothing = Buffer.alloc(0)

function isEndAfter(byte: number | undefined): boolean {
  return byte === carriageReturn || byte === lineFeed || byte === startBlock
}

function indexOrEnd(bytes: Buffer, byte: number, from: number): number {
  const index = bytes.indexOf(byte, from)
  return index < 0 ? bytes.length : index
}
