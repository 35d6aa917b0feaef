import { type Envelope, envelopeValue } from '../envelope.ts'
import { resourceTypes } from './resources.ts'

/** What a request asks of a FHIR server (FHIR R4 3.1.0). */
export type InteractionKind =
  | 'read'
  | 'vread'
  | 'update'
  | 'patch'
  | 'delete'
  | 'history'
  | 'create'
  | 'search'
  | 'capabilities'
  | 'batch'
  | 'transaction'
  | 'operation'

export interface Interaction {
  readonly kind: InteractionKind
  /** Resource type; null of the whole system. */
  readonly type: string | null
  /** Logical id in the path. An identifier: never for display. */
  readonly id: string | null
  /** `$everything`; of operations only. */
  readonly operation: string | null
  /** Parameters of the query, decoded, in their order. Values may identify. */
  readonly parameters: readonly (readonly [name: string, value: string])[]
}

/** Parameters that are read; a query of more says nothing new. */
const parametersMax = 100

/**
 * What an HTTP request asks for, by its method and path; null when it asks nothing that FHIR knows. The base path may be anything: what counts begins at
 * the first segment that FHIR has a meaning for. `bundleType`: of a body sent to the base itself.
 */
export function interactionOf(envelope: Envelope | undefined, bundleType: string | null = null): Interaction | null {
  const method = envelopeValue(envelope, ':method')
  const target = envelopeValue(envelope, ':path')
  if (method === null || target === null) return null
  const mark = target.indexOf('?')
  const path = mark < 0 ? target : target.slice(0, mark)
  const segments = path
    .split('/')
    .filter((segment) => segment !== '')
    .map(decoded)
  const parameters = mark < 0 ? [] : parametersOf(target.slice(mark + 1))
  const from = segments.findIndex((segment) => resourceTypes.has(segment) || isMarked(segment))
  const rest = from < 0 ? [] : segments.slice(from)
  const found = askedOf(method.toUpperCase(), rest, { bundleType, hasQuery: parameters.length > 0 })
  return found === null ? null : { ...found, parameters }
}

/** As the product shows it: `read Patient`, `operation Patient/$everything`, `transaction`. Free of identifiers. */
export function interactionText({ kind, type, operation }: Pick<Interaction, 'kind' | 'type' | 'operation'>): string {
  if (kind === 'operation') return `operation ${type === null ? '' : `${type}/`}${operation ?? ''}`
  return type === null ? kind : `${kind} ${type}`
}

/** `application/x-www-form-urlencoded` (also the body of `POST [type]/_search`); at most 100. */
export function parametersOf(query: string): Interaction['parameters'] {
  if (query === '') return []
  return query
    .split('&', parametersMax)
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=')
      const plain = (text: string) => decoded(text.replaceAll('+', ' '))
      return equals < 0
        ? ([plain(pair), ''] as const)
        : ([plain(pair.slice(0, equals)), plain(pair.slice(equals + 1))] as const)
    })
}

function decoded(text: string): string {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Segments that mean something without a resource type before them. */
function isMarked(segment: string): boolean {
  return segment === 'metadata' || segment === '_history' || segment === '_search' || segment.startsWith('$')
}

type Asked = Omit<Interaction, 'parameters'>

const nothing = { type: null, id: null, operation: null }

function askedOf(
  method: string,
  [first, second, third, fourth]: readonly string[],
  { bundleType, hasQuery }: { readonly bundleType: string | null; readonly hasQuery: boolean },
): Asked | null {
  const isGet = method === 'GET' || method === 'HEAD'
  if (first === undefined) {
    if (method === 'POST') return { ...nothing, kind: bundleType === 'batch' ? 'batch' : 'transaction' }
    return isGet && hasQuery ? { ...nothing, kind: 'search' } : null
  }
  if (first === 'metadata') return isGet ? { ...nothing, kind: 'capabilities' } : null
  if (first === '_history') return isGet ? { ...nothing, kind: 'history' } : null
  if (first === '_search') return method === 'POST' ? { ...nothing, kind: 'search' } : null
  if (first.startsWith('$')) return { ...nothing, kind: 'operation', operation: operationOf(first) }
  if (second === undefined) return onType(method, first)
  if (second.startsWith('$')) return { ...nothing, kind: 'operation', type: first, operation: operationOf(second) }
  if (second === '_search') return { ...nothing, kind: 'search', type: first }
  if (second === '_history') return { ...nothing, kind: 'history', type: first }
  const id = { ...nothing, type: first, id: second }
  if (third === undefined) return onInstance(method, id)
  if (third === '_history') return { ...id, kind: fourth === undefined ? 'history' : 'vread' }
  if (third.startsWith('$')) return { ...id, kind: 'operation', operation: operationOf(third) }
  // A compartment: `Patient/123/Observation` (FHIR R4 3.1.0.9.2).
  return isGet && (resourceTypes.has(third) || third === '*')
    ? { ...nothing, kind: 'search', type: third === '*' ? null : third }
    : null
}

function onType(method: string, type: string): Asked | null {
  switch (method) {
    case 'GET':
    case 'HEAD':
      return { ...nothing, kind: 'search', type }
    case 'POST':
      return { ...nothing, kind: 'create', type }
    // Conditional ones name no id.
    case 'PUT':
      return { ...nothing, kind: 'update', type }
    case 'PATCH':
      return { ...nothing, kind: 'patch', type }
    case 'DELETE':
      return { ...nothing, kind: 'delete', type }
    default:
      return null
  }
}

function onInstance(method: string, asked: Omit<Asked, 'kind'>): Asked | null {
  switch (method) {
    case 'GET':
    case 'HEAD':
      return { ...asked, kind: 'read' }
    case 'PUT':
      return { ...asked, kind: 'update' }
    case 'PATCH':
      return { ...asked, kind: 'patch' }
    case 'DELETE':
      return { ...asked, kind: 'delete' }
    default:
      return null
  }
}

/** Operations are named in letters; what isn't may be anything. */
function operationOf(segment: string): string {
  return /^\$[A-Za-z][A-Za-z0-9-]{0,60}$/.test(segment) ? segment : '$?'
}
