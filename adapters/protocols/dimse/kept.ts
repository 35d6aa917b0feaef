/** What all bodies of one direction may take together. */
export interface Budget {
  leftBytes: number
}

const firstBytes = 512

/**
 * The pieces of one body, one after another, each up to a limit and as far as the budget goes. Memory grows by doubling, and how much it takes
 * depends on how much was kept alone, never on how the bytes were cut.
 */
export class Kept {
  readonly #budget: Budget
  #bytesMax: number
  #memory: Buffer = nothing
  #usedBytes = 0

  constructor(budget: Budget, bytesMax: number) {
    this.#budget = budget
    this.#bytesMax = bytesMax
  }

  get heldBytes(): number {
    return this.#memory.length
  }

  get usedBytes(): number {
    return this.#usedBytes
  }

  /** Takes in the first `byteCount` bytes of a piece. */
  append(bytes: Buffer, byteCount: number): void {
    const wanted = Math.min(this.#usedBytes + byteCount, this.#bytesMax)
    if (wanted <= this.#usedBytes) return
    const memory = this.#room(wanted)
    const until = Math.min(wanted, memory.length)
    bytes.copy(memory, this.#usedBytes, 0, until - this.#usedBytes)
    this.#usedBytes = until
  }

  /** Keeps no more than this of it. */
  limit(bytesMax: number): void {
    this.#bytesMax = Math.min(this.#bytesMax, bytesMax)
    if (this.#usedBytes <= this.#bytesMax) return
    this.#usedBytes = this.#bytesMax
    this.#resize(sizeFor(this.#usedBytes))
  }

  /** What is kept so far, as it lies in memory. */
  view(): Buffer {
    return this.#memory.subarray(0, this.#usedBytes)
  }

  /** Hands the body over, in memory of its own length, and is empty. */
  take(): Buffer {
    const kept = this.view()
    const body = kept.length === this.#memory.length ? kept : Buffer.from(kept)
    this.letGo()
    return body
  }

  letGo(): void {
    this.#budget.leftBytes += this.#memory.length
    this.#memory = nothing
    this.#usedBytes = 0
  }

  #room(bytes: number): Buffer {
    if (this.#memory.length >= bytes) return this.#memory
    const allowed = Math.min(this.#bytesMax, this.#memory.length + this.#budget.leftBytes)
    const size = Math.min(sizeFor(bytes), allowed)
    if (size > this.#memory.length) this.#resize(size)
    return this.#memory
  }

  #resize(size: number): void {
    const next = size === 0 ? nothing : Buffer.allocUnsafeSlow(size)
    this.#memory.copy(next, 0, 0, Math.min(this.#usedBytes, size))
    this.#budget.leftBytes += this.#memory.length - next.length
    this.#memory = next
  }
}

const nothing = Buffer.alloc(0)

function sizeFor(bytes: number): number {
  let size = bytes === 0 ? 0 : firstBytes
  while (size < bytes) size *= 2
  return size
}
