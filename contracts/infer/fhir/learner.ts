import type { Document } from '../../../gateway/model/document.ts'
import { interactionText } from '../../../gateway/model/fhir/interaction.ts'
import { isRecord } from '../../../gateway/model/json.ts'
import { type TypePlan, typePlan } from '../../fhir/check/plan.ts'
import { isResourceType } from '../../fhir/definitions/definitions.ts'
import { readElementPath } from '../../fhir/element-path.ts'
import { interactionProblem } from '../../fhir/interaction-check.ts'
import { readShape } from '../../fhir/message-shape.ts'
import { countMin, countUp, type Sides, sideOf, tallyOf } from '../counts.ts'
import { closedSet, presenceWords, rareWords, type Sureness, usageOf } from '../judge.ts'
import type { Learner, Learnt } from '../learner.ts'
import type { Sighting } from '../scalar-tally.ts'
import { type Budget, type PlaceRules, placesMax, TreeTally } from '../tree-tally.ts'
import { Noted, type Written } from '../write-contract.ts'

interface ResourceTally {
  readonly tree: TreeTally
  readonly sides: Sides
}

interface InteractionTally {
  count: number
  readonly parameters: Map<string, number>
}

const namesMax = 200
const entriesMax = 1_000
const depthMax = 6
const elementsMax = 300

/** Learns FHIR contracts: what is asked, and which elements the resources always have. R4 itself holds beneath. */
export function startFhirLearner(): Learner {
  return new FhirLearner()
}

class FhirLearner implements Learner {
  readonly #interactions = new Map<string, InteractionTally>()
  readonly #resources = new Map<string, ResourceTally>()
  readonly #budget: Budget = { left: placesMax, isSpent: false }

  note(document: Document, side: 'request' | 'answer', sighting: Sighting): void {
    const shape = readShape(document.shape())
    if (shape === null) return
    if (side === 'request' && shape.asked !== null) this.#noteInteraction(interactionText(shape.asked), shape.asked.parameters)
    this.#noteResource(shape.resource, side, sighting, 0)
  }

  learnt(sureness: Sureness): Learnt | null {
    const interactions = byKey(this.#interactions)
      .filter(([name, tally]) => tally.count >= countMin && interactionProblem(name) === null)
      .map(([name, tally]): [string, Written] => [name, interactionOf(tally, sureness)])
    const resources = byKey(this.#resources)
      .filter(([, { tree }]) => tree.count >= countMin)
      .map(([type, tally]): [string, Written] => [type, resourceOf(type, tally, sureness)])
    if (interactions.length === 0 && resources.length === 0) return null
    const rare = [...this.#interactions.values()].filter((tally) => tally.count < countMin).length
    return {
      body: {
        ...(interactions.length === 0 ? {} : { interactions: Object.fromEntries(interactions) }),
        ...(resources.length === 0 ? {} : { resources: Object.fromEntries(resources) }),
      },
      words: rare === 0 ? [] : [`${rare} interactions were asked fewer than ${countMin} times and are left out.`],
    }
  }

  #noteInteraction(name: string, parameters: readonly string[]): void {
    const tally = tallyOf(this.#interactions, name, namesMax, () => ({ count: 0, parameters: new Map() }))
    if (tally === null) return
    tally.count += 1
    for (const parameter of new Set(parameters)) countUp(tally.parameters, parameter, namesMax)
  }

  /** A resource and those that it holds: rules hold in each. */
  #noteResource(value: unknown, side: 'request' | 'answer', sighting: Sighting, depth: number): void {
    if (!isRecord(value) || typeof value.resourceType !== 'string' || depth > depthMax) return
    const { resourceType } = value
    if (!isResourceType(resourceType)) return
    const tally = this.#resources.get(resourceType) ?? {
      tree: new TreeTally([], placesOf(resourceType), this.#budget),
      sides: { request: 0, answer: 0 },
    }
    this.#resources.set(resourceType, tally)
    tally.sides[side] += 1
    const { contained, entry, ...own } = value
    const isBundle = resourceType === 'Bundle'
    tally.tree.note(isBundle ? own : { ...own, ...(entry === undefined ? {} : { entry }) }, sighting)
    for (const inner of listOf(contained)) this.#noteResource(inner, side, sighting, depth + 1)
    if (!isBundle) return
    for (const one of listOf(entry)) if (isRecord(one)) this.#noteResource(one.resource, side, sighting, depth + 1)
  }
}

/** Codes and what names their system: elements of type `code`, and `code` of a Coding. */
function placesOf(resourceType: string): PlaceRules {
  return {
    isCoded(steps) {
      let plan: TypePlan | null = typePlan(resourceType)
      let type = resourceType
      for (const [i, step] of steps.entries()) {
        const property = plan?.properties.get(step)
        if (property === undefined) return false
        if (i === steps.length - 1) return property.type.name === 'code' || (type === 'Coding' && step === 'code')
        type = property.type.name
        plan = typePlan(type)
      }
      return false
    },
  }
}

function interactionOf({ count, parameters }: InteractionTally, sureness: Sureness): Written {
  const told = [...parameters]
    .filter(([name, seen]) => /^[A-Za-z_][\w:.-]{0,63}$/.test(name) && usageOf(seen, count, sureness) === 'R')
    .map(([name]): [string, Written] => [name.split(':')[0] ?? name, 'R'])
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
  if (told.length === 0) return new Noted('allow', `${count}`)
  return new Noted({ parameters: Object.fromEntries(told) }, `${count}`)
}

function resourceOf(type: string, { tree, sides }: ResourceTally, sureness: Sureness): Written {
  const elements: (readonly [string, Written])[] = []
  collect({ type, sureness, elements }, tree, [])
  const side = sideOf(sides)
  return {
    ...(side === 'both' ? {} : { side }),
    ...(elements.length === 0 ? {} : { elements: Object.fromEntries(elements.slice(0, elementsMax)) }),
  }
}

interface Collecting {
  readonly type: string
  readonly sureness: Sureness
  readonly elements: (readonly [string, Written])[]
}

/** Goes down where everything above is always there: what is required then stands in every resource. */
function collect(collecting: Collecting, node: TreeTally, path: readonly string[]): void {
  const { type, sureness, elements } = collecting
  if (path.length >= depthMax) return
  for (const [name, member] of [...node.members].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (name === 'resourceType' || name.startsWith('_') || name === 'meta' || name === 'text' || name === 'extension') continue
    const own = [...path, name]
    const element = own.join('.')
    if (readElementPath(type, element).problem !== null) continue
    const isAlways = usageOf(member.present, node.count, sureness) === 'R' && member.node.itemsMin > 0
    const inner = member.node.items ?? member.node
    const closed = inner.scalar === null ? null : closedSet(inner.scalar)
    const isLeaf = inner.scalar !== null || (inner.kinds.get('boolean') ?? 0) > 0
    const rule = { ...(isAlways && isLeaf ? { usage: 'R' } : {}), ...(closed === null ? {} : { values: closed.values }) }
    if (Object.keys(rule).length > 0) {
      const words = `${presenceWords(member.present, node.count)}${rareWords(closed)}`
      elements.push([element, new Noted(closed === null ? 'R' : rule, words)])
    }
    if (isAlways && !isLeaf) collect(collecting, inner, own)
  }
}

function byKey<T>(map: ReadonlyMap<string, T>): readonly (readonly [string, T])[] {
  return [...map].toSorted(([a], [b]) => (a < b ? -1 : 1))
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, entriesMax) : []
}
