import { SaxesParser } from 'saxes'
import { attributeOf } from '../../../gateway/model/dicom/dictionary.ts'
import type { CharsetFacts, Defect } from '../../../gateway/model/document.ts'
import type { MediaType } from '../../../gateway/model/http/media-type.ts'
import type { Content } from './carrier.ts'
import { type DataSet, type Element, givenSet } from './data-set.ts'
import { addDefect } from './defects.ts'
import type { Found } from './part10.ts'
import { readTextBody } from './web-charset.ts'

export interface XmlOptions {
  readonly isCut: boolean
  readonly type: MediaType
}

const depthMax = 200
const elementsMax = 50_000
const faultsMax = 20

/** Reads documents of the Native DICOM Model (PS3.19 A.1), a data set each. Never throws. */
export function readXml(documents: readonly Buffer[], { isCut, type }: XmlOptions, defects: Defect[]): Content {
  let charset: CharsetFacts | null = null
  const found = documents.map((bytes): Found => {
    const label = /^<\?xml[^>]{0,200}encoding=["']([\w.-]+)["']/.exec(bytes.toString('latin1', 0, 256))?.[1]?.toLowerCase()
    const body = readTextBody(bytes, label ?? type.charset, isCut)
    if (charset === null || body.charset.verdict === 'contradicts') charset = body.charset
    const { set, isWhole } = dataSetOf(body.text)
    if (!isWhole) addDefect(defects, isCut ? 'DICOM_CUT' : 'DICOM_BAD_XML', null)
    return { meta: null, set, transferSyntax: null, defects: [] }
  })
  return { found, foundCount: found.length, charset }
}

interface GrowingSet extends DataSet {
  readonly elements: Element[]
}

interface Attribute {
  readonly tag: number
  readonly vr: string
  readonly values: string[]
  readonly items: DataSet[]
  isElsewhere: boolean
}

/** Component groups of a name, each a list of its five components (PS3.19 table A.1.5-2). */
const nameGroups = ['Alphabetic', 'Ideographic', 'Phonetic']
const nameParts = ['FamilyName', 'GivenName', 'MiddleName', 'NamePrefix', 'NameSuffix']

class Builder {
  readonly root = growing(null)
  readonly #sets: GrowingSet[] = [this.root]
  readonly #attributes: Attribute[] = []
  #name: string[][] = []
  #group = 0
  #part = 0
  #text = ''
  #elementsLeft = elementsMax
  #depth = 0

  open(tag: string, attributes: { readonly [name: string]: string }): void {
    if (++this.#depth > depthMax) throw new TooMuch()
    this.#text = ''
    if (tag === 'DicomAttribute') this.#openAttribute(attributes)
    else if (tag === 'Item') this.#openItem()
    else if (tag === 'PersonName') this.#name = [[], [], []]
    else if (nameGroups.includes(tag)) this.#group = nameGroups.indexOf(tag)
    else if (nameParts.includes(tag)) this.#part = nameParts.indexOf(tag)
    else if (tag === 'BulkData' || tag === 'InlineBinary') {
      const attribute = this.#attributes.at(-1)
      if (attribute !== undefined) attribute.isElsewhere = true
    }
  }

  text(text: string): void {
    this.#text += text
  }

  close(tag: string): void {
    this.#depth -= 1
    const attribute = this.#attributes.at(-1)
    if (tag === 'Value') attribute?.values.push(this.#text)
    else if (nameParts.includes(tag)) this.#takeNamePart()
    else if (tag === 'PersonName') attribute?.values.push(this.#nameText())
    else if (tag === 'Item') this.#sets.pop()
    else if (tag === 'DicomAttribute') this.#closeAttribute()
  }

  #openAttribute(attributes: { readonly [name: string]: string }): void {
    if (--this.#elementsLeft < 0) throw new TooMuch()
    const tag = /^[0-9A-Fa-f]{8}$/.test(attributes.tag ?? '') ? Number.parseInt(attributes.tag ?? '', 16) : 0
    const vr = /^[A-Z]{2}$/.test(attributes.vr ?? '') ? (attributes.vr ?? '') : (attributeOf(tag)?.vr ?? 'UN')
    this.#attributes.push({ tag, vr, values: [], items: [], isElsewhere: false })
  }

  #openItem(): void {
    const set = growing(this.#sets.at(-1) ?? null)
    this.#attributes.at(-1)?.items.push(set)
    this.#sets.push(set)
  }

  #closeAttribute(): void {
    const attribute = this.#attributes.pop()
    if (attribute === undefined) return
    const { tag, vr, values, items, isElsewhere } = attribute
    this.#sets.at(-1)?.elements.push({
      tag,
      vr,
      start: 0,
      end: 0,
      items: vr === 'SQ' ? items : null,
      given: values,
      isCut: isElsewhere,
      known: null,
    })
  }

  #takeNamePart(): void {
    const group = this.#name[this.#group]
    if (group !== undefined) group[this.#part] = this.#text
  }

  #nameText(): string {
    const groups = this.#name.map((parts) =>
      Array.from(parts, (part) => part ?? '')
        .join('^')
        .replace(/\^+$/, ''),
    )
    return groups.join('=').replace(/=+$/, '')
  }
}

function growing(parent: DataSet | null): GrowingSet {
  const elements: Element[] = []
  return { ...givenSet(elements, parent), elements }
}

class TooMuch extends Error {}

function dataSetOf(text: string): { readonly set: DataSet; readonly isWhole: boolean } {
  const builder = new Builder()
  // Entities of a document type are not expanded by this parser, so none can make a small body large.
  const parser = new SaxesParser()
  let isWhole = true
  let faultsLeft = faultsMax
  parser.on('error', () => {
    isWhole = false
    // The parser reads on whatever comes, and what is no XML at all has a fault in every character.
    if (--faultsLeft < 0) throw new TooMuch()
  })
  parser.on('opentag', ({ name, attributes }) => builder.open(localName(name), attributes))
  parser.on('text', (part) => builder.text(part))
  parser.on('cdata', (part) => builder.text(part))
  parser.on('closetag', ({ name }) => builder.close(localName(name)))
  try {
    parser.write(text).close()
  } catch (error) {
    if (!(error instanceof TooMuch)) throw error
    isWhole = false
  }
  return { set: builder.root, isWhole }
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}
