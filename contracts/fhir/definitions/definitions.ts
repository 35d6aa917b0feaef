import r4 from './r4.json' with { type: 'json' }
import sets from './value-sets.json' with { type: 'json' }

/** An invariant of the standard or of a profile. `human` is English, HL7's own words. */
export interface Constraint {
  readonly key: string
  readonly level: 'error' | 'warning'
  readonly human: string
  /** FHIRPath, asked of the element that has it. */
  readonly expression: string
}

/** Codes by system. */
export type ValueSet = ReadonlyMap<string, ReadonlySet<string>>

export interface TypeUse {
  /** `code`, `Reference`, `Observation.component`. */
  readonly name: string
  /** Of a Reference: resource types that it may point to; null: any. */
  readonly targets: readonly string[] | null
}

export interface ElementDefinition {
  /** `status`; a choice as `value[x]`. */
  readonly name: string
  readonly min: number
  /** Infinity: without limit. */
  readonly max: number
  readonly types: readonly TypeUse[]
  /** The required value set, where its codes are known. */
  readonly valueSet: ValueSet | null
  readonly constraints: readonly Constraint[]
}

export interface TypeDefinition {
  readonly name: string
  readonly base: string | null
  readonly kind: 'resource' | 'complex' | 'primitive' | 'element'
  readonly constraints: readonly Constraint[]
  /** Own elements, without those of `base`. */
  readonly elements: readonly ElementDefinition[]
}

/** What FHIR R4 says of a type: a resource, a data type, or an element that is defined in place, as `Patient.contact`. Null: R4 has none of that name. */
export function typeDefinition(name: string): TypeDefinition | null {
  const known = read.get(name)
  if (known !== undefined) return known
  const raw = raws.get(name)
  if (raw === undefined) return null
  const definition = readType(name, raw)
  read.set(name, definition)
  return definition
}

/** Resource types that may stand by themselves. */
export function isResourceType(name: string): boolean {
  return name !== 'Resource' && name !== 'DomainResource' && raws.get(name)?.kind === 'resource'
}

/** Whether anything in R4 has this name: an element, a choice by its stem or in JSON (`value`, `valueQuantity`), a type. */
export function isKnownName(name: string): boolean {
  if (knownNames.size === 0) {
    for (const [type, { elements }] of raws) {
      knownNames.add(type)
      for (const [element, , types] of elements) {
        const stem = String(element).replace('[x]', '')
        knownNames.add(stem)
        if (String(element).endsWith('[x]')) {
          for (const { name: one } of String(types).split(',').map(readTypeUse))
            knownNames.add(`${stem}${one.charAt(0).toUpperCase()}${one.slice(1)}`)
        }
      }
    }
  }
  return knownNames.has(name) || name === 'resourceType'
}

const knownNames = new Set<string>()

/** The constraint of R4 with this key; null for none, and for a key that several have (inv-1). */
export function constraintNamed(key: string): Constraint | null {
  const named = constraints.filter((constraint) => constraint.key === key)
  return named.length === 1 ? (named[0] ?? null) : null
}

interface RawType {
  readonly base: string | null
  readonly kind: string
  readonly constraints?: readonly number[]
  readonly elements: readonly (readonly unknown[])[]
}

const raws: ReadonlyMap<string, RawType> = new Map(Object.entries<RawType>(r4.types))
const read = new Map<string, TypeDefinition>()
const constraints: readonly Constraint[] = r4.constraints.map(([key = '', severity = '', human = '', expression = '']) => ({
  key,
  level: severity === 'e' ? 'error' : 'warning',
  human,
  expression,
}))
const valueSets = new Map<string, ValueSet>()
const rawSets: ReadonlyMap<string, { readonly [system: string]: readonly string[] }> = new Map(Object.entries(sets))

function readType(name: string, raw: RawType): TypeDefinition {
  const { kind } = raw
  return {
    name,
    base: raw.base,
    kind: kind === 'resource' || kind === 'primitive' || kind === 'element' ? kind : 'complex',
    constraints: numbered(raw.constraints),
    elements: raw.elements.map(readElement),
  }
}

function readElement([name, range, types, valueSet, own]: readonly unknown[]): ElementDefinition {
  const [min = '0', max = '*'] = String(range).split('..')
  return {
    name: String(name),
    min: Number(min),
    max: max === '*' ? Number.POSITIVE_INFINITY : Number(max),
    types: String(types).split(',').map(readTypeUse),
    valueSet: typeof valueSet === 'string' ? valueSetOf(valueSet) : null,
    constraints: numbered(own),
  }
}

/** `#Observation.component`, `Reference(Patient|Group)`, `string`. */
function readTypeUse(text: string): TypeUse {
  if (text.startsWith('#')) return { name: text.slice(1), targets: null }
  const open = text.indexOf('(')
  return open < 0 ? { name: text, targets: null } : { name: text.slice(0, open), targets: text.slice(open + 1, -1).split('|') }
}

function numbered(numbers: unknown): readonly Constraint[] {
  if (!Array.isArray(numbers)) return none
  return numbers.map((number) => constraints[Number(number)]).filter((constraint) => constraint !== undefined)
}

const none: readonly Constraint[] = []

/** The codes of a value set of the standard, by its canonical URL; null where its systems list none. */
export function valueSetOf(url: string): ValueSet | null {
  const known = valueSets.get(url)
  if (known !== undefined) return known
  const raw = rawSets.get(url.split('|')[0] ?? url)
  if (raw === undefined) return null
  const set: ValueSet = new Map(Object.entries(raw).map(([system, codes]) => [system, new Set(codes)]))
  valueSets.set(url, set)
  return set
}
