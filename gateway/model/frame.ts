import type { Envelope } from './envelope.ts'
import type { Instant, Millis } from './time.ts'

/** Side of a connection: who opened it and who accepted it. Request and response are another matter. */
export type Side = 'initiator' | 'acceptor'

export function otherSide(side: Side): Side {
  return side === 'initiator' ? 'acceptor' : 'initiator'
}

/** How one direction of a connection came to its end. */
export type EndHow = 'fin' | 'rst' | 'timeout'

/**
 * What pairing needs of a frame, read by the protocol's decoder from as few bytes as will do.
 * HL7: `id` is MSH-10, `answersId` MSA-2, `stage` accept for CA/CE/CR and application for AA/AE/AR.
 */
export interface FrameHead {
  /** `abort`: a message that ends all that is open on its connection, and is an exchange of its own where nothing was (A-ABORT, PS3.8 9.3.8). */
  readonly role: 'request' | 'answer' | 'abort' | 'unknown'
  readonly id: string | null
  readonly answersId: string | null
  /**
   * Where an id is known. `interface`: a control id, which the interface remembers (HL7: duplicates, late answers on another connection). `connection`: a
   * number that means nothing beyond its connection (DIMSE Message ID; the order of HTTP messages). Left out: `interface`.
   */
  readonly idScope?: 'interface' | 'connection'
  readonly stage: AnswerStage | null
  readonly verdict: 'yes' | 'no' | null
  /** The protocol's own code: `AA`, `AE`, `503`, `A700`. */
  readonly code: string | null
  /** Message type as its standard writes it: `ORU^R01`, `GET`, `C-STORE`. */
  readonly type: string | null
  /**
   * Request: which answers it asks for. HL7: from MSH-15/16. Original mode = application only. Answer: null, or that it asks
   * for an accept ack of its own (HL7 2.9.3: the application ack of enhanced mode is a message too).
   */
  readonly expects: { readonly accept: boolean; readonly application: boolean } | null
}

/** `accept`, `application`: HL7's two acknowledgments. `interim`: more answers follow (HTTP 1xx, DIMSE pending). */
export type AnswerStage = 'accept' | 'application' | 'interim'

/** Something odd about a frame's framing, as the wire showed it. Counts are bytes. */
export type FrameOddity =
  | { readonly kind: 'bytes-before-start'; readonly bytes: number }
  | { readonly kind: 'missing-final-cr' }
  | { readonly kind: 'unframed' }
  | { readonly kind: 'end-block-in-data' }
  | { readonly kind: 'oversize'; readonly bytes: number }
  | { readonly kind: 'gap'; readonly bytes: number }
  /** The direction ended, or the connection broke, inside this frame. `broken`: what it says of its own length can't be followed any further. */
  | { readonly kind: 'partial'; readonly how: EndHow | 'gap' | 'broken' }
  /** Something that the protocol's standard forbids, and that was read all the same. `code` is of the protocol: `HTTP_BARE_LF`. */
  | { readonly kind: 'irregular'; readonly code: string }

/** One wire unit as its standard has it: an MLLP block, an HTTP request or response, a DIMSE message. */
export interface Frame {
  readonly from: Side
  /** Arrival of the first and of the last byte. */
  readonly startAt: Instant
  readonly endAt: Instant
  /** Bytes on the wire, envelope included. */
  readonly wireBytes: number
  /** The payload, at most the decoder's `bodyBytesMax`; the rest was counted and skipped. */
  readonly body: Uint8Array
  /** The payload's whole length. */
  readonly bodyBytes: number
  /** Left out where the protocol has none (MLLP). */
  readonly envelope?: Envelope
  readonly head: FrameHead
  readonly oddities: readonly FrameOddity[]
}

/** A decoder met bytes that it can't go on from. The observer stops decoding that connection; forwarding goes on. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError'
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** A frame that was begun and isn't finished. */
export interface PendingFrame {
  /** Arrival of its first byte. */
  readonly sinceAt: Instant
  /** Bytes on the wire so far. */
  readonly bytes: number
  /** So long a silence of that side ends it as it stands (`end` with `timeout`); left out where silence means nothing. */
  readonly quietMs?: Millis
}

/** Cuts one connection's bytes into frames. Pure: no clock, no I/O. Throws only ProtocolError. Keeps no reference to `bytes` after it returns, but may return frames whose body is a view of them: callers that reuse the memory copy first. */
export interface Decoder {
  push(from: Side, bytes: Uint8Array, at: Instant): readonly Frame[]
  /** A tap lost bytes of that direction. */
  gap(from: Side, byteCount: number, at: Instant): readonly Frame[]
  /** The direction ended, or (`timeout`) nothing more of the frame is awaited: hands out what was begun. More may follow a `timeout`. */
  end(from: Side, how: EndHow, at: Instant): readonly Frame[]
  /** A frame of that direction that was begun and isn't finished: since when, and how many bytes so far. */
  pending(from: Side): PendingFrame | null
  /** Bytes held in memory now, both directions. */
  readonly heldBytes: number
}

export interface DecoderLimits {
  /** Of each body this much is kept. */
  readonly bodyBytesMax: number
  /** A frame longer than this is skipped as it passes and reported as oversize. */
  readonly frameBytesMax: number
}

export interface Protocol {
  readonly name: string
  /** JSON Schema of `Interface.options` for this protocol. */
  readonly optionsSchema: object
  /** Its frames' bodies are never views of what `push` was given: it may be shown memory that is used again. Worth it where frames are much of what passes and little of it is kept. */
  readonly copiesBodies?: true
  decoder(options: { readonly [key: string]: unknown }, limits: DecoderLimits): Decoder
}
