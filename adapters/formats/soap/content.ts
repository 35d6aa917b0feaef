import { charsetFactsOf, charsetOfLabel, decodeText } from '../../../gateway/model/charset.ts'
import type { CharsetFacts, Defect, Hints } from '../../../gateway/model/document.ts'
import { type Envelope, envelopeValue } from '../../../gateway/model/envelope.ts'
import { readEntity } from '../../../gateway/model/http/entity.ts'
import { readMediaType } from '../../../gateway/model/http/media-type.ts'
import { type Part, splitMultipart } from '../../../gateway/model/http/multipart.ts'
import { defect } from './defects.ts'
import { messageOf, type SoapMessage } from './message.ts'
import { readXml } from './read-xml.ts'

export interface Content {
  readonly text: string
  readonly message: SoapMessage
  readonly charset: CharsetFacts
  readonly defects: readonly Defect[]
  /** Of a multipart message (SOAP with attachments, MTOM): the parts beside the message. */
  readonly attachments: readonly Part[]
  readonly isEmpty: boolean
}

/** Reads a body: its content coding undone, the message's part found, its character set decided by the bytes. */
export function contentOf(body: Uint8Array, hints: Hints): Content {
  const entity = readEntity(body, { envelope: hints.envelope, bodyBytes: hints.bodyBytes })
  const isWholeCut = entity.extent === 'cut'
  const source = messageBytes(entity.bytes, hints.envelope, isWholeCut)
  const { bytes, isCut } = source
  const inXml = declaredEncoding(bytes)
  const label = source.label ?? inXml
  const decoded = decodeText(bytes, { label, isCut })
  const { text } = decoded
  const isEmpty = text.trim() === ''
  const isXml = text.trimStart().startsWith('<')
  const reading = isXml ? readXml(text, isCut) : { root: null, defect: null }
  const message = messageOf(reading.root)
  const defects = [...(entity.defect === null ? [] : [entity.defect]), ...source.defects]
  if (!isEmpty && !isXml) defects.push(defect('SOAP_NOT_XML'))
  if (reading.defect !== null) defects.push(defect(reading.defect))
  if (reading.root !== null) defects.push(...formDefects(message, isCut))
  if (decoded.isBroken) defects.push(defect('SOAP_CHARSET_BROKEN'))
  if (labelsDiffer(source.label, inXml)) defects.push(defect('SOAP_CHARSET_LABELS_DIFFER'))
  // XML 1.0 4.3.3: without a declaration it is UTF-8 or, with a mark, UTF-16. No trail byte of GB18030 is a mark of XML.
  const claim = { declared: label, assumed: 'utf-8', delimiterInTrail: false } as const
  return { text, message, charset: charsetFactsOf(decoded, claim), defects, attachments: source.attachments, isEmpty }
}

interface MessageBytes {
  readonly bytes: Uint8Array
  readonly isCut: boolean
  /** The charset that Content-Type names. */
  readonly label: string | null
  readonly attachments: readonly Part[]
  readonly defects: readonly Defect[]
}

/** The message alone; of multipart/related the part that `start` names, else the first (RFC 2387 3.2). */
function messageBytes(bytes: Uint8Array, envelope: Envelope | undefined, isCut: boolean): MessageBytes {
  const mediaType = readMediaType(envelopeValue(envelope, 'content-type'))
  if (mediaType === null || !mediaType.type.startsWith('multipart/'))
    return { bytes, isCut, label: mediaType?.charset ?? null, attachments: [], defects: [] }
  const { parts, defects } = splitMultipart(bytes, mediaType, { isCut })
  const start = mediaType.parameters.get('start')
  const message = parts.find((part) => start !== undefined && envelopeValue(part.envelope, 'content-id') === start) ?? parts[0]
  return {
    bytes: message?.body ?? new Uint8Array(0),
    isCut: isCut && message?.extent === 'cut',
    label: message?.mediaType?.charset ?? null,
    attachments: parts.filter((part) => part !== message),
    defects,
  }
}

/** What the XML declaration says; it is ASCII whatever follows (but for UTF-16, which needs none). */
function declaredEncoding(bytes: Uint8Array): string | null {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 256)).toString('latin1')
  return /^(?:\u00ef\u00bb\u00bf)?\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z][\w.-]{0,39})["']/.exec(head)?.[1] ?? null
}

function labelsDiffer(inHeader: string | null, inXml: string | null): boolean {
  if (inHeader === null || inXml === null) return false
  return (charsetOfLabel(inHeader) ?? inHeader.toLowerCase()) !== (charsetOfLabel(inXml) ?? inXml.toLowerCase())
}

function formDefects(message: SoapMessage, isCut: boolean): readonly Defect[] {
  if (message.root?.name !== 'Envelope') return [defect('SOAP_NO_ENVELOPE')]
  const defects = message.version === null ? [defect('SOAP_BAD_NAMESPACE')] : []
  return message.body === null && !isCut ? [...defects, defect('SOAP_NO_BODY')] : defects
}
