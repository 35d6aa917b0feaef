import { findStartLine, foundCharsMax, type StartLine } from './start-line.ts'

/** Looks for the next first line in bytes that are none, with no more in memory than the longest line that it could find. */
export class Hunt {
  readonly #kind: StartLine['kind']
  /** The end of the line that is being looked through. */
  #tail: Buffer = nothing

  constructor(kind: StartLine['kind']) {
    this.#kind = kind
  }

  get heldBytes(): number {
    return this.#tail.length
  }

  /** Begins anew behind these bytes of the same line. */
  begin(line: Buffer): void {
    this.#tail = Buffer.from(line.subarray(-tailBytesMax))
  }

  /** Looks through the bytes up to a line's end; `found` stands at its end. `next`: where to go on. */
  take(bytes: Buffer, from: number): { readonly next: number; readonly found: Found | null } {
    const end = bytes.indexOf(lineFeed, from)
    const piece = bytes.subarray(from, end < 0 ? bytes.length : end).subarray(-tailBytesMax)
    const line = this.#tail.length === 0 ? piece : Buffer.concat([this.#tail, piece]).subarray(-tailBytesMax)
    if (end < 0) {
      this.#tail = Buffer.from(line)
      return { next: bytes.length, found: null }
    }
    this.#tail = nothing
    const hasCr = line[line.length - 1] === carriageReturn
    const text = line.toString('latin1', 0, hasCr ? line.length - 1 : line.length)
    return { next: end + 1, found: this.find(text, !hasCr) }
  }

  /** The same of a whole line, without its end. */
  find(line: string, endsInBareLf: boolean): Found | null {
    const text = findStartLine(this.#kind, line.slice(-foundCharsMax))
    return text === null ? null : { text, endsInBareLf, bytes: text.length + (endsInBareLf ? 1 : 2) }
  }
}

/** A first line, and how many bytes it is with its end. */
export interface Found {
  readonly text: string
  readonly bytes: number
  readonly endsInBareLf: boolean
}

const tailBytesMax = foundCharsMax + 1
const lineFeed = 0x0a
const carriageReturn = 0x0d
const nothing = Buffer.alloc(0)
