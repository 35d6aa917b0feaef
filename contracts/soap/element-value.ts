/** An element as JSON Schemas see it: `@name` for attributes, `#text` for text that isn't blank, and a list for each name of its children. */
export type ElementValue = { readonly [name: string]: string | readonly ElementValue[] }

/** What `Document.shape()` of the soap format holds for an element. */
export interface ShapedElement {
  readonly name: string
  readonly attributes: readonly (readonly [name: string, value: string])[]
  readonly children: readonly ShapedElement[]
  readonly text: string
  readonly payload: ShapedElement | null
}

/** A carried message counts as a child, so that paths lead into it. */
export function elementValue(element: ShapedElement): ElementValue {
  const value = new Map<string, string | ElementValue[]>()
  for (const [name, text] of element.attributes) value.set(`@${name}`, text)
  const children = element.payload === null ? element.children : [...element.children, element.payload]
  for (const child of children) {
    const known = value.get(child.name)
    if (Array.isArray(known)) known.push(elementValue(child))
    else value.set(child.name, [elementValue(child)])
  }
  const text = children.length === 0 ? element.text.trim() : ''
  if (text !== '') value.set('#text', text)
  return Object.fromEntries(value)
}

/** The places of a schema's breach as people read them: `items/item[3]/packCode`, `id/@extension`. */
export function elementPath(steps: readonly (string | number)[]): string {
  let path = ''
  for (const step of steps) {
    if (typeof step === 'number') path += step === 0 ? '' : `[${step + 1}]`
    else if (step !== '#text') path += path === '' ? step : `/${step}`
  }
  return path
}
