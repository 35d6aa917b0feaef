import { attributeOf, childrenOf, textOf, type XmlElement } from './element.ts'

/** One step of a path: an element's local name and its number among those of its name, from 1. */
export interface Step {
  readonly name: string
  readonly nth: number
}

export interface XmlPath {
  readonly isFromRoot: boolean
  readonly steps: readonly Step[]
  /** `@extension` at its end. */
  readonly attribute: string | null
}

/** Reads `PushTraceBatch/items/item[2]/packCode`, `acknowledgement/@typeCode`, `/Envelope/Body`; null when the text is no path. Prefixes are left out. */
export function readPath(text: string): XmlPath | null {
  const parts = text.replace(/^\//, '').split('/')
  const last = parts.at(-1) ?? ''
  const attribute = last.startsWith('@') ? last.slice(1) : null
  const steps: Step[] = []
  for (const part of attribute === null ? parts : parts.slice(0, -1)) {
    const match = /^(?:[^[\]@/:]+:)?([^[\]@/:]+)(?:\[(\d{1,6})\])?$/.exec(part)
    if (match === null) return null
    steps.push({ name: match[1] ?? '', nth: Number(match[2] ?? 1) })
  }
  return steps.length === 0 || attribute === '' ? null : { isFromRoot: text.startsWith('/'), steps, attribute }
}

/** The text or the attribute's value at a path. One that doesn't begin with `/` begins at the first element of that name, in document order. */
export function valueAt(root: XmlElement | null, path: XmlPath): string | null {
  const [first, ...rest] = path.steps
  if (root === null || first === undefined) return null
  const start = path.isFromRoot ? (root.name === first.name ? root : null) : nthNamed(root, first)
  let at = start
  for (const step of rest) {
    if (at === null) return null
    at = childrenOf(at).filter(({ name }) => name === step.name)[step.nth - 1] ?? null
  }
  return path.attribute === null ? textOf(at) : attributeOf(at, path.attribute)
}

function nthNamed(root: XmlElement, { name, nth }: Step): XmlElement | null {
  let left = nth
  const find = (element: XmlElement): XmlElement | null => {
    if (element.name === name && --left === 0) return element
    for (const child of childrenOf(element)) {
      const found = find(child)
      if (found !== null) return found
    }
    return null
  }
  return find(root)
}
