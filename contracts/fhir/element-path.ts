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

/** A value that stands at a path. */
export interface Place {
  /** `identifier[1].value`, below the resource. */
  readonly path: string
  /** The JSON name of the last step. */
  readonly name: string
  readonly value: unknown
}

/** What stands around the last step of a path, and what stands there: `repeats` is counted around by around. */
export interface Around {
  readonly path: string
  readonly places: readonly Place[]
}

const placesMax = 500

/** Follows a path below a resource: one entry for each thing that could hold the last step. */
export function follow(resource: unknown, { steps }: ElementPath): readonly Around[] {
  let arounds: readonly { readonly path: string; readonly value: unknown }[] = [{ path: '', value: resource }]
  for (const step of steps.slice(0, -1)) {
    arounds = arounds.flatMap(({ path, value }) => placesOf(step, path, value)).slice(0, placesMax)
  }
  const last = steps.at(-1)
  if (last === undefined) return []
  return arounds.map(({ path, value }) => ({ path, places: placesOf(last, path, value) }))
}

function placesOf(step: PathStep, path: string, value: unknown): readonly Place[] {
  if (!isRecord(value)) return []
  const found: Place[] = []
  for (const name of step.names) {
    const inner = value[name]
    if (inner === undefined || inner === null) continue
    const at = path === '' ? name : `${path}.${name}`
    if (!Array.isArray(inner)) found.push({ path: at, name, value: inner })
    else
      for (const [i, one] of inner.entries())
        if (one !== null && i < placesMax) found.push({ path: `${at}[${i}]`, name, value: one })
  }
  const { only } = step
  return only === null ? found : found.filter((place) => isRecord(place.value) && place.value[only.child] === only.value)
}

function refused(problem: string): PathReading {
  return { path: null, problem }
}
