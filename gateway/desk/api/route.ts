/** How a route of `/api/v1` is written down. `openapi.ts` holds the table of all of them. */
import type { Readable } from 'node:stream'
import type { Permission } from '../access/permissions.ts'
import { instant, integer, type Of, object, oneOf, type Schema, text } from './schema.ts'
import { shapes } from './shapes.ts'

/** One route. `Query` and `Body` are what its handler is given, `Answer` what it must return. */
export interface Route<Query, Body, Answer> {
  readonly method: 'get' | 'post'
  /** With `{name}` for path parameters. */
  readonly path: string
  readonly summary: string
  /** Null: every signed-in user, or no sign-in where `open`. */
  readonly permission: Permission | null
  readonly query: Schema<Query>
  readonly body: Schema<Body>
  readonly answer: Schema<Answer>
  /** `bytes`: the body is a file (application/octet-stream), given to the handler as a stream that it must read or destroy. */
  readonly takes: 'json' | 'bytes'
  /** Name of the answer's schema among the components. `File`: the handler gives a FileAnswer, sent as it is. */
  readonly answerName: keyof typeof shapes
}

/** No query, no body. */
export const nothing = object({})
/** Of lists. */
export const limit = integer({ minimum: 1, maximum: 500, default: 50 })
export const cursor = text({ maxLength: 200 })
export const id = text({ maxLength: 200 })
export const outcome = oneOf(['answered', 'failed', 'unanswered', 'orphan', 'one-way'])
export const span = { from: instant('Default: an hour before `to`.'), to: instant('Default: now.') }

/** What a list of exchanges is narrowed by. `key` is any business identifier. */
export const exchangeFilter = { interface: id, ...span, outcome, type: id, key: id, q: id }

type Name = keyof typeof shapes
type AnswerOf<N extends Name> = Of<(typeof shapes)[N]>

export function get<N extends Name, Q>(
  path: string,
  permission: Permission | null,
  summary: string,
  query: Schema<Q>,
  answerName: N,
): Route<Q, unknown, AnswerOf<N>>
export function get(
  path: string,
  permission: Permission | null,
  summary: string,
  query: Schema<unknown>,
  answerName: Name,
): Route<unknown, unknown, unknown> {
  return {
    method: 'get',
    path,
    permission,
    summary,
    query,
    body: nothing,
    takes: 'json',
    answer: shapes[answerName],
    answerName,
  }
}

export function post<N extends Name, B>(
  path: string,
  permission: Permission | null,
  summary: string,
  body: Schema<B>,
  answerName: N,
): Route<unknown, B, AnswerOf<N>>
export function post(
  path: string,
  permission: Permission | null,
  summary: string,
  body: Schema<unknown>,
  answerName: Name,
): Route<unknown, unknown, unknown> {
  return {
    method: 'post',
    path,
    permission,
    summary,
    query: nothing,
    body,
    takes: 'json',
    answer: shapes[answerName],
    answerName,
  }
}

/** A file is sent to it; what else it needs stands in the query. */
export function upload<N extends Name, Q>(
  path: string,
  permission: Permission,
  summary: string,
  query: Schema<Q>,
  answerName: N,
): Route<Q, Readable, AnswerOf<N>>
export function upload(
  path: string,
  permission: Permission,
  summary: string,
  query: Schema<unknown>,
  answerName: Name,
): Route<unknown, Readable, unknown> {
  const body: Schema<Readable> = { json: { type: 'string', format: 'binary' } }
  return { method: 'post', path, permission, summary, query, body, takes: 'bytes', answer: shapes[answerName], answerName }
}
