import { Capture } from '../../../gateway/model/body-capture.ts'
import type { Instant } from '../../../gateway/model/time.ts'
import { chunkSize, type Framing } from './framing.ts'
import { type Line, Lines } from './lines.ts'
import type { Message } from './message.ts'

/** Where a body's bytes stand. */
type Phase = 'length' | 'chunk-size' | 'chunk-data' | 'chunk-end' | 'trailer' | 'until-end' | 'whole' | 'broken'

/**
 * The body of one message after another, without its chunks (RFC 9112 6, 7). Bytes of a body are never looked at: up to the limit they are
 * copied, beyond it counted. `message` is null for a rest that was handed out before its end: it is counted off.
 */
export class Body {
  readonly #lines: Lines
  readonly #capture: Capture
  #phase: Phase = 'whole'
  /** Bytes to come of the body or the chunk. */
  #remaining = 0
  /** The whole body, where it came in one piece: a view of that piece. */
  #view: Buffer | null = null
  #brokenBy: Line | null = null

  constructor(limits: { readonly bodyBytesMax: number; readonly headerBytesMax: number }) {
    this.#lines = new Lines(limits.headerBytesMax)
    this.#capture = new Capture(limits.bodyBytesMax)
  }

  get heldBytes(): number {
    return this.#lines.heldBytes + this.#capture.heldBytes
  }

  /** Nothing of it is to come. */
  get isWhole(): boolean {
    return this.#phase === 'whole'
  }

  /** The line that should have been a chunk's and is not: where the body ends isn't known any more (RFC 9112 7.1). */
  get brokenBy(): Line | null {
    return this.#brokenBy
  }

  /** It lasts until its direction ends. */
  get isUntilEnd(): boolean {
    return this.#phase === 'until-end'
  }

  begin(framing: Exclude<Framing, { kind: 'unknown' }>): void {
    this.#remaining = framing.kind === 'length' ? framing.bytes : 0
    this.#phase = framing.kind === 'chunked' ? 'chunk-size' : framing.kind
    if (framing.kind === 'length' && framing.bytes === 0) this.#phase = 'whole'
  }

  /** Nothing of this body is kept. */
  keepNothing(): void {
    this.#capture.limit(0)
  }

  /** What was kept of the body that ends here; the next begins empty. */
  content(): Buffer {
    const captured = this.#capture.take()
    const content = this.#view ?? captured
    this.#view = null
    return content
  }

  clear(): void {
    this.#phase = 'whole'
    this.#lines.clear()
    this.#brokenBy = null
    this.content()
  }

  /** Takes bytes in; returns where to go on. */
  take(bytes: Buffer, from: number, at: Instant, message: Message | null): number {
    switch (this.#phase) {
      case 'length':
      case 'chunk-data': {
        const to = from + Math.min(this.#remaining, bytes.length - from)
        this.#keep(bytes, from, to, message)
        message?.countBody(to - from, at)
        this.#countOff(to - from)
        return to
      }
      case 'until-end':
        this.#keep(bytes, from, bytes.length, message)
        message?.countBody(bytes.length - from, at)
        return bytes.length
      case 'whole':
      case 'broken':
        return from
      default: {
        const { next, line } = this.#lines.take(bytes, from)
        message?.count(next - from, at)
        if (line !== null) this.#readLine(line, message)
        return next
      }
    }
  }

  /** Bytes were lost. True: they were of the body, and are counted; what is kept ends before them. */
  hole(byteCount: number, at: Instant, message: Message | null): boolean {
    const isCounted = this.#phase === 'length' || this.#phase === 'chunk-data'
    if (this.#phase !== 'until-end' && !(isCounted && byteCount <= this.#remaining)) return false
    this.#capture.seal()
    message?.countBody(byteCount, at)
    if (isCounted) this.#countOff(byteCount)
    return true
  }

  #keep(bytes: Buffer, from: number, to: number, message: Message | null): void {
    if (message === null) return
    const isAll = this.#phase === 'length' && message.bodyBytes === 0 && to - from === this.#remaining
    if (isAll) this.#view = bytes.subarray(from, Math.min(to, from + this.#capture.bytesMax))
    else this.#capture.append(bytes, from, to)
  }

  /** So much of what was to come has come. */
  #countOff(byteCount: number): void {
    this.#remaining -= byteCount
    if (this.#remaining === 0) this.#phase = this.#phase === 'chunk-data' ? 'chunk-end' : 'whole'
  }

  #readLine(line: Line, message: Message | null): void {
    if (line.endsInBareLf) message?.fields.tell('HTTP_BARE_LF')
    if (this.#phase === 'trailer') {
      if (line.text === '') this.#phase = 'whole'
      else message?.fields.add(line)
      return
    }
    if (this.#phase === 'chunk-end') {
      if (line.text === '') this.#phase = 'chunk-size'
      else this.#break(line)
      return
    }
    const size = chunkSize(line.text)
    if (size === null) this.#break(line)
    else {
      this.#remaining = size
      this.#phase = size === 0 ? 'trailer' : 'chunk-data'
    }
  }

  #break(line: Line): void {
    this.#phase = 'broken'
    this.#brokenBy = line
  }
}
