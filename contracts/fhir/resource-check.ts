import { isRecord } from '../../gateway/model/json.ts'
import type { Text } from '../../gateway/model/text.ts'
import type { ViolationSeverity } from '../../gateway/model/violation.ts'
import { writeRange } from '../language/range.ts'
import { formatTest, isOfMasking, writeFormat } from '../language/value-format.ts'
import { type Asked, isTrue } from './check/fhirpath.ts'
import type { RuleName } from './check/finding.ts'
import { jsonShape } from './check/json-shape.ts'
import type { Fields } from './check/walk.ts'
import type { ElementRule, Invariant, ResourceContract } from './contract.ts'
import { follow, isTypeOfChoice, type Place, pathOfPlace, typeOfChoice } from './element-path.ts'
import { checkProfile } from './profile/check-profile.ts'

/** A breach of the contract in one resource; `path` below the resource, `severity` null: the contract's own for the rule. */
export interface ResourceBreach {
  readonly rule: RuleName
  readonly path: string
  readonly expected: string
  readonly shape: string | null
  readonly severity: ViolationSeverity | null
  /** A rule's own words. */
  readonly message: Text | null
}

export type ResourceCheck = (resource: Fields, rootResource: Fields) => readonly ResourceBreach[]

/** Makes the rules of one resource type ready. */
export function resourceCheck({ elements, invariants, profiles }: ResourceContract): ResourceCheck {
  const checks = elements.map(elementCheck)
  return (resource, rootResource) => {
    const breaches: ResourceBreach[] = []
    const asked: Asked = { node: resource, resource, rootResource }
    for (const check of checks) check(asked, breaches)
    for (const invariant of invariants) askInvariant(invariant, asked, breaches)
    for (const { profile, when } of profiles) {
      if (when !== null && !holds(when(asked))) continue
      for (const { rule, path, expected, shape, level, human } of checkProfile(profile.root, resource, rootResource)) {
        const message = human === null ? null : { zh: `${profile.name}:${human}`, en: `${profile.name}: ${human}` }
        breaches.push({ rule, path, expected, shape, severity: level === 'warning' ? 'observe' : null, message })
      }
    }
    return breaches
  }
}

/** What can't be answered breaks nothing. */
function holds(found: readonly unknown[] | null): boolean {
  return found !== null && found.length > 0 && isTrue(found)
}

function askInvariant(invariant: Invariant, asked: Asked, breaches: ResourceBreach[]): void {
  const found = invariant.require(asked)
  if (found === null || isTrue(found)) return
  if (invariant.when !== null && !holds(invariant.when(asked))) return
  const { id, at, severity, message } = invariant
  breaches.push({ rule: 'condition', path: at ?? '', expected: id, shape: null, severity, message })
}

function elementCheck(rule: ElementRule): (asked: Asked, breaches: ResourceBreach[]) => void {
  const { path, usage, repeats, severity, when } = rule
  const checkValue = valueCheck(rule)
  return (asked, breaches) => {
    const arounds = follow(asked.node, path)
    // FHIRPath costs more than all else here, so it is asked only where its answer would make a breach.
    const isAsked = () => when === null || holds(when(asked))
    if (usage === 'R' && !arounds.some(({ places }) => places.some(isFilled)) && isAsked())
      breaches.push(breach(severity, 'required', path.text, { expected: '1..', shape: 'empty' }))
    const unwanted = usage === 'X' ? arounds.find(({ places }) => places.length > 0) : undefined
    if (unwanted !== undefined && isAsked())
      breaches.push(breach(severity, 'cardinality', path.text, { expected: '0', shape: jsonShape(unwanted.places[0]?.value) }))
    if (repeats !== null) {
      for (const { within, places } of arounds) {
        if (places.length >= repeats.min && (repeats.max === null || places.length <= repeats.max)) continue
        const at = `${within === null ? '' : `${pathOfPlace(within)}.`}${path.steps.at(-1)?.text ?? ''}`
        breaches.push(breach(severity, 'cardinality', at, { expected: writeRange(repeats), shape: null }))
      }
    }
    if (checkValue !== null) for (const { places } of arounds) for (const place of places) checkValue(place, breaches)
  }
}

function breach(
  severity: ViolationSeverity | null,
  rule: RuleName,
  path: string,
  { expected, shape }: { readonly expected: string; readonly shape: string | null },
): ResourceBreach {
  return { rule, path, expected, shape, severity, message: null }
}

/** Of an object, that anything stands in it; FHIR's own rules say more. */
function isFilled({ value }: Place): boolean {
  return typeof value === 'string' ? value.trim() !== '' : true
}

/** Null: the rule says nothing of values. */
function valueCheck(rule: ElementRule): ((place: Place, breaches: ResourceBreach[]) => void) | null {
  const { path, values, system, format, types, severity } = rule
  const test = format === null ? null : formatTest(format)
  const last = path.steps.at(-1)
  if (values === null && system === null && test === null && types === null) return null
  return (place, breaches) => {
    const { name, value } = place
    const add = (broken: RuleName, more: { readonly expected: string; readonly shape: string | null }) =>
      breaches.push(breach(severity, broken, pathOfPlace(place), more))
    if (types !== null && last !== undefined && !types.some((type) => isTypeOfChoice({ ...last, names: [name] }, type))) {
      add('type', { expected: types.join(', '), shape: typeOfChoice(last, name) })
    }
    if (values !== null) {
      const codes = codesOf(value)
      if (!codes.some((code) => values.has(code))) add('table', { expected: '', shape: jsonShape(codes[0] ?? value) })
    }
    if (system !== null && !systemsOf(value).includes(system)) add('table', { expected: system, shape: null })
    if (test !== null && format !== null && typeof value === 'string' && !test(value))
      add(isOfMasking(format.kind) ? 'masking' : 'format', { expected: writeFormat(format), shape: jsonShape(value) })
  }
}

/** The codes of a primitive, a Coding, a CodeableConcept or a Quantity. */
function codesOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  if (typeof value === 'number' || typeof value === 'boolean') return [String(value)]
  return codingsOf(value).flatMap(({ code }) => (typeof code === 'string' ? [code] : []))
}

function systemsOf(value: unknown): readonly unknown[] {
  return codingsOf(value).map(({ system }) => system)
}

function codingsOf(value: unknown): readonly Fields[] {
  if (!isRecord(value)) return []
  return Array.isArray(value.coding) ? value.coding.filter(isRecord) : [value]
}
