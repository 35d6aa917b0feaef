import type { Ajv2020 } from 'ajv/dist/2020.js'
import type { DataValidateFunction } from 'ajv/dist/types/index.js'
import type { Range } from '../../language/range.ts'
import { writeRange } from '../../language/range.ts'
import type { Condition } from '../language/condition.ts'
import type { ElementPath } from '../language/path.ts'
import { type Automaton, createAutomaton } from '../structure/automaton.ts'
import { diagnoseStructure } from '../structure/diagnosis.ts'
import type { Grammar } from '../structure/grammar.ts'
import { conditionTest } from './condition-check.ts'
import { type Finding, segmentFinding } from './finding.ts'
import { element, isEmpty, type MessageView } from './message-text.ts'
import { segmentCheck } from './segment-check.ts'
import type { SegmentPlan } from './segment-plan.ts'
import { valueShape } from './value-shape.ts'

/** Value of `hl7Structure`: the order of segments, and how often each may stand. */
export interface StructurePlan {
  readonly grammar: Grammar | null
  readonly zSegments: 'report' | 'allow'
  readonly counts: readonly { readonly segment: string; readonly range: Range }[]
}

/** One entry of `hl7Conditions`: where `when` is true, the element must (not) be valued, or `require` must hold. */
export interface ConditionPlan {
  /** Where it is asked: once for each of these segments; null: once, from the first segment. */
  readonly segment: string | null
  readonly when: Condition | null
  readonly claim:
    | { readonly kind: 'usage'; readonly path: ElementPath; readonly holds: 'R' | 'X' | null; readonly elsewhere: 'X' | null }
    | { readonly kind: 'require'; readonly id: string; readonly condition: Condition }
}

export interface ConditionsPlan {
  /** Segment names in the order of the structure. */
  readonly order: readonly string[]
  readonly conditions: readonly ConditionPlan[]
}

/** What the keywords are given besides the data: the delimiters of this message, and how much may still be found. */
export interface CheckContext {
  readonly view: MessageView
  /** Findings that are still reported; the rest is only counted, so that no message makes the list grow without end. */
  left: number
  uncounted: number
}

type Check = (this: CheckContext, segments: readonly (readonly string[])[]) => readonly Finding[]

/**
 * Teaches ajv what JSON Schema can't say well about an HL7 message: `hl7Structure` and `hl7Conditions` on the array of segments,
 * `hl7Segments` on one segment, by its name. ajv must be made with `passContext`, and called with a CheckContext as `this`. Errors carry a Finding
 * as their parameters, and never a value.
 */
export function addHl7Keywords(ajv: Ajv2020): void {
  ajv.addKeyword({
    keyword: 'hl7Structure',
    type: 'array',
    schemaType: 'object',
    errors: true,
    compile: (plan: StructurePlan) => reporting(structureCheck(plan)),
  })
  ajv.addKeyword({
    keyword: 'hl7Conditions',
    type: 'array',
    schemaType: 'object',
    errors: true,
    compile: (plan: ConditionsPlan) => reporting(conditionsCheck(plan)),
  })
  ajv.addKeyword({
    keyword: 'hl7Segments',
    type: 'array',
    schemaType: 'object',
    errors: true,
    compile: (plans: { readonly [segment: string]: SegmentPlan }) => {
      const checks = new Map(Object.entries(plans).map(([segment, plan]) => [segment, segmentCheck(plan)]))
      const validate: DataValidateFunction = function (this: CheckContext, fields: readonly string[], cxt): boolean {
        const check = checks.get(fields[0] ?? '')
        if (check === undefined) return true
        const findings: Finding[] = []
        check(fields, Number(cxt?.parentDataProperty ?? 0), this.view.delimiters, findings)
        return report(validate, findings, this)
      }
      return validate
    },
  })
}

function reporting(check: Check): DataValidateFunction {
  const validate: DataValidateFunction = function (this: CheckContext, segments: readonly (readonly string[])[]): boolean {
    return report(validate, check.call(this, segments), this)
  }
  return validate
}

function report(validate: DataValidateFunction, findings: readonly Finding[], context: CheckContext): boolean {
  if (findings.length === 0) return true
  const kept = findings.slice(0, context.left)
  context.left -= kept.length
  context.uncounted += findings.length - kept.length
  validate.errors = kept.map((finding) => ({ keyword: 'hl7', params: finding }))
  return kept.length === 0
}

function structureCheck(plan: StructurePlan): Check {
  const automaton: Automaton | null = plan.grammar === null ? null : createAutomaton(plan.grammar)
  const { counts, zSegments } = plan
  return (segments) => {
    const names = segments.map((segment) => segment[0] ?? '')
    const findings: Finding[] = []
    for (const { segment, range } of counts) {
      const count = names.filter((name) => name === segment).length
      if (count < range.min) findings.push(segmentFinding('required', segment, -1, writeRange(range)))
      else if (range.max === 0 && count > 0) findings.push(segmentFinding('forbidden', segment, names.indexOf(segment)))
      else if (range.max !== null && count > range.max)
        findings.push(segmentFinding('cardinality', segment, -1, writeRange(range)))
    }
    if (automaton === null) return findings
    for (const { rule, name, index } of diagnoseStructure(automaton, names)) {
      if (rule === 'unknown-segment' && zSegments === 'allow' && name.startsWith('Z')) continue
      const isToldByCount = rule === 'required' && findings.some((known) => known.segment === name)
      if (!isToldByCount) findings.push(segmentFinding(rule, name, rule === 'required' ? -1 : index, names[index - 1] ?? ''))
    }
    return findings
  }
}

function conditionsCheck(plan: ConditionsPlan): Check {
  const perMessage = plan.conditions.filter(({ segment }) => segment === null).map((one) => oneCondition(one, plan.order))
  const perSegment = new Map<string, ReturnType<typeof oneCondition>[]>()
  for (const one of plan.conditions) {
    if (one.segment === null) continue
    const tests = perSegment.get(one.segment) ?? []
    tests.push(oneCondition(one, plan.order))
    perSegment.set(one.segment, tests)
  }
  return function (segments) {
    const findings: Finding[] = []
    for (const run of perMessage) run(this.view, 0, findings)
    for (let index = 0; index < segments.length; index += 1) {
      const tests = perSegment.get(segments[index]?.[0] ?? '')
      if (tests !== undefined) for (const run of tests) run(this.view, index, findings)
    }
    return findings
  }
}

function oneCondition(plan: ConditionPlan, order: readonly string[]) {
  const { segment, claim } = plan
  const when = plan.when === null ? null : conditionTest(plan.when, order)
  const require = claim.kind === 'require' ? conditionTest(claim.condition, order) : null
  return (view: MessageView, anchor: number, findings: Finding[]): void => {
    if (claim.kind === 'require') {
      if ((when !== null && !when(view, anchor)) || require?.(view, anchor)) return
      findings.push(segmentFinding('condition', segment ?? '', segment === null ? -1 : anchor, claim.id))
      return
    }
    const { field, component, subcomponent } = claim.path
    const text = view.segments[anchor]?.[field] ?? ''
    const value = component === 0 ? text : element(text, component, subcomponent, view.delimiters)
    const isMissing = isEmpty(value, view.delimiters)
    // The cheaper question first: a field that is as it would have to be needs no condition asked.
    if (claim.elsewhere === null && (claim.holds === null || isMissing !== (claim.holds === 'R'))) return
    const holds = when === null || when(view, anchor) ? claim.holds : claim.elsewhere
    if (holds === null || isMissing !== (holds === 'R')) return
    const rule = holds === 'R' ? 'required' : 'forbidden'
    const shape = holds === 'R' ? null : valueShape(value)
    findings.push({ ...segmentFinding(rule, claim.path.segment, anchor, 'when'), field, component, subcomponent, shape })
  }
}
