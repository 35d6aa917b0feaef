import type { Document } from '../../gateway/model/document.ts'
import type { Envelope } from '../../gateway/model/envelope.ts'
import { envelopeOf } from '../json/message.ts'
import type { ShapedElement } from './element-value.ts'

/** What `Document.shape()` of the soap format gives, as a contract sees it. */
export interface SoapMessage {
  /** The element of the body; null where there is none. */
  readonly operation: ShapedElement | null
  readonly envelope: Envelope
}

/** Null when the document is of another format. */
export function soapMessageOf(document: Document): SoapMessage | null {
  const shape = document.shape()
  if (typeof shape !== 'object' || shape === null || !('operation' in shape)) return null
  const envelope = 'envelope' in shape ? envelopeOf(shape.envelope) : []
  return { operation: isElement(shape.operation) ? shape.operation : null, envelope }
}

/** The tree is this product's own: its root tells. */
function isElement(value: unknown): value is ShapedElement {
  return typeof value === 'object' && value !== null && 'name' in value && 'children' in value && 'payload' in value
}
