import { isRecord } from '../../../gateway/model/json.ts'
import type { RuleName } from '../check/finding.ts'
import { constraintHolds, writtenHolds } from '../check/invariants.ts'
import { jsonShape } from '../check/json-shape.ts'
import { choiceName, typePlan } from '../check/plan.ts'
import type { Fields } from '../check/walk.ts'
import type { ProfileNode } from './read-profile.ts'

/** A breach of a profile: below the resource, where, which rule and what was agreed. */
export interface ProfileBreach {
  readonly rule: RuleName
  /** `category[0].coding`; empty for the resource. */
  readonly path: string
  readonly expected: string
  readonly shape: string | null
  readonly level: 'error' | 'warning'
  /** A constraint's own words, in English. */
  readonly human: string | null
}

/** Where checking stands in a resource. */
interface Look {
  readonly resource: Fields
  readonly rootResource: Fields
  readonly breaches: ProfileBreach[]
}

const breachesMax = 200

/** Holds a resource to a profile of its type. */
export function checkProfile(root: ProfileNode, resource: Fields, rootResource: Fields): readonly ProfileBreach[] {
  const look: Look = { resource, rootResource, breaches: [] }
  checkValue(look, root, resource, { path: '', type: root.name })
  return look.breaches.slice(0, breachesMax)
}

interface Place {
  readonly path: string
  readonly type: string
}

interface Found extends Place {
  readonly value: unknown
}

/** What a profile says of one value: its fixed value or pattern, constraints, and its children. */
function checkValue(look: Look, node: ProfileNode, value: unknown, place: Place): void {
  if (look.breaches.length >= breachesMax) return
  if (node.fixed !== undefined && !isSame(node.fixed, value))
    breach(look, 'profile', place.path, { expected: 'fixed', shape: jsonShape(value) })
  if (node.pattern !== undefined && !matches(node.pattern, value))
    breach(look, 'profile', place.path, { expected: 'pattern', shape: jsonShape(value) })
  if (node.valueSet !== null && !isInSet(node, value))
    breach(look, 'table', place.path, { expected: node.name, shape: jsonShape(value) })
  for (const constraint of node.constraints) {
    const asked = { node: value, resource: look.resource, rootResource: look.rootResource }
    if ((writtenHolds(constraint, value) ?? constraintHolds(constraint, place.type, asked)) !== false) continue
    look.breaches.push({
      rule: 'condition',
      path: place.path,
      expected: constraint.key,
      shape: null,
      level: constraint.level,
      human: constraint.human,
    })
  }
  for (const child of node.children) checkElement(look, child, value, place)
}

/** What a profile says of an element as a whole: how often, of which types, and its slices. */
function checkElement(look: Look, node: ProfileNode, around: unknown, place: Place): void {
  const values = valuesAt(node, around, place)
  const path = place.path === '' ? node.name : `${place.path}.${node.name}`
  checkCount(look, node, values.length, path)
  for (const found of values) {
    if (node.types !== null && node.name.endsWith('[x]') && !node.types.some((type) => isOfType(node.name, type, found.path))) {
      breach(look, 'type', found.path, { expected: node.types.join(', '), shape: jsonShape(found.value) })
    }
    checkValue(look, node, found.value, found)
  }
  if (node.slices.length > 0) checkSlices(look, node, values, path)
}

function checkCount(look: Look, { min, max }: ProfileNode, count: number, path: string): void {
  if (min !== null && count < min)
    breach(look, count === 0 ? 'required' : 'cardinality', path, { expected: `${min}..`, shape: count === 0 ? 'empty' : null })
  if (max !== null && count > max) breach(look, 'cardinality', path, { expected: `..${max}`, shape: null })
}

function checkSlices(look: Look, node: ProfileNode, values: readonly Found[], path: string): void {
  const taken = new Set<Found>()
  for (const slice of node.slices) {
    const own = values.filter((found) => !taken.has(found) && isOfSlice(node, slice, found))
    for (const found of own) taken.add(found)
    checkCount(look, slice, own.length, `${path}:${slice.sliceName}`)
    for (const found of own) checkValue(look, slice, found.value, found)
  }
  if (node.rules !== 'closed') return
  for (const found of values)
    if (!taken.has(found)) breach(look, 'profile', found.path, { expected: 'slice', shape: jsonShape(found.value) })
}

/** Whether a value belongs to a slice: each discriminator finds there what the slice says. */
function isOfSlice(node: ProfileNode, slice: ProfileNode, found: Found): boolean {
  if (node.discriminators.length === 0)
    return node.name.endsWith('[x]') && (slice.types ?? []).some((type) => isOfType(node.name, type, found.path))
  return node.discriminators.every(({ type, path }) => {
    const said = path.reduce<ProfileNode | undefined>((at, name) => at?.children.find((child) => child.name === name), slice)
    const values = path.reduce<readonly unknown[]>(
      (at, name) => at.flatMap((one) => (isRecord(one) ? [one[name]].flat() : [])),
      [found.value],
    )
    const present = values.filter((value) => value !== undefined)
    if (type === 'exists') return (said?.min ?? 1) > 0 === present.length > 0
    if (type === 'type')
      return (slice.types ?? []).some((name) => isOfType(node.name, name, found.path) || resourceTypeOf(found.value) === name)
    const { fixed, pattern } = valueSaidBy(said)
    if (fixed !== undefined) return present.some((value) => isSame(fixed, value))
    return pattern !== undefined && present.some((value) => matches(pattern, value))
  })
}

/** A slice may say its value below the discriminator's path: `coding.code` fixed, with `coding` as the path. */
function valueSaidBy(node: ProfileNode | undefined): { readonly fixed: unknown; readonly pattern: unknown } {
  if (node === undefined) return { fixed: undefined, pattern: undefined }
  if (node.fixed !== undefined || node.pattern !== undefined) return { fixed: node.fixed, pattern: node.pattern }
  const below = node.children.flatMap((child) => {
    const { fixed, pattern } = valueSaidBy(child)
    const value = fixed ?? pattern
    return value === undefined ? [] : [[child.name, value] as const]
  })
  return { fixed: undefined, pattern: below.length === 0 ? undefined : Object.fromEntries(below) }
}

function valuesAt(node: ProfileNode, around: unknown, place: Place): readonly Found[] {
  if (!isRecord(around)) return []
  const plan = typePlan(place.type)
  const names = node.name.endsWith('[x]')
    ? Object.keys(around).filter((name) => plan?.properties.get(name)?.element.name === node.name)
    : [node.name]
  return names.flatMap((name): readonly Found[] => {
    const value = around[name]
    if (value === undefined) return []
    const path = place.path === '' ? name : `${place.path}.${name}`
    const type = plan?.properties.get(name)?.type.name ?? 'Element'
    if (!Array.isArray(value)) return [{ path, value, type: resourceTypeOf(value) ?? type }]
    return value.map((one: unknown, i) => ({ path: `${path}[${i}]`, value: one, type: resourceTypeOf(one) ?? type }))
  })
}

function isOfType(name: string, type: string, path: string): boolean {
  return name.endsWith('[x]') && path.replace(/\[\d+\]$/, '').endsWith(choiceName(name.slice(0, -3), type))
}

function resourceTypeOf(value: unknown): string | null {
  return isRecord(value) && typeof value.resourceType === 'string' ? value.resourceType : null
}

function isInSet(node: ProfileNode, value: unknown): boolean {
  const set = node.valueSet
  if (set === null) return true
  const codings = isRecord(value) ? (Array.isArray(value.coding) ? value.coding : [value]) : [{ code: value }]
  return codings.some((coding) => {
    if (!isRecord(coding) || typeof coding.code !== 'string') return false
    const { code, system } = coding
    return typeof system === 'string'
      ? (set.get(system)?.has(code) ?? false)
      : [...set.values()].some((codes) => codes.has(code))
  })
}

/** Equal as JSON, whatever the order of names. */
function isSame(expected: unknown, value: unknown): boolean {
  if (Array.isArray(expected))
    return Array.isArray(value) && expected.length === value.length && expected.every((one, i) => isSame(one, value[i]))
  if (!isRecord(expected) || !isRecord(value)) return expected === value
  const names = Object.keys(expected)
  return names.length === Object.keys(value).length && names.every((name) => isSame(expected[name], value[name]))
}

/** `pattern[x]`: everything that it says stands in the value, which may say more (FHIR R4 ElementDefinition.pattern). */
function matches(pattern: unknown, value: unknown): boolean {
  if (Array.isArray(pattern)) return Array.isArray(value) && pattern.every((one) => value.some((other) => matches(one, other)))
  if (!isRecord(pattern)) return pattern === value
  return isRecord(value) && Object.entries(pattern).every(([name, one]) => matches(one, value[name]))
}

function breach(
  look: Look,
  rule: RuleName,
  path: string,
  more: { readonly expected: string; readonly shape: string | null },
): void {
  look.breaches.push({ rule, path, ...more, level: 'error', human: null })
}
