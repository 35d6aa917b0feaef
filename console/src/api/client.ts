import type { Schema } from '../../../gateway/desk/api/schema.ts'
import { type Me, type Problem, shapes } from '../../../gateway/desk/api/shapes.ts'
import { download } from '../parts/download.ts'
import { attendance } from './attended.ts'
import { fits } from './fits.ts'

/** A no of the API, or of the way to it: `code` is the API's own, or UNREACHABLE, or UNEXPECTED_ANSWER. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem'
  readonly code: string
  readonly status: number
  readonly advice: string
  constructor(problem: Pick<Problem, 'code' | 'status' | 'detail' | 'advice'>) {
    super(problem.detail)
    this.code = problem.code
    this.status = problem.status
    this.advice = problem.advice
  }
}

const base = '/api/v1'
let csrfToken: string | null = null

/** Reads `path` below /api/v1. Rejects with ApiProblem; an abort rejects as fetch does. */
export async function read<T>(path: string, schema: Schema<T>, signal?: AbortSignal): Promise<T> {
  return answered(await send(path, { ...(signal === undefined ? {} : { signal }) }), schema)
}

/** Writes to `path` below /api/v1 with the session's CSRF token. Rejects with ApiProblem. */
export async function write<T>(path: string, body: object, schema: Schema<T>): Promise<T> {
  return answered(await post(path, 'application/json', JSON.stringify(body)), schema)
}

/** Reads a file below /api/v1 and lets the browser save it under the name that the server gives. Rejects with ApiProblem. */
export async function save(path: string): Promise<void> {
  const response = await send(path, {})
  if (!response.ok) await answered(response, shapes.Problem)
  const [, name] = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get('content-disposition') ?? '') ?? []
  download(name === undefined ? 'auscult' : decodeURIComponent(name), await response.blob())
}

/** Sends a file to `path` below /api/v1. Rejects with ApiProblem. */
export async function upload<T>(path: string, file: Blob, schema: Schema<T>): Promise<T> {
  return answered(await post(path, 'application/octet-stream', file), schema)
}

/** Who is signed in, or null. Keeps the session's CSRF token for writes. */
export async function readMe(): Promise<Me | null> {
  try {
    const me = await read('/me', shapes.Me)
    csrfToken = me.csrfToken
    return me
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 401) return null
    throw error
  }
}

/** Signs in, by a one-time link's token or by name; the browser keeps the session's cookie. Rejects with ApiProblem. */
export async function signIn(
  by: { readonly token: string } | { readonly name: string; readonly password: string },
): Promise<void> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(by) }
  await answered(await ask('/signin', init), shapes.Done)
}

/** The name of the hospital's identity provider; null where there is none. */
export async function readSignInMethods(): Promise<string | null> {
  return (await answered(await ask('/signin/methods', {}), shapes.SignInMethods)).provider
}

/** A path with its query; empty and missing values are left out. */
export function withQuery(path: string, query: { readonly [name: string]: string | number | null | undefined }): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === null || value === undefined || value === '' ? [] : [[name, String(value)]],
  )
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`
}

type Asked = Omit<RequestInit, 'headers'> & { readonly headers?: { readonly [name: string]: string } }

function post(path: string, type: string, body: BodyInit): Promise<Response> {
  const headers = { 'content-type': type, ...(csrfToken === null ? {} : { 'x-csrf-token': csrfToken }) }
  return send(path, { method: 'POST', headers, body })
}

function send(path: string, init: Asked): Promise<Response> {
  return ask(`${base}${path}`, init)
}

async function ask(path: string, init: Asked): Promise<Response> {
  try {
    return await fetch(path, { ...init, headers: { ...init.headers, ...attendance() }, credentials: 'same-origin' })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new ApiProblem({ code: 'UNREACHABLE', status: 0, detail: '', advice: '' })
  }
}

async function answered<T>(response: Response, schema: Schema<T>): Promise<T> {
  const value: unknown = await response.json().catch(() => null)
  if (response.ok && fits(schema, value)) return value
  if (!response.ok && fits(shapes.Problem, value)) throw new ApiProblem(value)
  throw new ApiProblem({ code: 'UNEXPECTED_ANSWER', status: response.status, detail: '', advice: '' })
}
