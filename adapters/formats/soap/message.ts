import { childOf, childrenOf, type XmlElement } from './element.ts'

export const soap11 = 'http://schemas.xmlsoap.org/soap/envelope/'
export const soap12 = 'http://www.w3.org/2003/05/soap-envelope'
export const hl7v3 = 'urn:hl7-org:v3'

/** The parts of a message that facts and contracts ask for. */
export interface SoapMessage {
  readonly root: XmlElement | null
  /** Null: no SOAP envelope, the root is the message. */
  readonly version: '1.1' | '1.2' | null
  readonly header: XmlElement | null
  readonly body: XmlElement | null
  /** The element of the body that says what is asked or answered; without an envelope the root. */
  readonly operation: XmlElement | null
  readonly fault: XmlElement | null
  /** The HL7 V3 interaction, in the body itself or carried as text. */
  readonly interaction: XmlElement | null
  readonly clinicalDocument: XmlElement | null
}

export function messageOf(root: XmlElement | null): SoapMessage {
  const isEnvelope = root?.name === 'Envelope'
  const body = isEnvelope ? childOf(root, 'Body') : null
  const operation = isEnvelope ? (body?.children[0] ?? null) : root
  const version = !isEnvelope ? null : root.uri === soap12 ? '1.2' : root.uri === soap11 ? '1.1' : null
  return {
    root,
    version,
    header: isEnvelope ? childOf(root, 'Header') : null,
    body,
    operation,
    fault: operation?.name === 'Fault' ? operation : null,
    interaction: find(operation, isInteraction, interactionDepthMax),
    clinicalDocument: find(
      operation,
      ({ name }) => name === 'ClinicalDocument' || name === 'clinicalDocument',
      documentDepthMax,
    ),
  }
}

/** An interaction stands near the top: in the operation, or in an element or two of it. */
const interactionDepthMax = 5
const documentDepthMax = 16

function isInteraction(element: XmlElement): boolean {
  if (/^[A-Z]{4}_IN\d{6}/.test(element.name)) return true
  return element.uri === hl7v3 && childOf(element, 'interactionId') !== null
}

function find(element: XmlElement | null, isWanted: (element: XmlElement) => boolean, depth: number): XmlElement | null {
  if (element === null || depth === 0) return null
  if (isWanted(element)) return element
  for (const child of childrenOf(element)) {
    const found = find(child, isWanted, depth - 1)
    if (found !== null) return found
  }
  return null
}
