import type { Stamp } from '../../../gateway/model/document.ts'
import { isRecord } from '../../../gateway/model/json.ts'
import type { Fields } from './body.ts'
import { listOf } from './keys.ts'
import { readStamp } from './stamps.ts'
import { otherwise, type Wanted, wanted } from './wanted.ts'

/** Most of each kind that one message may tell; a Bundle of thousands of resources tells no more by its later ones. */
const stampsMax = 400
const codesMax = 1_000
const codeCharsMax = 300

/** Facts under collection over all resources of a body. */
export interface Gathered {
  readonly timezone: string
  readonly stamps: Stamp[]
  /** Each value of a path once. */
  readonly codes: { readonly path: string; readonly value: string }[]
  readonly seen: Map<string, Set<string>>
}

/** Times of what has happened, as `Observation.effectiveDateTime`. */
export function addStamps(gathered: Gathered, resource: Fields): void {
  for (const { path, element, below } of wantedOf(resource).stamps) {
    const [outer] = listOf(resource[element])
    const value = below === null ? outer : isRecord(outer) ? outer[below] : undefined
    if (typeof value !== 'string' || gathered.stamps.length >= stampsMax) continue
    gathered.stamps.push({ path, kind: 'event', ...readStamp(value, gathered.timezone) })
  }
}

/** Codes as `system|code`; `|code` without a system, `|` where a concept has only a text, and the code alone where the element is of FHIR's own type `code`. */
export function addCodes(gathered: Gathered, resource: Fields): void {
  for (const { path, element, below } of wantedOf(resource).codes) {
    for (const outer of listOf(resource[element])) {
      if (below === null) addCoded(gathered, path, outer)
      else if (isRecord(outer)) for (const coded of listOf(outer[below])) addCoded(gathered, path, coded)
    }
  }
}

/** A code, a Coding, a CodeableConcept, or a Quantity with its unit. */
function addCoded(gathered: Gathered, path: string, coded: unknown): void {
  if (typeof coded === 'string') add(gathered, path, coded)
  if (!isRecord(coded)) return
  const codings = coded.coding === undefined ? [coded] : listOf(coded.coding)
  if (typeof coded.text === 'string' && !codings.some((coding) => isRecord(coding) && typeof coding.code === 'string'))
    add(gathered, path, '|')
  for (const coding of codings) {
    if (!isRecord(coding) || typeof coding.code !== 'string') continue
    add(gathered, path, `${typeof coding.system === 'string' ? coding.system : ''}|${coding.code}`)
  }
}

function add(gathered: Gathered, path: string, value: string): void {
  if (value === '' || value.length > codeCharsMax || gathered.codes.length >= codesMax) return
  const seen = gathered.seen.get(path) ?? new Set()
  if (seen.has(value)) return
  gathered.seen.set(path, seen.add(value))
  gathered.codes.push({ path, value })
}

function wantedOf({ resourceType }: Fields): Wanted {
  return typeof resourceType === 'string' ? (wanted.get(resourceType) ?? otherwise) : otherwise
}
