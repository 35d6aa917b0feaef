import { SaxesParser, type SaxesTagNS } from 'saxes'
import type { DefectCode } from './defects.ts'
import type { XmlElement } from './element.ts'
import { limits } from './limits.ts'

export interface XmlReading {
  /** What was read of the root element; null: none was begun. */
  readonly root: XmlElement | null
  /** What stopped the reading; null: it came to its end. */
  readonly defect: DefectCode | null
}

/**
 * Reads XML 1.0 with namespaces into elements. Strict: the first breach of well-formedness ends the reading. A document type declaration does too, so that
 * no entity is ever declared, and none but the five of XML and character references are resolved: nothing grows, nothing is fetched. `isCut`: a limit
 * shortened the text, and its end is no defect.
 */
export function readXml(text: string, isCut: boolean, payloadDepth: number = limits.payloadDepthMax): XmlReading {
  const building = new Building(payloadDepth)
  const parser = new SaxesParser({ xmlns: true, position: false })
  parser.on('error', () => building.stop('SOAP_NOT_WELL_FORMED'))
  parser.on('doctype', () => building.stop('SOAP_DTD'))
  parser.on('opentag', (tag) => building.open(tag))
  parser.on('closetag', () => building.close())
  parser.on('text', (piece) => building.text(piece))
  parser.on('cdata', (piece) => building.text(piece))
  for (let at = 0; at < text.length && building.defect === null; at += chunkChars) parser.write(text.slice(at, at + chunkChars))
  if (building.defect !== null) return building.reading()
  if (building.isOpen) {
    if (!isCut) building.stop('SOAP_TRUNCATED')
    return building.reading()
  }
  parser.close()
  return building.reading()
}

/** The parser can't be stopped inside a write. */
const chunkChars = 65_536
const namespaces = 'http://www.w3.org/2000/xmlns/'

interface Growing {
  readonly name: string
  readonly uri: string
  readonly attributes: readonly (readonly [string, string])[]
  readonly children: XmlElement[]
  text: string
  payload: XmlElement | null
}

class Building {
  defect: DefectCode | null = null
  #root: XmlElement | null = null
  readonly #stack: Growing[] = []
  #elementCount = 0
  readonly #payloadDepth: number

  constructor(payloadDepth: number) {
    this.#payloadDepth = payloadDepth
  }

  get isOpen(): boolean {
    return this.#stack.length > 0
  }

  /** The first reason counts; whatever the parser tells after it is not taken. */
  stop(code: DefectCode): void {
    this.defect ??= code
  }

  open(tag: SaxesTagNS): void {
    if (this.defect !== null) return
    this.#elementCount += 1
    if (this.#stack.length >= limits.depthMax) this.stop('SOAP_TOO_DEEP')
    else if (this.#elementCount > limits.elementsMax) this.stop('SOAP_TOO_LARGE')
    if (this.defect !== null) return
    const attributes: [string, string][] = []
    for (const { local, uri, value } of Object.values(tag.attributes))
      if (uri !== namespaces && local !== 'xmlns' && attributes.length < limits.attributesMax) attributes.push([local, value])
    const element: Growing = { name: tag.local, uri: tag.uri, attributes, children: [], text: '', payload: null }
    this.#stack.at(-1)?.children.push(element)
    this.#root ??= element
    this.#stack.push(element)
  }

  close(): void {
    if (this.defect !== null) return
    const element = this.#stack.pop()
    if (element === undefined || element.children.length > 0 || this.#payloadDepth === 0) return
    const carried = carriedText(element)
    if (carried === null) return
    const { root, defect } = readXml(carried, false, this.#payloadDepth - 1)
    element.payload = root
    if (defect !== null) this.payloadDefect ??= defect
  }

  /** What was wrong with a carried message; the message around it is read on. */
  payloadDefect: DefectCode | null = null

  text(piece: string): void {
    const top = this.#stack.at(-1)
    if (top !== undefined && this.defect === null) top.text += piece
  }

  reading(): XmlReading {
    const carried = this.payloadDefect === null ? null : carriedDefect(this.payloadDefect)
    return { root: this.#root, defect: this.defect ?? carried }
  }
}

function carriedDefect(code: DefectCode): DefectCode {
  return code === 'SOAP_DTD' || code === 'SOAP_TOO_DEEP' || code === 'SOAP_TOO_LARGE' ? code : 'SOAP_PAYLOAD_NOT_WELL_FORMED'
}

/** XML that an element carries as text (in CDATA or escaped), or as base64 where its attributes say so (HL7 V3 ED: `representation`). */
function carriedText(element: Growing): string | null {
  const { text } = element
  if (text.length < 8 || text.length > limits.payloadCharsMax) return null
  const start = text.search(/\S/)
  if (text[start] === '<' && /^<[?A-Za-z_]/.test(text.slice(start, start + 2))) return start === 0 ? text : text.slice(start)
  const isBase64 = element.attributes.some(([name, value]) => name === 'representation' && value === 'B64')
  if (!isBase64) return null
  const decoded = Buffer.from(text, 'base64')
    .toString('utf8')
    .replace(/^\ufeff/, '')
  return decoded.startsWith('<') ? decoded : null
}
