/**
 * A JSON Schema (draft 2020-12, as OpenAPI 3.1 uses it) that carries the TypeScript type of what it accepts, so that the
 * validation of a route, its documentation and its handler's types come from one place and can't drift.
 */
export interface Schema<T> {
  readonly json: { readonly [keyword: string]: unknown }
  /** Never present: it only carries the type. */
  readonly accepts?: T
}

/** The TypeScript type of what a schema accepts. */
export type Of<S> = S extends Schema<infer T> ? T : never

interface Shape {
  readonly [name: string]: Schema<unknown>
}
type Required_<P extends Shape> = { readonly [K in keyof P]: Of<P[K]> }
type Optional<P extends Shape> = { readonly [K in keyof P]?: Of<P[K]> }

export function text(keywords: { readonly [keyword: string]: unknown } = {}): Schema<string> {
  return { json: { type: 'string', ...keywords } }
}

/** ISO 8601 with the zone's offset. */
export function instant(description?: string): Schema<string> {
  return text({ format: 'date-time', ...(description === undefined ? {} : { description }) })
}

export function number(keywords: { readonly [keyword: string]: unknown } = {}): Schema<number> {
  return { json: { type: 'number', ...keywords } }
}

export function integer(keywords: { readonly [keyword: string]: unknown } = {}): Schema<number> {
  return { json: { type: 'integer', ...keywords } }
}

export function flag(): Schema<boolean> {
  return { json: { type: 'boolean' } }
}

/** Any JSON. For what a standard or another part defines. */
export function anything(description: string): Schema<unknown> {
  return { json: { description } }
}

export function oneOf<const V extends readonly string[]>(
  values: V,
  keywords: { readonly [keyword: string]: unknown } = {},
): Schema<V[number]> {
  return { json: { type: 'string', enum: values, ...keywords } }
}

export function exactly<const V extends string | boolean>(value: V): Schema<V> {
  return { json: { const: value } }
}

export function nullable<T>(schema: Schema<T>): Schema<T | null> {
  return { json: { anyOf: [schema.json, { type: 'null' }] } }
}

export function list<T>(items: Schema<T>, keywords: { readonly [keyword: string]: unknown } = {}): Schema<readonly T[]> {
  return { json: { type: 'array', items: items.json, ...keywords } }
}

export function either<A extends readonly Schema<unknown>[]>(...schemas: A): Schema<Of<A[number]>> {
  return { json: { anyOf: schemas.map((schema) => schema.json) } }
}

/** Properties of `required` must be there; nothing that neither names may be. */
export function object<R extends Shape>(required: R): Schema<Required_<R>>
export function object<R extends Shape, O extends Shape>(required: R, optional: O): Schema<Required_<R> & Optional<O>>
export function object(required: Shape, optional: Shape = {}): Schema<unknown> {
  const entries = Object.entries({ ...required, ...optional })
  return {
    json: {
      type: 'object',
      properties: Object.fromEntries(entries.map(([name, schema]) => [name, schema.json])),
      required: Object.keys(required),
      additionalProperties: false,
    },
  }
}

/** A component of the OpenAPI document by its name; the type is given where the component is recursive. */
export function component<T>(name: string): Schema<T> {
  return { json: { $ref: `#/components/schemas/${name}` } }
}
