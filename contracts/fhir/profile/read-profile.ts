import { isRecord } from '../../../gateway/model/json.ts'
import { evaluation } from '../check/fhirpath.ts'
import type { Fields } from '../check/walk.ts'
import { type Constraint, isResourceType, type ValueSet, valueSetOf } from '../definitions/definitions.ts'

/** One element of a profile, or one slice of it, with what stands below it. */
export interface ProfileNode {
  /** `category`, `value[x]`; of the root the resource type. */
  readonly name: string
  readonly sliceName: string | null
  min: number | null
  /** Infinity: without limit. */
  max: number | null
  fixed: unknown
  pattern: unknown
  types: readonly string[] | null
  valueSet: ValueSet | null
  constraints: readonly Constraint[]
  readonly children: ProfileNode[]
  readonly slices: ProfileNode[]
  discriminators: readonly Discriminator[]
  rules: 'open' | 'closed'
}

/** How slices are told apart (FHIR R4 5.1.0.15): the values at a path below the element. */
export interface Discriminator {
  readonly type: 'value' | 'pattern' | 'type' | 'exists'
  /** Names below the element; none: the element itself. */
  readonly path: readonly string[]
}

/** A StructureDefinition that constrains a resource type, ready to check with. */
export interface Profile {
  readonly name: string
  readonly type: string
  readonly root: ProfileNode
}

export type ProfileReading =
  | { readonly profile: Profile; readonly problem: null }
  | { readonly profile: null; readonly problem: string }

/**
 * Reads a StructureDefinition in JSON: its differential, or its snapshot where there is no differential. Held are cardinality, fixed values, patterns, types, required
 * value sets whose codes R4 lists, constraints, and slices told apart by value, pattern, type or existence. A discriminator that is
 * none of these (`profile`, or a path with `resolve()`) is refused, so that nobody believes it held. Never throws.
 */
export function readProfile(text: string): ProfileReading {
  const definition = parsed(text)
  if (!isRecord(definition) || definition.resourceType !== 'StructureDefinition')
    return refused('this is no StructureDefinition in JSON')
  const { type, name } = definition
  if (typeof type !== 'string' || !isResourceType(type)) return refused('its type is no resource type of R4')
  const elements = elementsOf(definition.differential) ?? elementsOf(definition.snapshot)
  if (elements === null) return refused('it has neither a differential nor a snapshot')
  const root = nodeNamed(type, null)
  for (const element of elements) {
    const problem = place(root, element)
    if (problem !== null) return refused(problem)
  }
  return { profile: { name: typeof name === 'string' ? name.slice(0, 100) : type, type, root }, problem: null }
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return value
  } catch {
    return null
  }
}

const elementsMax = 2_000

function elementsOf(list: unknown): readonly Fields[] | null {
  if (!isRecord(list) || !Array.isArray(list.element) || list.element.length > elementsMax) return null
  return list.element.filter(isRecord)
}

function nodeNamed(name: string, sliceName: string | null): ProfileNode {
  return {
    name,
    sliceName,
    min: null,
    max: null,
    fixed: undefined,
    pattern: undefined,
    types: null,
    valueSet: null,
    constraints: [],
    children: [],
    slices: [],
    discriminators: [],
    rules: 'open',
  }
}

/** Puts an element where its id says: `Observation.category:VSCat.coding.code`. A problem, or null. */
function place(root: ProfileNode, element: Fields): string | null {
  const id = typeof element.id === 'string' ? element.id : element.path
  if (typeof id !== 'string') return 'an element has neither id nor path'
  let node = root
  for (const step of id.split('.').slice(1)) {
    const [name = '', slice] = step.split(':')
    node = found(node.children, name, null)
    if (slice !== undefined) node = found(node.slices, name, slice)
  }
  return fill(node, element)
}

function found(nodes: ProfileNode[], name: string, slice: string | null): ProfileNode {
  const known = nodes.find((node) => node.name === name && node.sliceName === slice)
  if (known !== undefined) return known
  const made = nodeNamed(name, slice)
  nodes.push(made)
  return made
}

function fill(node: ProfileNode, element: Fields): string | null {
  if (typeof element.min === 'number') node.min = element.min
  if (typeof element.max === 'string') node.max = element.max === '*' ? Number.POSITIVE_INFINITY : Number(element.max)
  for (const [name, value] of Object.entries(element)) {
    if (name.startsWith('fixed')) node.fixed = value
    if (name.startsWith('pattern')) node.pattern = value
  }
  if (Array.isArray(element.type)) node.types = element.type.filter(isRecord).map(({ code }) => String(code))
  if (isRecord(element.binding) && element.binding.strength === 'required' && typeof element.binding.valueSet === 'string') {
    node.valueSet = valueSetOf(element.binding.valueSet)
  }
  const constraints = Array.isArray(element.constraint) ? element.constraint.filter(isRecord).map(constraintOf) : []
  node.constraints = constraints.filter((constraint) => constraint !== null)
  for (const { expression, key } of node.constraints) {
    if (!canBeRead(expression)) return `the constraint ${key} is no FHIRPath`
  }
  return slicing(node, element.slicing)
}

/** What every element has is held by R4 itself. */
function constraintOf({ key, severity, human, expression }: Fields): Constraint | null {
  if (typeof key !== 'string' || typeof expression !== 'string' || /^(?:ele-1|ext-1|ref-1|txt-\d|dom-\d)$/.test(key))
    return null
  return {
    key: key.slice(0, 64),
    level: severity === 'warning' ? 'warning' : 'error',
    human: typeof human === 'string' ? human : key,
    expression,
  }
}

function canBeRead(expression: string): boolean {
  try {
    evaluation('Element', expression)
    return true
  } catch {
    return false
  }
}

function slicing(node: ProfileNode, slicing: unknown): string | null {
  if (!isRecord(slicing)) return null
  node.rules = slicing.rules === 'closed' ? 'closed' : 'open'
  const given = Array.isArray(slicing.discriminator) ? slicing.discriminator.filter(isRecord) : []
  const read = given.map(discriminatorOf)
  node.discriminators = read.filter((discriminator) => discriminator !== null)
  return node.discriminators.length === read.length
    ? null
    : `slices of ${node.name} are told apart in a way that is not held here`
}

function discriminatorOf({ type, path }: Fields): Discriminator | null {
  if (type !== 'value' && type !== 'pattern' && type !== 'type' && type !== 'exists') return null
  if (typeof path !== 'string' || !/^(?:\$this|[a-z][A-Za-z]*(?:\.[a-z][A-Za-z]*)*)$/.test(path)) return null
  return { type, path: path === '$this' ? [] : path.split('.') }
}

function refused(problem: string): ProfileReading {
  return { profile: null, problem }
}
