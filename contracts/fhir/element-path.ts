import { isRecord } from '../../gateway/model/json.ts'
import { choiceName, typePlan } from './check/plan.ts'

/** One step of a path below a resource. */
export interface PathStep {
  /** JSON names: one, or all of a choice. */
  readonly names: readonly string[]
  /** As a contract writes it: `value[x]`, `identifier`. */
  readonly text: string
  /** Only those whose child has this value: `identifier[system='...']`. */
  readonly only: { readonly child: string; readonly value: string } | null
}

export interface ElementPath {
  /** As the contract has it, without conditions: `identifier.value`. */
  readonly text: string
  readonly steps: readonly PathStep[]
}

export type PathReading =
  | { readonly path: ElementPath; readonly problem: null }
  | { readonly path: null; readonly problem: string }

/**
 * Reads `status`, `code.coding.code`, `value[x]`, `identifier[system='http://...'].value` below a resource type, and holds each name to what R4 knows of it.
 * Never throws.
 */
export function readElementPath(type: string, text: string): PathReading {
  const steps: PathStep[] = []
  let owner: string | null = type
  for (const part of partsOf(text)) {
    const match = /^([a-z][A-Za-z]*)(\[x\])?(?:\[([a-z][A-Za-z]*)\s*=\s*'([^']+)'\])?$/.exec(part)
    if (match === null) return refused(`"${part}" is no element: write status, value[x] or identifier[system='...']`)
    const [, name = '', choice, child, value] = match
    if (owner === null) return refused(`nothing more can be said below ${steps.at(-1)?.text}`)
    const known = namesOf(owner, name, choice !== undefined)
    if (known === null) return refused(`${owner} has no element ${name}${choice ?? ''}`)
    const only = child === undefined || value === undefined ? null : { child, value }
    if (only !== null && (known.type === null || namesOf(known.type, only.child, false) === null))
      return refused(`${name} has no element ${only.child}`)
    steps.push({ names: known.names, text: `${name}${choice ?? ''}`, only })
    owner = known.type
  }
  return { path: { text: steps.map((step) => step.text).join('.'), steps }, problem: null }
}

/** Splits at dots that stand outside of brackets: URLs have dots. */
function partsOf(text: string): readonly string[] {
  return text.match(/(?:[^.[]|\[[^\]]*\])+/g) ?? ['']
}

interface Known {
  readonly names: readonly string[]
  /** Null of a primitive, and of a choice between several types. */
  readonly type: string | null
}

function namesOf(owner: string, name: string, isChoice: boolean): Known | null {
  const plan = typePlan(owner)
  if (plan === null) return null
  if (isChoice) {
    const property = [...plan.properties.values()].find(({ element }) => element.choice === name)
    return property === undefined ? null : { names: property.element.names, type: null }
  }
  const property = plan.properties.get(name)
  return property === undefined ? null : { names: [name], type: property.test === null ? property.type.name : null }
}

/** The type of a choice that a JSON name has: `Quantity` of `valueQuantity`. */
export function typeOfChoice(step: PathStep, name: string): string {
  return name.slice(step.text.replace('[x]', '').length)
}

export function isTypeOfChoice(step: PathStep, type: string): boolean {
  return step.names.includes(choiceName(step.text.replace('[x]', ''), type))
}

/** A value that stands below a resource. */
export interface Place {
  /** What it stands in; null: the resource itself. */
  readonly within: Place | null
  /** The JSON name of the last step. */
  readonly name: string
  /** Null: it is no item of a list. */
  readonly index: number | null
  readonly value: unknown
}

/** `identifier[1].value`, below the resource; empty: the resource. Made only where there is something to tell. */
export function pathOfPlace(place: Place | null): string {
  if (place === null) return ''
  const { within, name, index } = place
  return `${within === null ? '' : `${pathOfPlace(within)}.`}${name}${index === null ? '' : `[${index}]`}`
}

/** What could hold the last step of a path, and what stands there: `repeats` is counted around by around. */
export interface Around {
  readonly within: Place | null
  readonly places: readonly Place[]
}

const placesMax = 500

/** Follows a path below a resource: one entry for each thing that could hold the last step. */
export function follow(resource: unknown, { steps }: ElementPath): readonly Around[] {
  const [first, ...later] = steps
  if (first === undefined) return []
  let arounds: readonly Around[] = [aroundOf(first, null, resource)]
  for (const step of later) {
    const withins = arounds.flatMap(({ places }) => places).slice(0, placesMax)
    arounds = withins.map((within) => aroundOf(step, within, within.value))
  }
  return arounds
}

function aroundOf(step: PathStep, within: Place | null, value: unknown): Around {
  return { within, places: placesOf(step, within, value) }
}

function placesOf({ names, only }: PathStep, within: Place | null, value: unknown): readonly Place[] {
  if (!isRecord(value)) return none
  const found: Place[] = []
  for (const name of names) {
    const inner = value[name]
    if (inner === undefined || inner === null) continue
    if (!Array.isArray(inner)) found.push({ within, name, index: null, value: inner })
    else
      for (let index = 0; index < Math.min(inner.length, placesMax); index++)
        if (inner[index] !== null) found.push({ within, name, index, value: inner[index] })
  }
  return only === null ? found : found.filter((place) => isRecord(place.value) && place.value[only.child] === only.value)
}

const none: readonly Place[] = []

function refused(problem: string): PathReading {
  return { path: null, problem }
}
