import type { Envelope } from './envelope.ts'
import type { AnswerStage, Side } from './frame.ts'
import type { Instant, Millis } from './time.ts'
import type { WireFact } from './wire.ts'

/**
 * `answered`: the answer says yes. `failed`: the answer says no (AE, AR, CE, CR, 4xx, 5xx, DIMSE failure).
 * `unanswered`: none came, or the connection was refused or broke. `orphan`: an answer to nothing that was seen.
 * `one-way`: none is owed.
 */
export type Outcome = 'answered' | 'failed' | 'unanswered' | 'orphan' | 'one-way'

/** One message of an exchange as it passed. */
export interface Passage {
  /** Arrival of the first and the last byte. */
  readonly startAt: Instant
  readonly endAt: Instant
  readonly wireBytes: number
  readonly body: Uint8Array
  /** The body's whole length; `body` may be shorter (limit, sampling, shedding). */
  readonly bodyBytes: number
  /** Left out where the protocol has none, and where bodies are not kept. */
  readonly envelope?: Envelope
}

export interface Answer extends Passage {
  readonly stage: AnswerStage | null
  readonly verdict: 'yes' | 'no' | null
  readonly code: string | null
}

/** How much of what passed was observed: architecture.md, Overload. */
export type Coverage = 'full' | 'sampled' | 'headers' | 'counters'

/** The connection that carried an exchange, as known when the exchange ended. */
export interface ConnectionStory {
  /** Unique within one edge's life: `c1`, `c2`, ... */
  readonly id: string
  readonly initiator: string
  readonly acceptor: string
  readonly openedAt: Instant
  /** SYN to SYN-ACK, or dial to connected. Null when not seen. */
  readonly connectMs: Millis | null
  /** Requests seen on it before this one. */
  readonly exchangesBefore: number
  /** Silence on it before this request began; null for the first. */
  readonly idleBeforeMs: Millis | null
}

/** One request with its answer or answers, or the lack of one. Ends in exactly one outcome. */
export interface Exchange {
  /** Unique and stable: edge id, start of the edge's life, running number. */
  readonly id: string
  readonly interfaceId: string
  readonly connection: ConnectionStory
  /** Which side asked; null when nothing was asked (connection refused, orphan of unknown side). */
  readonly requestFrom: Side | null
  readonly outcome: Outcome
  /** Control id and message type as the decoder's head has them. */
  readonly controlId: string | null
  readonly type: string | null
  readonly request: Passage | null
  /** In order of arrival: accept ack, then application ack. Of interim answers the first few. */
  readonly answers: readonly Answer[]
  /** All interim answers, kept or not. Left out: none. */
  readonly interimCount?: number
  /** Last code that decided the outcome. */
  readonly code: string | null
  /** Last byte of the request to last byte of the deciding answer. */
  readonly latencyMs: Millis | null
  readonly wire: readonly WireFact[]
  readonly coverage: Coverage
}

/** The answer that decided the outcome, if any came. */
export function decidingAnswer(exchange: Exchange): Answer | null {
  return decidingOf(exchange.answers)
}

/** The same of its answers alone. An interim answer decides nothing. */
export function decidingOf<A extends Pick<Answer, 'stage'>>(answers: readonly A[]): A | null {
  let accept: A | null = null
  for (let i = answers.length - 1; i >= 0; i -= 1) {
    const answer = answers[i]
    if (answer === undefined || answer.stage === 'interim') continue
    if (answer.stage !== 'accept') return answer
    accept ??= answer
  }
  return accept
}

/** When an exchange is counted: its request's last byte, or else its first answer, or else the connection's opening. */
export function exchangeAt(exchange: Exchange): Instant {
  return exchange.request?.endAt ?? exchange.answers[0]?.endAt ?? exchange.connection.openedAt
}

/** How long it was waited for: until the answer, a late one too, or until nobody waited any more. Null: nothing was waited for, or nobody knows how long. */
export function waitedMs(exchange: Exchange): Millis | null {
  if (exchange.latencyMs !== null) return exchange.latencyMs
  for (const fact of exchange.wire) if (fact.kind === 'late' || fact.kind === 'timeout') return fact.afterMs
  return null
}
