import type { StatementSync } from 'node:sqlite'
import type { Coverage, Outcome } from '../../model/exchange.ts'
import { decidingAnswer, decidingOf, exchangeAt } from '../../model/exchange.ts'
import type { ObservedExchange } from '../../model/observed.ts'
import type { Instant } from '../../model/time.ts'
import type { BodyPlace } from '../bodies.ts'
import type { KeyToken, StoredExchange } from '../exchange-store.ts'
import { type Tokens, tokenBytes, tokenKind, tokenText } from '../tokens.ts'
import { type PackedDetail, packDetail, unpackDetail } from './detail.ts'
import { packEnvelopes } from './envelopes.ts'
import { blobOrNull, numberOf, numberOrNull, ownJson, type Row, textOf, textOrNull } from './rows.ts'

/** Outcomes by number, as stored: append only. */
export const outcomes = ['answered', 'failed', 'unanswered', 'orphan', 'one-way'] as const satisfies readonly Outcome[]
const coverages = ['full', 'sampled', 'headers', 'counters'] as const satisfies readonly Coverage[]

/** Per millisecond this many exchanges have a place of their own in the order; more go on into the next millisecond's. */
const seqsPerMs = 1024
const typeCharsMax = 64
const controlIdCharsMax = 200

/** The first `seq` of that instant: spans of time are ranges of `seq`. */
export function seqAt(at: Instant): number {
  return Math.min(Math.max(Math.floor(at), 0), 8_000_000_000_000) * seqsPerMs
}

/** An exchange made ready for its row, before the transaction begins. */
export interface PreparedExchange {
  readonly observed: ObservedExchange
  readonly at: Instant
  /** Tokens of its keys, one after another. */
  readonly keyBytes: Uint8Array
  readonly detail: string
  readonly requestBody: Uint8Array
  readonly answerBody: Uint8Array
  /** What the protocol said around both, as JSON; empty where it says nothing. */
  readonly envelopes: Uint8Array
}

export function prepareExchange(observed: ObservedExchange, tokens: Tokens): PreparedExchange {
  const { exchange, requestFacts, answerFacts } = observed
  const deciding = decidingAnswer(exchange)
  const at = exchangeAt(exchange)
  return {
    observed,
    at,
    keyBytes: tokens.tokensOf(exchange.controlId, [requestFacts?.keys ?? [], answerFacts?.keys ?? []]),
    detail: JSON.stringify(packDetail(observed, at)),
    requestBody: exchange.request?.body ?? none,
    answerBody: deciding?.body ?? none,
    envelopes: packEnvelopes(exchange.request?.envelope, deciding?.envelope),
  }
}

const none = new Uint8Array(0)

export const insertExchangeSql = `
  INSERT INTO exchanges (seq, id, iface, outcome, at, type, control_id, code, latency_ms, coverage, keys, detail,
                         day, block, block_bytes, offset, request_bytes, answer_bytes, envelope_bytes)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`

/** Inserts at `seq`; false when the id or the `seq` is taken. */
export function insertExchange(
  insert: StatementSync,
  seq: number,
  iface: number,
  prepared: PreparedExchange,
  place: BodyPlace | null,
): boolean {
  const { exchange } = prepared.observed
  const { changes } = insert.run(
    seq,
    exchange.id,
    iface,
    outcomes.indexOf(exchange.outcome),
    prepared.at,
    exchange.type?.slice(0, typeCharsMax) ?? null,
    exchange.controlId?.slice(0, controlIdCharsMax) ?? null,
    exchange.code?.slice(0, typeCharsMax) ?? null,
    exchange.latencyMs,
    coverages.indexOf(exchange.coverage),
    prepared.keyBytes,
    prepared.detail,
    place?.day ?? null,
    place?.blockOffset ?? null,
    place?.blockBytes ?? null,
    place?.offset ?? null,
    prepared.requestBody.length,
    prepared.answerBody.length,
    prepared.envelopes.length,
  )
  return changes === 1
}

export const selectExchangeSql = selectExchangesBy('')

/** The same with what SQLite is told of the index to use: `INDEXED BY ...`, or nothing. */
export function selectExchangesBy(hint: string): string {
  return `SELECT e.*, i.id AS iface_id FROM exchanges e ${hint} JOIN interfaces i ON i.num = e.iface`
}

/** The exchange of a row of `selectExchangeSql`. `bodyIsKept` says whether a day's bodies are still there. */
export function exchangeOfRow(row: Row, bodyIsKept: (day: number) => boolean): StoredExchange {
  const at = numberOf(row, 'at')
  const day = numberOrNull(row, 'day')
  const isKept = day !== null && bodyIsKept(day)
  const hasEnvelopes = numberOf(row, 'envelope_bytes') > 0
  const detail = unpackDetail(ownJson<PackedDetail>(row, 'detail'), at)
  return {
    id: textOf(row, 'id'),
    interfaceId: textOf(row, 'iface_id'),
    outcome: outcomes[numberOf(row, 'outcome')] ?? 'unanswered',
    type: textOrNull(row, 'type'),
    controlId: textOrNull(row, 'control_id'),
    keys: keysOf(blobOrNull(row, 'keys') ?? none),
    at,
    latencyMs: numberOrNull(row, 'latency_ms'),
    code: textOrNull(row, 'code'),
    coverage: coverages[numberOf(row, 'coverage')] ?? 'counters',
    ...detail,
    kept: {
      request: isKept && (numberOf(row, 'request_bytes') > 0 || (hasEnvelopes && detail.request !== null)),
      answer: isKept && (numberOf(row, 'answer_bytes') > 0 || (hasEnvelopes && decidingOf(detail.answers) !== null)),
    },
  }
}

/** Where the record of a row's bodies stands: request first, answer after it, then what stood around them. Null when none was kept. */
export function bodyPlaceOf(
  row: Row,
): { readonly place: BodyPlace; readonly requestBytes: number; readonly answerBytes: number } | null {
  const day = numberOrNull(row, 'day')
  if (day === null) return null
  const requestBytes = numberOf(row, 'request_bytes')
  const answerBytes = numberOf(row, 'answer_bytes')
  return {
    requestBytes,
    answerBytes,
    place: {
      day,
      blockOffset: numberOf(row, 'block'),
      blockBytes: numberOf(row, 'block_bytes'),
      offset: numberOf(row, 'offset'),
      bytes: requestBytes + answerBytes + numberOf(row, 'envelope_bytes'),
    },
  }
}

/** Keys from their stored tokens, one after another. */
export function keysOf(bytes: Uint8Array): readonly KeyToken[] {
  const keys: KeyToken[] = []
  for (let at = 0; at + tokenBytes <= bytes.length; at += tokenBytes) {
    const token = bytes.subarray(at, at + tokenBytes)
    const kind = tokenKind(token)
    if (kind !== null) keys.push({ kind, token: tokenText(token) })
  }
  return keys
}
