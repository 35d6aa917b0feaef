import type { Document } from '../../gateway/model/document.ts'
import { type Envelope, envelopeValue } from '../../gateway/model/envelope.ts'

/** What `Document.shape()` of the json format gives, as a contract sees it. */
export interface JsonMessage {
  readonly kind: string
  readonly value: unknown
  readonly envelope: Envelope
  readonly requestEnvelope: Envelope
}

/** Null when the document is of another format. */
export function jsonMessageOf(document: Document): JsonMessage | null {
  const shape = document.shape()
  if (typeof shape !== 'object' || shape === null || !('kind' in shape) || !('value' in shape)) return null
  const { kind, value } = shape
  const envelope = 'envelope' in shape ? envelopeOf(shape.envelope) : []
  const requestEnvelope = 'requestEnvelope' in shape ? envelopeOf(shape.requestEnvelope) : []
  return { kind: String(kind), value, envelope, requestEnvelope }
}

export function envelopeOf(value: unknown): Envelope {
  if (!Array.isArray(value)) return none
  return value.every(isPair) ? value : value.filter(isPair)
}

const none: Envelope = []

/** Name and value: the envelope is this product's own. */
function isPair(value: unknown): value is readonly [string, string] {
  return Array.isArray(value) && typeof value[0] === 'string' && typeof value[1] === 'string'
}

/** The status that the wire says of an answer, as text. */
export function statusOf({ envelope }: JsonMessage): string | null {
  return envelopeValue(envelope, ':status')
}
