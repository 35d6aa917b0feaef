import type { Identity } from '../../model/identity.ts'
import { type Grants, noGrants } from './grants.ts'
import { type Scalar, walkJson } from './json-text.ts'
import { hiddenInName } from './member-names.ts'
import type { Secret } from './secret-index.ts'
import { hidden, hiddenByContent, type Stretch, tellingOf } from './values.ts'
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
  readonly names: readonly Omit<Scalar, 'path'>[]
}

export type IdentityOf = (path: string) => Identity | null

/** A message in a message in a message: what is deeper is one value. */
const carriedDepthMax = 2

/**
 * `identityOf` says what the value at a path tells of a person. Numbers, `true` and the like are hidden by their place alone. A message that a value
 * carries (XML in CDATA, JSON in a string) is walked as well, its paths below the value's own as in the formats' trees.
 */
export function walkMarked(
  text: string,
  markup: Markup,
  identityOf: IdentityOf,
  grants: Grants = noGrants,
  depth = 0,
): MarkedWalk {
  const { scalars: outer, names: outerNames, odd } = markup === 'json' ? walkJson(text) : { ...walkXml(text), names: [] }
  const stretches: Stretch[] = odd === null ? [] : [odd]
  const secrets: Secret[] = []
  const scalars: Scalar[] = [...outer]
  const names = [...outerNames]
  for (const { path, stretch, value } of outer) {
    const identity = path === '!comment' ? 'all' : identityOf(path)
    if (identity === null) {
      const carried = depth < carriedDepthMax ? carriedIn(value) : null
      if (carried === null) continue
      const below: IdentityOf = (inner) => identityOf(`${path}${markup === 'json' ? '.' : '/'}${inner}`)
      const walk = walkMarked(carried.text, carried.markup, below, grants, depth + 1)
      secrets.push(...walk.secrets)
      if (carried.isCoded || text.slice(stretch.start, stretch.end) !== value) {
        // Its characters don't stand in this text one by one.
        if (carried.isCoded || walk.stretches.length > 0) stretches.push(stretch)
        continue
      }
      stretches.push(...walk.stretches.map((inner) => moved(inner, stretch.start)))
      scalars.push(...walk.scalars.map((inner) => ({ ...inner, stretch: moved(inner.stretch, stretch.start) })))
      names.push(...walk.names.map((inner) => ({ ...inner, stretch: moved(inner.stretch, stretch.start) })))
      continue
    }
    const raw = text.slice(stretch.start, stretch.end)
    // Escapes stand where the value's characters should: then all of it is hidden, not the part that would be wrong.
    const isPlain = raw === value
    const inValue = hidden(identity, value, grants)
    const parts = isPlain || inValue.length === 0 ? inValue : [{ start: 0, end: raw.length }]
    for (const { start, end } of parts) stretches.push({ start: stretch.start + start, end: stretch.start + end })
    secrets.push({ identity, value })
  }
  return { stretches, secrets: tellingOf(secrets), scalars, names }
}

interface Carried {
  readonly text: string
  readonly markup: Markup
  /** Base64, as HL7 V3 ED has it. */
  readonly isCoded: boolean
}

const beginning = /^\ufeff?\s*(?:<[?!\p{L}_]|\{|\[\s*[{"])/u
const base64 = /^[A-Za-z0-9+/\s]{16,}={0,2}\s*$/

function carriedIn(value: string): Carried | null {
  const isCoded = base64.test(value)
  const text = isCoded ? Buffer.from(value, 'base64').toString('utf8') : value
  const markup = beginning.test(text) ? markupOf(text) : null
  return markup === null ? null : { text, markup, isCoded }
}

function moved({ start, end }: Stretch, by: number): Stretch {
  return { start: start + by, end: end + by }
}

/** All stretches of the text: by place, then by content with the secrets of the whole exchange. */
export function hiddenInMarked(
  text: string,
  walk: MarkedWalk,
  secrets: readonly Secret[],
  grants: Grants = noGrants,
): readonly Stretch[] {
  const found = [...walk.stretches]
  for (const { stretch, value } of walk.scalars) {
    const raw = text.slice(stretch.start, stretch.end)
    const inside = hiddenByContent(raw, secrets, grants)
    for (const { start, end } of inside) found.push({ start: stretch.start + start, end: stretch.start + end })
    if (raw !== value && hiddenByContent(value, secrets, grants).length > 0) found.push(stretch)
  }
  for (const { stretch, value } of walk.names) {
    const inside = hiddenInName(value, secrets, grants)
    const isPlain = text.slice(stretch.start, stretch.end) === value
    if (!isPlain && inside.length > 0) found.push(stretch)
    else for (const part of inside) found.push(moved(part, stretch.start))
  }
  return found
}
