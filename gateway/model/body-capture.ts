/** The first size of the memory for a body that comes in pieces. */
const firstBytes = 2_048

/** Takes in the pieces of one body after another, each up to a limit, in memory that grows by doubling: linear whatever the pieces are. */
export class Capture {
  readonly #bytesMax: number
  #memory: Buffer | null = null
  #used = 0
  /** The limit for this body: `limit` may have lowered it. */
  #bytesMaxNow: number

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
    this.#bytesMaxNow = bytesMax
  }

  /** So much of this body is kept at most. */
  get bytesMax(): number {
    return this.#bytesMaxNow
  }

  get heldBytes(): number {
    return this.#memory?.length ?? 0
  }

  /** Nothing has been taken in for this body. */
  get isEmpty(): boolean {
    return this.#used === 0
  }

  append(bytes: Uint8Array, start: number, end: number): void {
    const count = Math.min(end - start, this.#bytesMaxNow - this.#used)
    if (count <= 0) return
    const memory = this.#room(this.#used + count)
    memory.set(bytes.subarray(start, start + count), this.#used)
    this.#used += count
  }

  /** Lowers the limit for this body. Whether more had been taken in before makes no difference to what is kept. */
  limit(bytesMax: number): void {
    if (bytesMax >= this.#bytesMaxNow) return
    this.#bytesMaxNow = bytesMax
    if (this.#used <= bytesMax || this.#memory === null) return
    this.#used = bytesMax
    this.#memory = Buffer.from(this.#memory.subarray(0, bytesMax))
  }

  /** Takes in no more of this body: what would follow lies behind a hole. */
  seal(): void {
    this.#bytesMaxNow = this.#used
  }

  /** Hands the body over and is empty. */
  take(): Buffer {
    const body = this.#memory?.subarray(0, this.#used) ?? nothing
    // A body that fills its memory badly is copied, so that what is kept for minutes costs what it is worth.
    const kept = this.#used * 2 < this.heldBytes ? Buffer.from(body) : body
    this.#memory = null
    this.#used = 0
    this.#bytesMaxNow = this.#bytesMax
    return kept
  }

  #room(bytes: number): Buffer {
    const held = this.#memory
    if (held !== null && held.length >= bytes) return held
    let size = Math.max(firstBytes, held?.length ?? 0)
    while (size < bytes) size *= 2
    const grown = Buffer.allocUnsafeSlow(Math.min(size, Math.max(this.#bytesMaxNow, bytes)))
    if (held !== null) grown.set(held.subarray(0, this.#used))
    this.#memory = grown
    return grown
  }
}

const nothing = Buffer.alloc(0)
