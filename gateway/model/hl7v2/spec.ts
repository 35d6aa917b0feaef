import dataTypeTables from './datatypes.json' with { type: 'json' }
import segmentTables from './segments.json' with { type: 'json' }

/** The versions whose tables are here. */
export type Hl7Version = '2.3.1' | '2.4' | '2.5' | '2.5.1' | '2.6'

/** Required, optional, conditional, backward compatible only, withdrawn, not allowed: HL7 2.5.1 section 2.5.3.4. */
export type Usage = 'R' | 'O' | 'C' | 'B' | 'W' | 'X'

/** One field of a segment, or one component of a data type, as its version of the standard has it. */
export interface FieldSpec {
  /** From 1: the number after the dash (or the dot). */
  readonly number: number
  /** English name. */
  readonly name: string
  /** `CX`, `ST`, `TS`, `varies`, ... */
  readonly dataType: string
  readonly usage: Usage
  /** Most repetitions; null: no limit. */
  readonly repeatMax: number | null
  /** Most characters; null: the standard gives none. The standard's lengths before 2.7 are advice that few obey. */
  readonly lengthMax: number | null
  /** `0001`, or null. */
  readonly table: string | null
}

export interface SegmentSpec {
  readonly name: string
  /** English title. */
  readonly title: string
  /** `fields[0]` is field 1. */
  readonly fields: readonly FieldSpec[]
}

export interface DataTypeSpec {
  readonly name: string
  /** English title. */
  readonly title: string
  /** Empty for a primitive type. `components[0]` is component 1. */
  readonly components: readonly FieldSpec[]
}

/**
 * The version whose tables fit what MSH-12 says: older than 2.3.1 reads as 2.3.1, newer than 2.6 as 2.6, nothing or
 * nonsense as 2.5.1.
 */
export function nearestVersion(stated: string | null): Hl7Version {
  if (stated === null) return '2.5.1'
  if (isHl7Version(stated)) return stated
  const minor = /^2\.(\d+)/.exec(stated)?.[1]
  if (minor === undefined) return '2.5.1'
  if (Number(minor) <= 3) return '2.3.1'
  if (Number(minor) >= 6) return '2.6'
  return minor === '4' ? '2.4' : '2.5.1'
}

/** The segment as that version has it, or null where it has none of that name (Z segments always). Any MSH-12 may be given. */
export function segmentSpec(version: string | null, name: string): SegmentSpec | null {
  const body = segmentBooks.body(nearestVersion(version), name)
  return body && { name, title: body.title, fields: body.rows }
}

/** The data type as that version has it, or null where it has none of that name. Any MSH-12 may be given. */
export function dataTypeSpec(version: string | null, name: string): DataTypeSpec | null {
  const body = dataTypeBooks.body(nearestVersion(version), name)
  return body && { name, title: body.title, components: body.rows }
}

/** Names of all segments of that version. */
export function segmentNames(version: string | null): readonly string[] {
  return segmentBooks.names(nearestVersion(version))
}

interface Body {
  readonly title: string
  readonly rows: readonly FieldSpec[]
}

const segmentBooks = books(segmentTables)
const dataTypeBooks = books(dataTypeTables)

/** Nothing is unpacked before it is asked for, and each body once. */
function books(tables: {
  readonly versions: Readonly<Record<Hl7Version, Readonly<Record<string, number>>>>
  readonly bodies: readonly (readonly string[])[]
}) {
  const indexes = new Map<Hl7Version, ReadonlyMap<string, number>>()
  const unpacked = new Map<number, Body>()
  const index = (version: Hl7Version) => {
    const known = indexes.get(version)
    if (known) return known
    const made = new Map(Object.entries(tables.versions[version]))
    indexes.set(version, made)
    return made
  }
  return {
    names: (version: Hl7Version): readonly string[] => [...index(version).keys()],
    body(version: Hl7Version, name: string): Body | null {
      const place = index(version).get(name)
      if (place === undefined) return null
      const known = unpacked.get(place)
      if (known) return known
      const [title = '', ...lines] = tables.bodies[place] ?? []
      const made = { title, rows: lines.map(fieldOf) }
      unpacked.set(place, made)
      return made
    },
  }
}

/** `name TAB type TAB usage TAB repetitions TAB length TAB table`, as `generate.ts` writes it. */
function fieldOf(line: string, i: number): FieldSpec {
  const [name = '', dataType = 'ST', usage = 'O', repeats = '1', length = '', table = ''] = line.split('\t')
  return {
    number: i + 1,
    name,
    dataType,
    usage: isUsage(usage) ? usage : 'O',
    repeatMax: repeats === '0' ? null : Number(repeats),
    lengthMax: length === '' ? null : Number(length),
    table: table === '' ? null : table,
  }
}

function isHl7Version(text: string): text is Hl7Version {
  return text === '2.3.1' || text === '2.4' || text === '2.5' || text === '2.5.1' || text === '2.6'
}

function isUsage(text: string): text is Usage {
  return text.length === 1 && 'ROCBWX'.includes(text)
}
