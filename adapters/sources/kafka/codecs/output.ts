/** Bytes that no codec can have written, or more of them than is allowed. */
export class CodecError extends Error {
  override readonly name = 'CodecError'
}

/** What a decompressor has made so far; grows up to a limit. */
export class Output {
  readonly #bytesMax: number
  #buffer = new Uint8Array(64 * 1024)
  #length = 0

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  get length(): number {
    return this.#length
  }

  push(bytes: Uint8Array): void {
    this.#reserve(bytes.length)
    this.#buffer.set(bytes, this.#length)
    this.#length += bytes.length
  }

  /** Repeats what was made `distance` bytes ago, never from before `from`. What is repeated may overlap what is made. */
  copy(distance: number, length: number, from: number): void {
    if (distance < 1 || distance > this.#length - from) throw new CodecError('a copy from before the beginning')
    this.#reserve(length)
    const buffer = this.#buffer
    const start = this.#length
    if (distance >= length) buffer.copyWithin(start, start - distance, start - distance + length)
    else for (let i = 0; i < length; i += 1) buffer[start + i] = buffer[start - distance + i] ?? 0
    this.#length += length
  }

  bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#length)
  }

  #reserve(more: number): void {
    const needed = this.#length + more
    if (needed > this.#bytesMax) throw new CodecError('it would grow beyond its limit')
    if (needed <= this.#buffer.length) return
    const grown = new Uint8Array(Math.min(this.#bytesMax, Math.max(needed, this.#buffer.length * 2)))
    grown.set(this.#buffer.subarray(0, this.#length))
    this.#buffer = grown
  }
}
