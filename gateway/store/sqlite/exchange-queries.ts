import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import type { Instant } from '../../model/time.ts'
import type { BodyFiles } from '../bodies.ts'
import type { BodySide, ExchangeQuery, Page, StoredExchange, StoredMessage } from '../exchange-store.ts'
import { type Tokens, tokenNumber, tokenNumberOf } from '../tokens.ts'
import { unpackEnvelopes } from './envelopes.ts'
import { bodyPlaceOf, exchangeOfRow, outcomes, selectExchangeSql, selectExchangesBy, seqAt } from './exchange-rows.ts'
import { createKeyIndex, type KeyIndex } from './key-index.ts'
import { numberOf, type Row } from './rows.ts'

type ExchangesByTokens = (
  tokens: readonly string[],
  span: { readonly from: Instant; readonly to: Instant; readonly limit: number },
) => readonly StoredExchange[]

/** The questions about exchanges, synchronous. */
export interface ExchangeQueries {
  exchange(id: string): StoredExchange | null
  exchanges(query: ExchangeQuery): Page<StoredExchange>
  exchangesByTokens: ExchangesByTokens
  message(id: string, side: BodySide): StoredMessage | null
}

/** `bodiesKeptFrom`: the first day (since 1970) whose bodies are kept. */
export function createExchangeQueries(
  database: DatabaseSync,
  bodies: BodyFiles,
  tokens: Tokens,
  bodiesKeptFrom: () => number,
): ExchangeQueries {
  const index = createKeyIndex(database)
  const byId = database.prepare(`${selectExchangeSql} WHERE e.id = ?`)
  const read = (row: Row, keptFrom: number) => exchangeOfRow(row, (day) => day >= keptFrom)
  const page = (where: Where, limit: number): Page<StoredExchange> => {
    // One more than asked for says whether there is another page.
    const sql = `${selectExchangesBy(where.hint)} WHERE ${where.clauses.join(' AND ')} ORDER BY e.seq DESC LIMIT ?`
    const rows = database.prepare(sql).all(...where.values, limit + 1)
    const keptFrom = bodiesKeptFrom()
    const shown = rows.slice(0, limit)
    return {
      items: shown.map((row) => read(row, keptFrom)),
      nextCursor: rows.length > limit ? cursorOf(shown.at(-1)) : null,
    }
  }
  const exchange = (id: string) => {
    const row = byId.get(id)
    return row === undefined ? null : read(row, bodiesKeptFrom())
  }
  return {
    exchange,
    exchanges: (query) => {
      const where = plainWhere(query)
      if (query.key !== undefined) addTokens(where, index, query, tokens.candidates(query.key))
      if (query.q === undefined) return page(where, query.limit)
      const exact = exchange(query.q)
      if (exact !== null) return { items: [exact], nextCursor: null }
      const byKey = copy(where)
      addTokens(byKey, index, query, tokens.candidates(query.q))
      const found = page(byKey, query.limit)
      if (found.items.length > 0 || query.cursor !== undefined) return found
      return page(and(where, 'e.type = ?', query.q), query.limit)
    },
    exchangesByTokens: (wanted, { from, to, limit }) => {
      const numbers = wanted.flatMap((token) => tokenNumberOf(token) ?? [])
      const found = index.find(numbers, seqAt(Math.max(0, from)), seqAt(to), limit)
      const rows = database
        .prepare(`${selectExchangeSql} WHERE e.seq IN (SELECT value FROM json_each(?)) ORDER BY e.seq DESC`)
        .all(JSON.stringify(found))
      const keptFrom = bodiesKeptFrom()
      return rows.map((row) => read(row, keptFrom))
    },
    message: (id, side) => {
      const row = byId.get(id)
      const kept = row === undefined ? null : bodyPlaceOf(row)
      const record = kept === null ? null : bodies.read(kept.place)
      if (kept === null || record === null) return null
      const { requestBytes, answerBytes } = kept
      const answerEnd = requestBytes + answerBytes
      const body = side === 'request' ? record.subarray(0, requestBytes) : record.subarray(requestBytes, answerEnd)
      const { request, answer } = unpackEnvelopes(record.subarray(answerEnd))
      const envelope = side === 'request' ? request : answer
      if (envelope === null) return body.length === 0 ? null : { body }
      return { body, envelope, ...(side === 'answer' && request !== null ? { requestEnvelope: request } : {}) }
    },
  }
}

interface Where {
  readonly clauses: string[]
  readonly values: SQLInputValue[]
  /** The index that holds all that is asked for, so that what doesn't fit costs no look at its row. SQLite by itself would take others. */
  hint: string
}

function copy(where: Where): Where {
  return { clauses: [...where.clauses], values: [...where.values], hint: where.hint }
}

function and(where: Where, clause: string, ...values: readonly SQLInputValue[]): Where {
  where.clauses.push(clause)
  where.values.push(...values)
  return where
}

function plainWhere(query: ExchangeQuery): Where {
  const where: Where = { clauses: ['e.seq >= ?', 'e.seq < ?'], values: [seqAt(query.from ?? 0), upperSeq(query)], hint: '' }
  if (query.interfaceId !== undefined) {
    and(where, 'e.iface = (SELECT num FROM interfaces WHERE id = ?)', query.interfaceId)
    where.hint = 'INDEXED BY exchanges_iface'
  }
  if (query.type !== undefined) and(where, 'e.type = ?', query.type)
  if (query.outcome === undefined) return where
  and(where, 'e.outcome = ?', outcomes.indexOf(query.outcome))
  if (query.interfaceId !== undefined || !rareOutcomes.includes(query.outcome)) return where
  where.hint = 'INDEXED BY exchanges_rare'
  return and(where, rareSql)
}

const rareOutcomes: readonly string[] = ['failed', 'unanswered', 'orphan']
/** Word for word as the index of rare outcomes has it: only so does SQLite see that it will do. */
const rareSql = 'e.outcome IN (1, 2, 3)'

/** Newest exchanges of one key that a search looks at; filters come after. */
const foundMax = 20_000

function addTokens(where: Where, index: KeyIndex, query: ExchangeQuery, candidates: readonly Uint8Array[]): void {
  const found = index.find(
    candidates.map((token) => tokenNumber(token)),
    seqAt(query.from ?? 0),
    upperSeq(query),
    foundMax,
  )
  and(where, 'e.seq IN (SELECT value FROM json_each(?))', JSON.stringify(found))
  where.hint = ''
}

function upperSeq(query: ExchangeQuery): number {
  const to = query.to === undefined ? Number.MAX_SAFE_INTEGER : seqAt(query.to)
  const cursor = query.cursor === undefined ? Number.NaN : Number.parseInt(query.cursor, 36)
  return Number.isSafeInteger(cursor) ? Math.min(to, cursor) : to
}

/** A cursor is the last row's place in the order of time; what is inserted later never moves it. */
function cursorOf(row: Row | undefined): string | null {
  return row === undefined ? null : numberOf(row, 'seq').toString(36)
}
