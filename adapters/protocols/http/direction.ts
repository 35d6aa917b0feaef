import type { DecoderLimits, EndHow, Frame, FrameOddity, PendingFrame } from '../../../gateway/model/frame.ts'
import type { Instant } from '../../../gateway/model/time.ts'
import { Body } from './body.ts'
import { type FieldOptions, Fields } from './fields.ts'
import { framingOf, hasNoBody } from './framing.ts'
import { type Found, Hunt } from './hunt.ts'
import { type Line, Lines } from './lines.ts'
import { Message } from './message.ts'
import type { Order } from './order.ts'
import {
  isHttp2Preface,
  mayBeStart,
  mayBeStartBytes,
  type ReadStartLine,
  readCutRequestLine,
  readStartLine,
  type StartLine,
} from './start-line.ts'

export interface DirectionOptions extends FieldOptions, DecoderLimits {
  readonly kind: StartLine['kind']
  readonly order: Order
}

/**
 * One direction of a connection of HTTP/1.1 (RFC 9112): requests, or answers. Lines are read one by one and bodies counted, so that memory holds
 * one line, the header fields up to their limit, and the body up to its own, whatever comes. None of what is found depends on how the bytes were cut.
 *
 * What is no first line makes the direction hunt for the next one, line by line. Where a message was expected, what was passed over is told
 * (`bytes-before-start`, or a frame of its own when nothing follows); after lost or broken bytes it isn't.
 */
export class Direction {
  readonly #options: DirectionOptions
  readonly #lines: Lines
  readonly #hunt: Hunt
  readonly #body: Body
  #phase: 'between' | 'first-line' | 'fields' | 'body' | 'hunt' = 'between'
  /** Null between messages; and in the rest of a body whose message was handed out before its end. */
  #message: Message | null = null
  /** What is to be told of the next message. */
  #nextOddities: FrameOddity[] = []

  constructor(options: DirectionOptions) {
    this.#options = options
    this.#lines = new Lines(options.headerBytesMax)
    this.#hunt = new Hunt(options.kind)
    this.#body = new Body(options)
  }

  get heldBytes(): number {
    return this.#lines.heldBytes + this.#hunt.heldBytes + this.#body.heldBytes + 2 * (this.#message?.fields.keptChars ?? 0)
  }

  pending(): PendingFrame | null {
    const message = this.#message
    return message === null || this.#phase === 'hunt' ? null : { sinceAt: message.startAt, bytes: message.wireBytes }
  }

  push(bytes: Buffer, at: Instant, frames: Frame[]): void {
    const { order } = this.#options
    for (let from = 0; from < bytes.length && order.failure === null; ) from = this.#step(bytes, from, at, frames)
  }

  /** An answer came to what is no request that could be read: it is one all the same, and what follows is not. */
  settle(number: number, frames: Frame[]): void {
    if (this.#phase !== 'hunt' || this.#message?.number !== number) return
    this.#finishAstray(frames)
    this.#phase = 'hunt'
  }

  /** Bytes were lost. In a body whose length is known they are counted as part of it; elsewhere the message ends here. */
  gap(byteCount: number, at: Instant, frames: Frame[]): void {
    const lost: readonly FrameOddity[] = byteCount === 0 ? [] : [{ kind: 'gap', bytes: byteCount }]
    const message = this.#message
    if (this.#phase === 'body' && this.#body.hole(byteCount, at, message)) {
      message?.oddities.push(...lost)
      if (this.#body.isWhole) this.#finish(frames)
      return
    }
    if (message === null) this.#nextOddities.push(...lost)
    else message.oddities.push(...lost)
    if (this.#phase === 'hunt') this.#finishAstray(frames)
    else if (message !== null) {
      message.oddities.push({ kind: 'partial', how: 'gap' })
      this.#finish(frames)
    }
    this.#beginHunt()
    if (this.#options.kind === 'answer') this.#options.order.doubt()
  }

  /** The direction ended, or (`timeout`) no more of the message is awaited. */
  end(how: EndHow, frames: Frame[]): void {
    if (how === 'timeout') {
      this.#handOut(frames)
      return
    }
    const isWhole = this.#phase === 'body' && this.#body.isUntilEnd && how === 'fin'
    if (this.#phase === 'hunt') this.#finishAstray(frames)
    else if (this.#message !== null) {
      if (!isWhole) this.#message.oddities.push({ kind: 'partial', how })
      this.#finish(frames)
    }
    this.#phase = 'between'
    this.#body.clear()
  }

  /** Hands out what was begun. More of a body may still come, and is counted off; more of a header can't be told from anything else. */
  #handOut(frames: Frame[]): void {
    const wasBody = this.#phase === 'body'
    if (this.#message === null || this.#phase === 'hunt') return
    this.#message.oddities.push({ kind: 'partial', how: 'timeout' })
    this.#finish(frames)
    if (wasBody) this.#phase = 'body'
    else this.#beginHunt()
  }

  #step(bytes: Buffer, from: number, at: Instant, frames: Frame[]): number {
    const { kind } = this.#options
    switch (this.#phase) {
      case 'between':
        return this.#begin(bytes, from, at)
      case 'first-line': {
        const mayBe =
          this.#lines.isWholeIn(bytes, from) || mayBeStart(kind, this.#lines.beginning(mayBeStartBytes, bytes, from))
        if (mayBe) return this.#takeLine(bytes, from, at, frames)
        this.#goAstray()
        this.#hunt.begin(this.#lines.takeBegun())
        return from
      }
      case 'fields':
        return this.#takeLine(bytes, from, at, frames)
      case 'body': {
        const next = this.#body.take(bytes, from, at, this.#message)
        if (this.#body.isWhole) this.#finish(frames)
        else if (this.#body.brokenBy !== null) this.#breakOff(this.#body.brokenBy, at, frames)
        return next
      }
      case 'hunt': {
        const { next, found } = this.#hunt.take(bytes, from)
        this.#message?.count(next - from, at)
        this.#take(found, at)
        return next
      }
      default:
        return this.#phase satisfies never
    }
  }

  /** Between messages: empty lines are passed over (RFC 9112 2.2). */
  #begin(bytes: Buffer, from: number, at: Instant): number {
    const { kind, order } = this.#options
    if (kind === 'request' && order.isPaused) return bytes.length
    if (bytes[from] === carriageReturn || bytes[from] === lineFeed) return from + 1
    this.#message = this.#newMessage(at, null)
    this.#phase = 'first-line'
    return from
  }

  #newMessage(at: Instant, number: number | null): Message {
    const { kind, order } = this.#options
    const oddities = this.#nextOddities
    this.#nextOddities = []
    const fields = new Fields(this.#options)
    return new Message({
      kind,
      fields,
      oddities,
      startAt: at,
      number: kind === 'request' ? (number ?? order.begin()) : null,
    })
  }

  #takeLine(bytes: Buffer, from: number, at: Instant, frames: Frame[]): number {
    const { next, line } = this.#lines.take(bytes, from)
    this.#message?.count(next - from, at)
    if (line === null) return next
    if (this.#phase === 'first-line') this.#readFirst(line, at)
    else if (line.text === '') this.#endHead(line, frames)
    else this.#message?.fields.add(line)
    return next
  }

  #readFirst(line: Line, at: Instant): void {
    const { kind, order } = this.#options
    if (kind === 'request' && isHttp2Preface(line.text)) {
      order.fail('HTTP2_UNREAD', 'The initiator speaks HTTP/2, which is passed on unread.')
      return
    }
    const cut = line.isCut && kind === 'request' ? readCutRequestLine(line.text) : null
    const read = cut === null ? readStartLine(kind, line.text) : { start: cut, isIrregular: false }
    if (read !== null && this.#message !== null) {
      if (line.isCut) this.#message.fields.tell('HTTP_HEADER_TOO_LARGE')
      this.#beginFields(this.#message, read, line.endsInBareLf)
      return
    }
    this.#goAstray()
    this.#find(line, at)
  }

  /** What was begun as a message is none. */
  #goAstray(): void {
    this.#phase = 'hunt'
    if (this.#options.kind === 'request') this.#options.order.astray(this.#message?.number ?? null)
  }

  #beginFields(message: Message, { start, isIrregular }: ReadStartLine, endsInBareLf: boolean): void {
    const { order } = this.#options
    message.start = start
    if (isIrregular) message.fields.tell('HTTP_BAD_START_LINE')
    if (endsInBareLf) message.fields.tell('HTTP_BARE_LF')
    if (start.kind === 'answer') message.number = order.awaited
    else if (message.number !== null) order.remember(message.number, start.method)
    if (start.kind === 'answer' && order.isHolding) this.#body.keepNothing()
    this.#phase = 'fields'
  }

  /** The header is whole: how long is the body (RFC 9112 6.3)? */
  #endHead(blank: Line, frames: Frame[]): void {
    const { kind, order } = this.#options
    const message = this.#message
    if (message === null || message.start === null) return
    const { fields, start } = message
    fields.endField()
    if (blank.endsInBareLf) fields.tell('HTTP_BARE_LF')
    const isBodiless = start.kind === 'answer' && hasNoBody(start.status, order.special(message.number))
    const { lengths, codings } = fields
    const { framing, irregular } = framingOf({ kind, isBodiless, minor: start.minor, lengths, codings })
    for (const code of irregular) fields.tell(code)
    if (framing.kind === 'unknown') {
      this.#finish(frames)
      this.#beginHunt()
      return
    }
    this.#body.begin(framing)
    this.#phase = 'body'
    if (this.#body.isWhole) this.#finish(frames)
  }

  /** A chunk is none. */
  #breakOff(line: Line, at: Instant, frames: Frame[]): void {
    this.#message?.fields.tell('HTTP_CHUNK_BROKEN')
    this.#message?.oddities.push({ kind: 'partial', how: 'broken' })
    this.#finish(frames)
    this.#beginHunt()
    this.#find(line, at)
  }

  /** Looks for the next message and tells nothing of what is passed over. */
  #beginHunt(): void {
    this.#phase = 'hunt'
    this.#lines.clear()
    this.#body.clear()
    this.#hunt.begin(Buffer.alloc(0))
  }

  /** A line that should have been another may still end in a message's first. */
  #find(line: Line, at: Instant): void {
    if (!line.isCut) this.#take(this.#hunt.find(line.text, line.endsInBareLf), at)
  }

  /** A message was found behind what is none. */
  #take(found: Found | null, at: Instant): void {
    const read = found === null ? null : readStartLine(this.#options.kind, found.text)
    if (found === null || read === null) return
    const before = this.#message
    if (before !== null && before.wireBytes > found.bytes)
      this.#nextOddities.push(...before.oddities, { kind: 'bytes-before-start', bytes: before.wireBytes - found.bytes })
    const message = this.#newMessage(at, before?.number ?? null)
    message.count(found.bytes, at)
    this.#message = message
    if (message.kind === 'request') this.#options.order.astray(null)
    this.#beginFields(message, read, found.endsInBareLf)
  }

  /** What is no message is worth a frame of its own when nothing follows it: somebody spoke, but not HTTP. */
  #finishAstray(frames: Frame[]): void {
    this.#message?.oddities.push({ kind: 'bytes-before-start', bytes: this.#message.wireBytes })
    this.#finish(frames)
  }

  /** Hands the message out; nothing of a rest that is not told again. */
  #finish(frames: Frame[]): void {
    const message = this.#message
    const body = this.#body.content()
    this.#message = null
    this.#phase = 'between'
    this.#lines.clear()
    if (message === null) return
    const { order, frameBytesMax } = this.#options
    frames.push(message.frame(body, frameBytesMax))
    if (message.kind === 'request') order.whole(message.number ?? 0)
    else if (message.start?.kind === 'answer' && !message.isInterim) order.answered(message.number, message.start.status)
  }
}

const carriageReturn = 0x0d
const lineFeed = 0x0a
