import type { CharsetFacts, KeyKind } from '../model/document.ts'
import type { Position } from '../model/entry.ts'
import type { Envelope } from '../model/envelope.ts'
import type { Answer, ConnectionStory, Coverage, Outcome, Passage } from '../model/exchange.ts'
import type { Side } from '../model/frame.ts'
import type { Instant } from '../model/time.ts'
import type { Violation } from '../model/violation.ts'
import type { WireFact } from '../model/wire.ts'

/** The exchanges of the Database port, as readers get them. */
export type BodySide = 'request' | 'answer'

/** A message as it was kept. A request without a body (GET) has an envelope alone. */
export interface StoredMessage {
  readonly body: Uint8Array
  /** Left out where the protocol has none. */
  readonly envelope?: Envelope
  /** Of an answer: what was said around its request. */
  readonly requestEnvelope?: Envelope
}

/** A key as the store knows it: what it names and its keyed token, never its value. */
export interface KeyToken {
  readonly kind: KeyKind
  readonly token: string
}

/** A passage without its body. */
export type StoredPassage = Omit<Passage, 'body' | 'envelope'> & { readonly charset: StoredCharset | null }
export type StoredAnswer = Omit<Answer, 'body' | 'envelope'>
export type StoredCharset = Pick<CharsetFacts, 'declared' | 'detected' | 'verdict'>

export interface StoredExchange {
  readonly id: string
  readonly interfaceId: string
  readonly outcome: Outcome
  readonly type: string | null
  readonly controlId: string | null
  readonly keys: readonly KeyToken[]
  /** When it is counted: `exchangeAt` of the model. */
  readonly at: Instant
  readonly latencyMs: number | null
  readonly code: string | null
  readonly coverage: Coverage
  readonly requestFrom: Side | null
  readonly connection: ConnectionStory
  readonly request: StoredPassage | null
  readonly answers: readonly StoredAnswer[]
  /** All interim answers; left out: none. */
  readonly interimCount?: number
  readonly wire: readonly WireFact[]
  readonly violations: readonly Violation[]
  readonly position: Position
  /** Whether the message of that side is still kept: its body, or what was said around it. */
  readonly kept: { readonly request: boolean; readonly answer: boolean }
}

export interface Page<T> {
  readonly items: readonly T[]
  /** Null at the end. New rows never shift what a cursor points at. */
  readonly nextCursor: string | null
}

export interface ExchangeQuery {
  readonly interfaceId?: string
  /** Inclusive. */
  readonly from?: Instant
  /** Exclusive. */
  readonly to?: Instant
  readonly outcome?: Outcome
  readonly type?: string
  /** Any business identifier, of whatever kind; it is matched by its keyed token. */
  readonly key?: string
  /** An exchange id, a key or a message type: the first of these that finds something. */
  readonly q?: string
  readonly limit: number
  readonly cursor?: string
}

export interface ExchangeStore {
  exchange(id: string): Promise<StoredExchange | null>
  /** Newest first. */
  exchanges(query: ExchangeQuery): Promise<Page<StoredExchange>>
  /** Of those that carry any of these tokens (`KeyToken.token`), newest first, at most `limit`. `from` inclusive, `to` exclusive. */
  exchangesByTokens(
    tokens: readonly string[],
    span: { readonly from: Instant; readonly to: Instant; readonly limit: number },
  ): Promise<readonly StoredExchange[]>
  /** Every token under which a business identifier may stand: of all kinds, and under all keys of the installation. */
  tokensOf(key: string): Promise<readonly string[]>
  /** What is kept of one side's message (of an answer: the deciding one), or null when it isn't. */
  message(id: string, side: BodySide): Promise<StoredMessage | null>
}
