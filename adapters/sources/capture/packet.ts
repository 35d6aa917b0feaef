import type { Instant } from '../../../gateway/model/time.ts'

/** One packet of a capture, as its file has it. */
export interface CapturedPacket {
  readonly at: Instant
  /** LINKTYPE_ number of the tcpdump list: how the bytes begin. */
  readonly link: number
  /** What was kept: less than `wireBytes` when the capture was taken with a snap length. */
  readonly bytes: Buffer
  readonly wireBytes: number
}

/** Cuts a capture file's bytes into packets as they come. Pure; holds no more than one packet. */
export interface CaptureCutter {
  push(bytes: Buffer): readonly CapturedPacket[]
  /** Bytes of an unfinished packet: more than 0 at the file's end means that it was cut off. */
  readonly pendingBytes: number
  /** Set once the file makes no sense any more; what came before was read. */
  readonly isBroken: boolean
}

/** A packet or block that claims to be larger is damage: no link carries it. */
export const packetBytesMax = 16 * 1024 * 1024

/** Bytes that came and weren't used yet. */
export class Pending {
  #bytes: Buffer = Buffer.alloc(0)
  #at = 0
  #skip = 0

  get length(): number {
    return this.#bytes.length - this.#at + this.#skip
  }

  add(bytes: Buffer): void {
    const skipped = Math.min(this.#skip, bytes.length)
    this.#skip -= skipped
    const rest = bytes.subarray(skipped)
    const left = this.#bytes.subarray(this.#at)
    this.#bytes = left.length === 0 ? rest : Buffer.concat([left, rest])
    this.#at = 0
  }

  /** The next `count` bytes, not yet used; null when they haven't come. */
  peek(count: number): Buffer | null {
    return this.#at + count <= this.#bytes.length ? this.#bytes.subarray(this.#at, this.#at + count) : null
  }

  /** Uses bytes up, those that are still to come too. */
  use(count: number): void {
    const here = Math.min(count, this.#bytes.length - this.#at)
    this.#at += here
    this.#skip += count - here
  }
}
