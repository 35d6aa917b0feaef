import { isRecord } from '../../../gateway/model/json.ts'
import { isResourceType, type ValueSet } from '../definitions/definitions.ts'
import { noteLocal } from './container.ts'
import { jsonShape } from './json-shape.ts'
import { narrativeProblem } from './narrative.ts'
import { type ElementPlan, type PropertyPlan, type TypePlan, typePlan } from './plan.ts'
import { checkConstraints, depthMax, type Fields, pathOf, report, spokenName, type Walk } from './walk.ts'

/** Checks a resource within the one that is walked: `contained`, `Bundle.entry.resource`, `Parameters.parameter.resource`. */
export type WalkInner = (value: unknown, name: string) => void

/** The properties of an object that has this plan: known, allowed so often, and each of its type. */
export function checkFields(walk: Walk, fields: Fields, plan: TypePlan, inner: WalkInner): void {
  let count = 0
  let seen: ElementPlan | null = null
  for (const name in fields) {
    if (name === 'resourceType' && plan.kind === 'resource') continue
    const property = plan.properties.get(name)
    if (property === undefined) {
      report(walk, { rule: 'unknown-element', expected: spokenName(name), shape: null })
      continue
    }
    count++
    if (property.element.choice !== null && !property.isCompanion) {
      // Choices stand side by side in an object hardly ever: the last one seen is all that has to be remembered.
      if (seen === property.element) report(walk, { rule: 'cardinality', expected: `${seen.name} 0..1`, at: name })
      seen = property.element
    }
    walk.path.push(name)
    checkProperty(walk, fields, name, property, inner)
    walk.path.pop()
  }
  for (const element of plan.required) {
    if (!isPresent(fields, element)) report(walk, { rule: 'required', at: element.name, shape: 'empty' })
  }
  if (count === 0 || (count === 1 && plan.kind !== 'resource' && fields.id !== undefined)) emptyElement(walk, plan)
  if (plan.name === 'Extension') checkExtension(walk, fields)
}

/** ele-1: an element has a value or children; its id alone is neither. A resource may be bare. */
function emptyElement(walk: Walk, plan: TypePlan): void {
  if (plan.kind !== 'resource') report(walk, { rule: 'condition', expected: 'ele-1' })
}

/** ext-1: extensions or a value, never both nor neither. */
function checkExtension(walk: Walk, fields: Fields): void {
  let hasValue = false
  for (const name in fields) if (name.startsWith('value') || name.startsWith('_value')) hasValue = true
  if (hasValue === (fields.extension !== undefined)) report(walk, { rule: 'condition', expected: 'ext-1' })
}

function isPresent(fields: Fields, element: ElementPlan): boolean {
  return element.names.some((name) => fields[name] !== undefined || fields[`_${name}`] !== undefined)
}

function checkProperty(walk: Walk, fields: Fields, name: string, property: PropertyPlan, inner: WalkInner): void {
  const value = fields[name]
  const { element } = property
  if (element.max <= 1) {
    if (Array.isArray(value)) report(walk, { rule: 'cardinality', expected: `${element.min}..1`, shape: jsonShape(value) })
    else checkValue(walk, value, property, inner)
    return
  }
  if (!Array.isArray(value)) {
    report(walk, { rule: 'type', expected: 'array', shape: jsonShape(value) })
    return
  }
  if (value.length === 0) report(walk, { rule: 'cardinality', expected: '1..*', shape: 'array(0)' })
  if (value.length > element.max) report(walk, { rule: 'cardinality', expected: `..${element.max}`, shape: jsonShape(value) })
  const beside = property.test === null ? undefined : fields[property.isCompanion ? name.slice(1) : `_${name}`]
  for (let i = 0; i < value.length; i++) {
    const one: unknown = value[i]
    // null holds the place of a primitive that has extensions alone, and of one that has none (FHIR R4 2.6.2.3).
    if (one === null && property.test !== null && Array.isArray(beside) && beside[i] != null) continue
    walk.path.push(i)
    checkValue(walk, one, property, inner)
    walk.path.pop()
  }
}

function checkValue(walk: Walk, value: unknown, property: PropertyPlan, inner: WalkInner): void {
  const { type, element, test, isCompanion } = property
  const from = walk.visited++
  if (test !== null && !isCompanion) {
    if (isFraction(walk, value, type.name)) report(walk, { rule: 'type', expected: type.name, shape: `${jsonShape(value)}.0` })
    else if (test(value)) checkText(walk, value, property)
    else report(walk, { rule: typeof value === 'string' ? 'format' : 'type', expected: type.name, shape: jsonShape(value) })
    if (element.constraints.length > 0) checkConstraints(walk, element.constraints, { node: value, base: type.name, from })
    return
  }
  if (!isRecord(value)) {
    report(walk, { rule: 'type', expected: isCompanion ? 'Element' : type.name, shape: jsonShape(value) })
    return
  }
  if (property.isResource) {
    inner(value, element.name)
    return
  }
  const plan = typePlan(isCompanion ? 'Element' : type.name)
  if (plan === null) return
  if (walk.path.length > depthMax) {
    report(walk, { rule: 'structure', expected: 'depth' })
    return
  }
  checkFields(walk, value, plan, inner)
  checkConstraints(walk, plan.constraints, { node: value, base: plan.name, from })
  if (isCompanion) return
  if (element.constraints.length > 0) checkConstraints(walk, element.constraints, { node: value, base: plan.name, from })
  if (element.valueSet !== null) checkCoded(walk, value, element.valueSet, type.name)
  if (type.name === 'Reference') checkReference(walk, value, type.targets)
}

/** `1.0` is no integer (FHIR R4 2.24.0.1), and JSON.parse makes 1 of it. */
function isFraction(walk: Walk, value: unknown, type: string): boolean {
  if (walk.fractions.size === 0 || typeof value !== 'number' || type === 'decimal') return false
  const path = pathOf(walk)
  return walk.fractions.has(path.slice(path.indexOf('.') + 1))
}

/** What a primitive's text is held to beyond its form. */
function checkText(walk: Walk, value: unknown, { type, element }: PropertyPlan): void {
  if (typeof value !== 'string') return
  if (element.valueSet !== null && !isInSet(element.valueSet, null, value)) {
    report(walk, { rule: 'table', expected: element.name, shape: jsonShape(value) })
  }
  if (type.name === 'xhtml') {
    const problem = narrativeProblem(value)
    if (problem !== null) report(walk, { rule: 'narrative', expected: problem })
  } else if (value.startsWith('#') && (type.name === 'canonical' || type.name === 'uri' || type.name === 'url')) {
    walk.container.referred.add(value.slice(1))
  }
}

/** A required value set: one coding of it must stand in a CodeableConcept; a Coding or a Quantity must be of it. */
function checkCoded(walk: Walk, value: Fields, set: ValueSet, type: string): void {
  const codings = type === 'CodeableConcept' ? (Array.isArray(value.coding) ? value.coding : []) : [value]
  const isOne = codings.some((coding) => isRecord(coding) && isInSet(set, coding.system, coding.code))
  if (!isOne)
    report(walk, { rule: 'table', expected: walk.path.findLast((step) => typeof step === 'string') ?? '', shape: null })
}

/** Without a system (type `code`), the code alone counts. */
function isInSet(set: ValueSet, system: unknown, code: unknown): boolean {
  if (typeof code !== 'string') return false
  if (typeof system === 'string') return set.get(system)?.has(code) ?? false
  for (const codes of set.values()) if (codes.has(code)) return true
  return false
}

/** `Patient/123`, also absolute, also with a version (FHIR R4 2.3.0.1). */
const literal = /^(?:https?:\/\/\S+\/)?([A-Z][A-Za-z]{2,40})\/[A-Za-z0-9\-.]{1,64}(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/

/** A longer reference is looked at no closer. */
const referenceMax = 2_048

function checkReference(walk: Walk, value: Fields, targets: readonly string[] | null): void {
  const { reference } = value
  if (typeof reference !== 'string') return
  if (reference.startsWith('#')) {
    noteLocal(walk, reference)
    return
  }
  const target = reference.length > referenceMax ? undefined : literal.exec(reference)?.[1]
  if (target === undefined || targets === null || !isResourceType(target) || targets.includes(target)) return
  report(walk, { rule: 'reference', expected: targets.join(', '), shape: target, level: 'warning' })
}
