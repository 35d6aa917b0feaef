import { isRecord } from '../../../gateway/model/json.ts'
import { isResourceType } from '../definitions/definitions.ts'
import { checkBundle } from './bundle.ts'
import { checkContained, containerOf } from './container.ts'
import { checkFields } from './fields.ts'
import type { Finding } from './finding.ts'
import { jsonShape } from './json-shape.ts'
import { type TypePlan, typePlan } from './plan.ts'
import { asksMax, checkConstraints, depthMax, report, type Walk } from './walk.ts'

/** What checking gives. `uncounted`: findings beyond the limit. */
export interface Checked {
  readonly findings: readonly Finding[]
  readonly uncounted: number
}

/** What is known of a resource's text and is gone from its JSON value, and who looks on. */
export interface Around {
  /** Where whole numbers are written with a fraction or an exponent: `contact[0].rank`. */
  readonly fractions?: ReadonlySet<unknown>
  readonly after?: AfterResource
}

/** Looks on at a resource that has been walked; `size`: how many values it has. */
export type AfterResource = (walk: Walk, size: number) => void

/**
 * Holds a JSON value to FHIR R4: resource type, elements, cardinality, types and their forms, required value sets, references, narrative and
 * HL7's invariants. `after` may look on at each resource that stands for itself. Never throws for bad input.
 */
export function checkResource(value: unknown, { fractions = new Set(), after = () => {} }: Around = {}): Checked {
  const type =
    isRecord(value) && typeof value.resourceType === 'string' && isResourceType(value.resourceType)
      ? value.resourceType
      : 'Resource'
  const resource = isRecord(value) ? value : {}
  const walk: Walk = {
    path: [],
    findings: [],
    fractions,
    uncounted: 0,
    visited: 0,
    askable: asksMax,
    resource,
    resourceType: type,
    resourceAt: 0,
    container: containerOf(resource),
  }
  walk.path.push(type)
  walkResource(walk, value, { isContained: false, after })
  return { findings: walk.findings, uncounted: walk.uncounted }
}

interface Manner {
  readonly isContained: boolean
  readonly after: AfterResource
}

/** A resource at the place where the walk stands; a contained one stays within its container. */
function walkResource(walk: Walk, value: unknown, manner: Manner): void {
  const plan = planOf(value)
  if (plan === null || !isRecord(value)) {
    const named = isRecord(value) ? value.resourceType : value
    if (isRecord(value) && named === undefined) report(walk, { rule: 'required', at: 'resourceType', shape: 'empty' })
    else report(walk, { rule: 'type', expected: 'Resource', shape: jsonShape(named) })
    return
  }
  if (walk.path.length > depthMax) {
    report(walk, { rule: 'structure', expected: 'depth' })
    return
  }
  const { resource, resourceType, resourceAt, container, visited } = walk
  walk.resource = value
  walk.resourceType = plan.name
  walk.resourceAt = walk.path.length - 1
  if (!manner.isContained) walk.container = containerOf(value)
  checkFields(walk, value, plan, (inner, name) => walkResource(walk, inner, { ...manner, isContained: name === 'contained' }))
  checkConstraints(walk, plan.constraints, { node: value, base: plan.name, from: visited })
  if (plan.name === 'Bundle') checkBundle(walk, value)
  if (!manner.isContained) checkContained(walk, walk.container)
  manner.after(walk, walk.visited - visited)
  walk.resource = resource
  walk.resourceType = resourceType
  walk.resourceAt = resourceAt
  walk.container = container
}

function planOf(value: unknown): TypePlan | null {
  const type = isRecord(value) ? value.resourceType : null
  return typeof type === 'string' && isResourceType(type) ? typePlan(type) : null
}
