import type { Constraint } from '../definitions/definitions.ts'
import type { Finding, RuleName } from './finding.ts'
import { constraintHolds, writtenHolds } from './invariants.ts'
import { jsonShape } from './json-shape.ts'

export type Fields = { readonly [name: string]: unknown }

/** A resource that others may be contained in, with what its contained ones are called and which of them were referred to. */
export interface Container {
  readonly resource: Fields
  readonly ids: ReadonlySet<string>
  readonly referred: Set<string>
}

/** Checking on its way through a message: where it stands, and what it found. */
export interface Walk {
  /** Names and indices from the top; the first is the resource's type. */
  readonly path: (string | number)[]
  readonly findings: Finding[]
  /** Where whole numbers are written with a fraction or an exponent, below the outermost resource. */
  readonly fractions: ReadonlySet<unknown>
  /** Findings that were not kept. */
  uncounted: number
  /** Values that were looked at so far: the difference of two counts is the size of what lies between. */
  visited: number
  /** How often FHIRPath may still be asked. */
  askable: number
  /** The resource that is walked, and where in `path` it begins. */
  resource: Fields
  resourceType: string
  resourceAt: number
  container: Container
}

/** Findings that are kept while one message is checked; what goes beyond is counted. */
export const findingsMax = 1_000

/**
 * FHIRPath takes quadratic time for some invariants (`isDistinct`), so it is not asked of elements with more values in them, nor more often in one message. 3,000 values
 * take it a tenth of a second at worst.
 */
export const askedSizeMax = 3_000
export const asksMax = 2_000

/** Deepest nesting that is followed. HL7's own examples stay below 20. */
export const depthMax = 60

export interface Found {
  readonly rule: RuleName
  readonly expected?: string
  readonly shape?: string | null
  readonly level?: Finding['level']
  /** A child of the place where the walk stands. */
  readonly at?: string
}

export function report(walk: Walk, found: Found): void {
  if (walk.findings.length >= findingsMax) {
    walk.uncounted++
    return
  }
  const { rule, expected = '', shape = null, level = 'error', at } = found
  const below = at === undefined ? '' : `.${at}`
  const element = elementOf(walk) + below.replaceAll(/\[\d+\]/g, '')
  walk.findings.push({ rule, path: pathOf(walk) + below, element, expected, shape, level })
}

/** `Bundle.entry[0].resource.name[1]`. */
export function pathOf(walk: Walk): string {
  let text = ''
  for (const step of walk.path) text += typeof step === 'number' ? `[${step}]` : text === '' ? step : `.${step}`
  return text
}

/** `Patient.name`: from the resource, without indices. */
function elementOf(walk: Walk): string {
  let text = walk.resourceType
  for (let i = walk.resourceAt + 1; i < walk.path.length; i++) {
    const step = walk.path[i]
    if (typeof step === 'string') text += `.${step}`
  }
  return text
}

/** An element and what is known of it where its invariants are asked. */
export interface Constrained {
  readonly node: unknown
  /** Its type, for FHIRPath. */
  readonly base: string
  /** `visited` before it was walked. */
  readonly from: number
}

/** Asks invariants of the element where the walk stands. */
export function checkConstraints(walk: Walk, constraints: readonly Constraint[], { node, base, from }: Constrained): void {
  for (const constraint of constraints) {
    const written = writtenHolds(constraint, node)
    if (written === true) continue
    if (written === null) {
      if (!mayAsk(walk, from)) continue
      const asked = { node, resource: walk.resource, rootResource: walk.container.resource }
      if (constraintHolds(constraint, base, asked) !== false) continue
    }
    report(walk, { rule: 'condition', expected: constraint.key, level: constraint.level, shape: null })
  }
}

function mayAsk(walk: Walk, from: number): boolean {
  if (walk.askable <= 0 || walk.visited - from > askedSizeMax) return false
  walk.askable--
  return true
}

/** A name that FHIR doesn't know is told as it stands if it looks like an element's, and by its shape otherwise. */
export function spokenName(name: string): string {
  return /^_?[a-z][A-Za-z]{0,40}(?:_[a-z]{1,20})?$/.test(name) ? name : jsonShape(name)
}
