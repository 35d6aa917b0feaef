import type { Identity } from '../../model/identity.ts'
import { type Scalar, walkJson } from './json-text.ts'
import { hidden, hiddenByContent, isTelling, type Secret, type Stretch } from './values.ts'
import { walkXml } from './xml-text.ts'

/** Of what kind a decoded body is, as its first character says. Anything else has no places that the desk knows. */
export type Markup = 'json' | 'xml'

export function markupOf(text: string): Markup | null {
  const first = /^[\ufeff\s]*(.)/u.exec(text)?.[1]
  if (first === '{' || first === '[') return 'json'
  return first === '<' ? 'xml' : null
}

/** A text of JSON or XML, walked: what of it must be hidden by its places, and the values that make them. */
export interface MarkedWalk {
  readonly stretches: readonly Stretch[]
  readonly secrets: readonly Secret[]
  readonly scalars: readonly Scalar[]
}

export type IdentityOf = (path: string) => Identity | null

/** `identityOf` says what the value at a path tells of a person. Numbers, `true` and the like are hidden by their place alone. */
export function walkMarked(text: string, markup: Markup, identityOf: IdentityOf): MarkedWalk {
  const { scalars, odd } = markup === 'json' ? walkJson(text) : walkXml(text)
  const stretches: Stretch[] = odd === null ? [] : [odd]
  const secrets: Secret[] = []
  for (const { path, stretch, value } of scalars) {
    const identity = path === '!comment' ? 'all' : identityOf(path)
    if (identity === null) continue
    const raw = text.slice(stretch.start, stretch.end)
    // Escapes stand where the value's characters should: then all of it is hidden, not the part that would be wrong.
    const isPlain = raw === value
    const parts = isPlain ? hidden(identity, value) : [{ start: 0, end: raw.length }]
    for (const { start, end } of parts) stretches.push({ start: stretch.start + start, end: stretch.start + end })
    secrets.push({ identity, value })
  }
  return { stretches, secrets: secrets.filter(isTelling), scalars }
}

/** All stretches of the text: by place, then by content with the secrets of the whole exchange. */
export function hiddenInMarked(text: string, walk: MarkedWalk, secrets: readonly Secret[]): readonly Stretch[] {
  const found = [...walk.stretches]
  for (const { stretch, value } of walk.scalars) {
    const raw = text.slice(stretch.start, stretch.end)
    const inside = hiddenByContent(raw, secrets)
    for (const { start, end } of inside) found.push({ start: stretch.start + start, end: stretch.start + end })
    if (raw !== value && hiddenByContent(value, secrets).length > 0) found.push(stretch)
  }
  return found
}
