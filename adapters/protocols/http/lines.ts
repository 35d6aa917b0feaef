/** Takes in one line after another, each up to a limit, from bytes that come in pieces. A line ends with LF; a CR before it belongs to its end. */
export class Lines {
  readonly #bytesMax: number
  #memory: Buffer = nothing
  #used = 0
  #isCut = false

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  get heldBytes(): number {
    return this.#memory.length
  }

  /** Takes bytes up to the line's end; `line` is null while it hasn't come. `next`: where to go on. */
  take(bytes: Buffer, from: number): { readonly next: number; readonly line: Line | null } {
    const end = bytes.indexOf(lineFeed, from)
    if (end < 0) {
      this.#append(bytes.subarray(from))
      return { next: bytes.length, line: null }
    }
    if (this.#used === 0 && !this.#isCut && end - from <= this.#bytesMax)
      return { next: end + 1, line: lineOf(bytes, from, end, false) }
    this.#append(bytes.subarray(from, end))
    const line = lineOf(this.#memory, 0, this.#used, this.#isCut)
    this.clear()
    return { next: end + 1, line }
  }

  /** The next line lies in these bytes from its beginning to its end, and within the limit. */
  isWholeIn(bytes: Buffer, from: number): boolean {
    const end = this.#used === 0 && !this.#isCut ? bytes.indexOf(lineFeed, from) : -1
    return end >= 0 && end - from <= this.#bytesMax
  }

  /** What has come of a line that isn't whole, and begins anew. */
  takeBegun(): Buffer {
    const begun = Buffer.from(this.#memory.subarray(0, this.#used))
    this.clear()
    return begun
  }

  /** The first so many bytes of the line of which these are the next, as far as they have come. */
  beginning(byteCount: number, bytes: Buffer, from: number): string {
    const held = this.#memory.toString('latin1', 0, Math.min(byteCount, this.#used))
    if (held.length === byteCount) return held
    const piece = bytes.subarray(from, from + byteCount - held.length)
    const end = piece.indexOf(lineFeed)
    return held + piece.toString('latin1', 0, end < 0 ? piece.length : end)
  }

  clear(): void {
    this.#memory = nothing
    this.#used = 0
    this.#isCut = false
  }

  #append(piece: Buffer): void {
    const count = Math.min(piece.length, this.#bytesMax - this.#used)
    if (count < piece.length) this.#isCut = true
    if (this.#used + count > this.#memory.length) {
      const grown = Buffer.allocUnsafeSlow(
        Math.min(this.#bytesMax, Math.max(firstBytes, this.#memory.length * 2, this.#used + count)),
      )
      grown.set(this.#memory.subarray(0, this.#used))
      this.#memory = grown
    }
    this.#memory.set(piece.subarray(0, count), this.#used)
    this.#used += count
  }
}

/** One line, without its end. */
export interface Line {
  /** Every byte a character. */
  readonly text: string
  readonly endsInBareLf: boolean
  /** Longer than the limit: this is its beginning. */
  readonly isCut: boolean
}

function lineOf(bytes: Buffer, from: number, to: number, isCut: boolean): Line {
  const hasCr = to > from && bytes[to - 1] === carriageReturn
  return {
    text: bytes.toString('latin1', from, hasCr ? to - 1 : to),
    endsInBareLf: !hasCr && !isCut,
    isCut,
  }
}

const lineFeed = 0x0a
const carriageReturn = 0x0d
const firstBytes = 256
const nothing = Buffer.alloc(0)
