import { isRecord } from '../../gateway/model/json.ts'

/**
 * A data set of the DICOM JSON Model (PS3.18 Annex F) as `Document.shape()` lists it: stretches `{ members, place }` of members `{ tag, attribute }`. Nothing of them is
 * trusted.
 */
export type Stretches = readonly unknown[]

/** A data set, or an item, as an object of that model: attributes by their tags. */
export type JsonDataSet = { readonly [tag: string]: unknown }

export interface MessageView {
  /** `C-STORE-RQ`; null: no service of DICOM. */
  readonly command: string | null
  readonly sopClass: string | null
  readonly dataSets: readonly Stretches[]
}

/** The view of what `Document.shape()` gives, or null when it isn't a DICOM shape. */
export function viewOf(shape: unknown): MessageView | null {
  if (!isRecord(shape) || !Array.isArray(shape.dataSets)) return null
  return {
    command: typeof shape.command === 'string' ? shape.command : null,
    sopClass: typeof shape.sopClass === 'string' ? shape.sopClass : null,
    dataSets: shape.dataSets.filter(Array.isArray),
  }
}

/** None where there are none. */
export function membersIn(stretch: unknown): readonly unknown[] {
  return isRecord(stretch) && Array.isArray(stretch.members) ? stretch.members : none
}

/** A number by which the same stretch is handed out again, for whoever remembers what it found of it: below `placesMax`, or -1. */
export function placeIn(stretch: unknown): number {
  const place = isRecord(stretch) && typeof stretch.place === 'number' ? stretch.place : -1
  return place < placesMax ? place : -1
}

/** Stretches of further places are asked each time. */
export const placesMax = 8_192

/** `00100010`. */
export function tagIn(member: unknown): string {
  return isRecord(member) && typeof member.tag === 'string' ? member.tag : ''
}

export function attributeIn(member: unknown): unknown {
  return isRecord(member) ? member.attribute : undefined
}

/** The attribute with that tag. */
export function attributeOf(set: Stretches | undefined, tag: string): unknown {
  for (const stretch of set ?? none)
    for (const member of membersIn(stretch)) if (tagIn(member) === tag) return attributeIn(member)
  return undefined
}

/** The VR that the message writes. */
export function vrOf(attribute: unknown): string {
  return isRecord(attribute) && typeof attribute.vr === 'string' ? attribute.vr : ''
}

/** Values or items; none where there are none. */
export function valuesOf(attribute: unknown): readonly unknown[] {
  return isRecord(attribute) && Array.isArray(attribute.Value) ? attribute.Value : none
}

const none: readonly unknown[] = []

/** Nothing but blanks and delimiters in any value, no item, no bulk data. */
export function isEmpty(attribute: unknown): boolean {
  if (!isRecord(attribute)) return true
  if (attribute.BulkDataURI !== undefined || attribute.InlineBinary !== undefined) return false
  return valuesOf(attribute).every((value) => typeof value !== 'number' && isBlank(value))
}

function isBlank(value: unknown): boolean {
  if (typeof value === 'string') return /^[\s^=]*$/.test(value)
  if (!isRecord(value)) return !Array.isArray(value)
  // An item, be it empty, is an item; a name is empty when its groups are.
  const isName = Object.keys(value).every((key) => nameGroups.has(key)) && Object.keys(value).length > 0
  return isName && Object.values(value).every(isBlank)
}

const nameGroups = new Set(['Alphabetic', 'Ideographic', 'Phonetic'])

/** A value as text: a name with its component groups joined as PS3.5 6.2 writes them. Null for an item. */
export function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  if (!isRecord(value) || !Object.keys(value).every((key) => nameGroups.has(key))) return null
  const groups = ['Alphabetic', 'Ideographic', 'Phonetic'].map((key) => value[key])
  return groups
    .map((group) => (typeof group === 'string' ? group : ''))
    .join('=')
    .replace(/=+$/, '')
}
