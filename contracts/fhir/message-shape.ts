import type { Interaction } from '../../gateway/model/fhir/interaction.ts'
import { isRecord } from '../../gateway/model/json.ts'

/** What the fhir format's `shape()` gives. */
export interface MessageShape {
  readonly kind: 'json' | 'xml' | 'form' | 'empty' | 'other'
  readonly resource: unknown
  /** Where in it whole numbers are written with a fraction or an exponent: `contact[0].rank`. */
  readonly fractions: ReadonlySet<unknown>
  /** Null: nothing that FHIR knows. */
  readonly asked: Asked | null
  /** Of a request. */
  readonly method: string | null
  readonly status: number | null
}

export interface Asked extends Pick<Interaction, 'kind' | 'type' | 'operation'> {
  /** Names of the query's parameters. */
  readonly parameters: readonly string[]
}

const interactionKinds: readonly Interaction['kind'][] = [
  'read',
  'vread',
  'update',
  'patch',
  'delete',
  'history',
  'create',
  'search',
  'capabilities',
  'batch',
  'transaction',
  'operation',
]

const bodyKinds = ['json', 'xml', 'form', 'empty', 'other'] as const

/** Reads a document's shape; null when it is none of FHIR's. */
export function readShape(shape: unknown): MessageShape | null {
  if (!isRecord(shape)) return null
  const kind = bodyKinds.find((one) => one === shape.kind)
  if (kind === undefined) return null
  return {
    kind,
    resource: shape.resource,
    fractions: shape.fractions instanceof Set ? shape.fractions : new Set(),
    asked: askedOf(shape.asked),
    method: typeof shape.method === 'string' ? shape.method : null,
    status: typeof shape.status === 'number' ? shape.status : null,
  }
}

function askedOf(asked: unknown): Asked | null {
  if (!isRecord(asked)) return null
  const kind = interactionKinds.find((one) => one === asked.kind)
  if (kind === undefined) return null
  const parameters = Array.isArray(asked.parameters) ? asked.parameters : []
  return {
    kind,
    type: typeof asked.type === 'string' ? asked.type : null,
    operation: typeof asked.operation === 'string' ? asked.operation : null,
    parameters: parameters.map((pair) => (Array.isArray(pair) ? String(pair[0]) : '')),
  }
}
