import { type Answer, type Exchange, exchangeAt, type Passage } from '../../model/exchange.ts'
import type { ObservedExchange } from '../../model/observed.ts'
import type { Instant } from '../../model/time.ts'
import type { StoredAnswer, StoredCharset, StoredExchange, StoredPassage } from '../exchange-store.ts'

/** What a row keeps as JSON beside its columns. */
export type Detail = Pick<
  StoredExchange,
  'requestFrom' | 'connection' | 'request' | 'answers' | 'interimCount' | 'wire' | 'violations' | 'position'
>

/**
 * The same without names, and with instants as milliseconds from the exchange's own, to the microsecond: half the bytes, and bytes
 * are what a row costs (they are written to the write-ahead log, then to the file, then pruned).
 */
type PackedPassage = readonly [startMs: number, endMs: number, wireBytes: number, bodyBytes: number]
export type PackedDetail = readonly [
  position: string,
  requestFrom: Exchange['requestFrom'],
  connection: readonly [
    id: string,
    initiator: string,
    acceptor: string,
    openedMs: number,
    connectMs: number | null,
    exchangesBefore: number,
    idleBeforeMs: number | null,
  ],
  request: PackedPassage | null,
  charset: readonly [StoredCharset['declared'], StoredCharset['detected'], StoredCharset['verdict']] | null,
  answers: readonly (readonly [...PackedPassage, Answer['stage'], Answer['verdict'], Answer['code']])[],
  wire: Exchange['wire'],
  violations: ObservedExchange['violations'],
  /** Left out by the first version. */
  interimCount?: number,
]

export function packDetail({ exchange, requestFacts, violations, position }: ObservedExchange, at: Instant): PackedDetail {
  const { connection: c, request } = exchange
  const charset = requestFacts?.charset
  return [
    position,
    exchange.requestFrom,
    [c.id, c.initiator, c.acceptor, since(at, c.openedAt), rounded(c.connectMs), c.exchangesBefore, rounded(c.idleBeforeMs)],
    request && packPassage(request, at),
    charset === undefined ? null : [charset.declared, charset.detected, charset.verdict],
    exchange.answers.map((answer) => [...packPassage(answer, at), answer.stage, answer.verdict, answer.code]),
    exchange.wire,
    violations,
    exchange.interimCount ?? 0,
  ]
}

/** All of an exchange that stands in its row as JSON, as a reader of the store gets it back. */
export function detailOf(observed: ObservedExchange): Detail {
  const at = exchangeAt(observed.exchange)
  return unpackDetail(packDetail(observed, at), at)
}

export function unpackDetail(packed: PackedDetail, at: Instant): Detail {
  const [position, requestFrom, connection, request, charset, answers, wire, violations, interimCount] = packed
  const [id, initiator, acceptor, openedMs, connectMs, exchangesBefore, idleBeforeMs] = connection
  return {
    position,
    requestFrom,
    connection: { id, initiator, acceptor, openedAt: at + openedMs, connectMs, exchangesBefore, idleBeforeMs },
    request: request && requestOf(request, charset, at),
    answers: answers.map((answer) => answerOf(answer, at)),
    ...(interimCount === undefined || interimCount === 0 ? {} : { interimCount }),
    wire,
    violations,
  }
}

function packPassage(passage: Omit<Passage, 'body'>, at: Instant): PackedPassage {
  return [since(at, passage.startAt), since(at, passage.endAt), passage.wireBytes, passage.bodyBytes]
}

function requestOf(
  [startMs, endMs, wireBytes, bodyBytes]: PackedPassage,
  charset: PackedDetail[4],
  at: Instant,
): StoredPassage {
  const times = { startAt: at + startMs, endAt: at + endMs, wireBytes, bodyBytes }
  if (charset === null) return { ...times, charset: null }
  const [declared, detected, verdict] = charset
  return { ...times, charset: { declared, detected, verdict } }
}

function answerOf(
  [startMs, endMs, wireBytes, bodyBytes, stage, verdict, code]: PackedDetail[5][number],
  at: Instant,
): StoredAnswer {
  return { startAt: at + startMs, endAt: at + endMs, wireBytes, bodyBytes, stage, verdict, code }
}

function since(at: Instant, instant: Instant): number {
  return Math.round((instant - at) * 1000) / 1000
}

function rounded<T extends number | null>(ms: T): number | null {
  return ms === null ? null : Math.round(ms * 1000) / 1000
}
