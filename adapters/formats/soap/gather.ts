import type { Key, PartFacts, Stamp } from '../../../gateway/model/document.ts'
import { memberOf } from '../../../gateway/model/members/members.ts'
import { readTimestamp } from '../../../gateway/model/timestamp.ts'
import { attributeOf, childrenOf, textOf, type XmlElement } from './element.ts'
import { limits } from './limits.ts'
import { keyOids, keyParents } from './oids.ts'

export interface Gathered {
  readonly keys: readonly Key[]
  readonly stamps: readonly Stamp[]
  readonly codes: readonly { readonly path: string; readonly value: string }[]
}

/** Keys, times and codes of an element and all below it, by the names of elements and by the roots of V3 identifiers: one pass. */
export function gather(element: XmlElement | null, timezone: string): Gathered {
  const gatherer = new Gatherer(timezone)
  if (element !== null) gatherer.visit(element, null)
  return gatherer.gathered()
}

/** The items of a batch: the first list of like elements that hold elements themselves. Empty: there is none. */
export function itemsOf(element: XmlElement | null, depth = 4): readonly XmlElement[] {
  if (element === null || depth === 0) return []
  const children = childrenOf(element)
  const first = children[0]
  if (
    children.length > 1 &&
    first !== undefined &&
    first.children.length > 0 &&
    children.every(({ name }) => name === first.name)
  )
    return children
  for (const child of children) {
    const items = itemsOf(child, depth - 1)
    if (items.length > 0) return items
  }
  return []
}

export function partsOf(items: readonly XmlElement[]): readonly PartFacts[] {
  return items.slice(0, limits.partsMax).map((item) => ({ type: item.name, keys: gather(item, 'UTC').keys, ack: null }))
}

class Gatherer {
  readonly #timezone: string
  readonly #keys = new Map<string, Key>()
  readonly #stamps: Stamp[] = []
  readonly #codes: { path: string; value: string }[] = []
  readonly #seenCodes = new Set<string>()

  constructor(timezone: string) {
    this.#timezone = timezone
  }

  gathered(): Gathered {
    return { keys: [...this.#keys.values()], stamps: this.#stamps, codes: this.#codes }
  }

  visit(element: XmlElement, parent: XmlElement | null): void {
    if (element.attributes.length > 0) this.#attributes(element, parent)
    if (element.children.length > 0 || element.payload !== null) {
      for (const child of element.children) this.visit(child, element)
      if (element.payload !== null) this.visit(element.payload, element)
      return
    }
    const member = memberOf(element.name, parent?.name ?? null)
    if (member === null) return
    const text = textOf(element)
    if (text === null) return
    if (member.key !== null) this.#key({ kind: member.key, value: text, authority: member.authority })
    if (member.isCode) this.#code(pathOf(element, parent), text)
    if (member.stamp !== null) this.#stamp(pathOf(element, parent), member.stamp, text)
  }

  /** HL7 V3: `<id root extension>`, `<code code>`, `<creationTime value>`. */
  #attributes(element: XmlElement, parent: XmlElement | null): void {
    const extension = attributeOf(element, 'extension')
    if (extension !== null) {
      const root = attributeOf(element, 'root')
      const kind = keyOids.get(root ?? '') ?? (element.name === 'id' ? keyParents.get(parent?.name ?? '') : undefined)
      if (kind !== undefined) this.#key({ kind, value: extension.trim(), authority: root })
    }
    const code = element.name === 'code' ? attributeOf(element, 'code') : null
    if (code !== null && code !== '') this.#code(`${pathOf(element, parent)}/@code`, code)
    const value = element.name === 'creationTime' || isDocumentTime(element, parent) ? attributeOf(element, 'value') : null
    if (value !== null)
      this.#stamp(`${pathOf(element, parent)}/@value`, element.name === 'creationTime' ? 'message' : 'event', value)
  }

  #key(key: Key): void {
    if (!isKeyText(key.value) || this.#keys.size >= limits.keysMax) return
    const id = `${key.kind} ${key.authority ?? ''} ${key.value}`
    if (!this.#keys.has(id)) this.#keys.set(id, key)
  }

  #code(path: string, value: string): void {
    if (value.length > limits.codeCharsMax || this.#codes.length >= limits.codesMax) return
    const id = `${path} ${value}`
    if (this.#seenCodes.has(id)) return
    this.#seenCodes.add(id)
    this.#codes.push({ path, value })
  }

  #stamp(path: string, kind: Stamp['kind'], text: string): void {
    if (this.#stamps.length < limits.stampsMax) this.#stamps.push({ path, kind, ...readTimestamp(text, this.#timezone) })
  }
}

/** No key is a text that was masked on the way, a placeholder, or one that is too long for a number that people use. */
export function isKeyText(text: string): boolean {
  return text !== '' && text !== '-' && text.length <= limits.keyCharsMax && !text.includes('*')
}

function isDocumentTime(element: XmlElement, parent: XmlElement | null): boolean {
  // In an interaction of V3 the class of the document begins with a small letter, as its association does.
  return element.name === 'effectiveTime' && parent?.name.toLowerCase() === 'clinicaldocument'
}

function pathOf(element: XmlElement, parent: XmlElement | null): string {
  return parent === null ? element.name : `${parent.name}/${element.name}`
}
