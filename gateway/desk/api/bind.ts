import { Readable } from 'node:stream'
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { isRecord } from '../../model/json.ts'
import type { Caller } from '../access/session.ts'
import { Refusal } from './problems.ts'
import type { Route } from './route.ts'

/** What a handler is given: parsed and checked by its route's own schemas. */
export interface Ask<Query, Body> {
  readonly params: { readonly [name: string]: string }
  readonly query: Query
  readonly body: Body
  readonly caller: Caller
}

/** A route with its handler, ready to be mounted. Its types are checked where it is made and gone afterwards. */
export interface Binding {
  readonly route: Route<unknown, unknown, unknown>
  answer(asked: {
    readonly params: { readonly [name: string]: string }
    readonly query: unknown
    readonly body: unknown
    readonly caller: Caller
  }): Promise<unknown>
}

// Query values are texts on the wire: numbers are read from them, and defaults filled in. Bodies are taken as they are.
const queryAjv = new Ajv2020({ coerceTypes: true, useDefaults: true, allErrors: true, strict: true, verbose: true })
const bodyAjv = new Ajv2020({ useDefaults: true, allErrors: true, strict: true, verbose: true })
addFormats.default(queryAjv)
addFormats.default(bodyAjv)

export function bind<Query, Body, Answer>(
  route: Route<Query, Body, Answer>,
  handle: (ask: Ask<Query, Body>) => Promise<Answer>,
): Binding {
  const isQuery = queryAjv.compile<Query>(route.query.json)
  const isBody = bodyAjv.compile<Body>(route.body.json)
  return {
    route,
    answer: async ({ params, query, body, caller }) => {
      const ownQuery = copyOf(query)
      if (!isQuery(ownQuery)) throw invalid('query', isQuery)
      const ownBody: unknown = route.method === 'post' ? (body ?? {}) : {}
      if (!isBody(ownBody)) throw invalid('body', isBody)
      return handle({ params, query: ownQuery, body: ownBody, caller })
    },
  }
}

/** The same for a route that takes a file: the handler reads the stream, and keeps its own limit of bytes. */
export function bindUpload<Query, Answer>(
  route: Route<Query, Readable, Answer>,
  handle: (ask: Ask<Query, Readable>) => Promise<Answer>,
): Binding {
  const isQuery = queryAjv.compile<Query>(route.query.json)
  return {
    route,
    answer: async ({ params, query, body, caller }) => {
      const ownQuery = copyOf(query)
      if (!isQuery(ownQuery)) throw invalid('query', isQuery)
      if (!(body instanceof Readable)) throw new Refusal('INVALID_REQUEST', 'The body must be application/octet-stream.')
      return handle({ params, query: ownQuery, body, caller })
    },
  }
}

/** The validation writes numbers and defaults into it. */
function copyOf(query: unknown): unknown {
  return { ...(typeof query === 'object' ? query : {}) }
}

function invalid(where: string, validate: ValidateFunction): Refusal {
  return new Refusal('INVALID_REQUEST', (validate.errors ?? []).map((error) => sentence(where, error)).join('; '))
}

/** Names the key and the rule, never the value: what people search for may identify a patient. Nor a key that nobody knows: it may be such a value. */
function sentence(where: string, { instancePath, message, keyword, parentSchema }: ErrorObject): string {
  const properties: unknown = parentSchema?.properties
  const known =
    keyword === 'additionalProperties' && isRecord(properties) ? ` (known: ${Object.keys(properties).join(', ')})` : ''
  return `${where}${instancePath.replaceAll('/', '.')} ${message ?? 'is wrong'}${known}`
}
