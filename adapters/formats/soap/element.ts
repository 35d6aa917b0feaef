/** An element as it was read. Names are local; the prefix that a sender chose means nothing. */
export interface XmlElement {
  readonly name: string
  /** Namespace; empty for none. */
  readonly uri: string
  /** By local name; declarations of namespaces are left out. */
  readonly attributes: readonly (readonly [name: string, value: string])[]
  readonly children: readonly XmlElement[]
  /** Its own text, CDATA sections included, in one piece. */
  readonly text: string
  /** The text is XML that was read as well: the message that it carries. */
  readonly payload: XmlElement | null
}

/** The first child of that name; a carried message counts as a child. */
export function childOf(element: XmlElement | null, name: string): XmlElement | null {
  if (element === null) return null
  for (const child of element.children) if (child.name === name) return child
  return element.payload?.name === name ? element.payload : null
}

/** Children, and the message that the text carries. */
export function childrenOf(element: XmlElement): readonly XmlElement[] {
  return element.payload === null ? element.children : [...element.children, element.payload]
}

/** Down a chain of names; null where it breaks. */
export function descendantOf(element: XmlElement | null, ...names: readonly string[]): XmlElement | null {
  let at = element
  for (const name of names) at = childOf(at, name)
  return at
}

export function attributeOf(element: XmlElement | null, name: string): string | null {
  return element?.attributes.find(([known]) => known === name)?.[1] ?? null
}

/** The element's text without blanks around it; null for none, and for an element that carries a message. */
export function textOf(element: XmlElement | null): string | null {
  if (element === null || element.payload !== null) return null
  const text = element.text.trim()
  return text === '' ? null : text
}
