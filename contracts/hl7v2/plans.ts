import { tableCodes } from '../../gateway/model/hl7v2/codes.ts'
import type { ViolationSeverity } from '../../gateway/model/violation.ts'
import type { ConditionPlan } from './check/keywords.ts'
import type { ComponentPlan, FieldPlan, SegmentPlan, ValuePlan } from './check/segment-plan.ts'
import {
  type Contract,
  defaultSeverities,
  type ElementRule,
  type FieldRule,
  type RuleName,
  type RuleSet,
  ruleNames,
} from './contract.ts'
import type { Severities } from './element-severity.ts'
import { writePath } from './language/path.ts'
import { type StandardField, standardFields } from './standard-rules.ts'

/** The plan of one segment with what its breaches weigh, and null for a segment of which nothing is said. */
export interface PlannedSegment {
  readonly plan: SegmentPlan | null
  readonly severities: ReadonlyMap<string, Severities>
}

/**
 * Lays what a contract says of a segment over what the standard says (where the contract inherits it). The contract wins by
 * aspect: its usage replaces the standard's, its type replaces the standard's, what it leaves open stays as the standard has it.
 */
export function planSegment(
  contract: Contract,
  rules: readonly ElementRule[],
  segment: string,
  version: string,
  inherits: boolean,
): PlannedSegment {
  const own = rules.filter(({ path }) => path.segment === segment)
  const standard = inherits ? standardFields(version, segment) : []
  const numbers = new Set([...standard.map((field) => field.number), ...own.map(({ path }) => path.field)])
  const severities = new Map<string, Severities>()
  const required: number[] = []
  const forbidden: number[] = []
  const fields: FieldPlan[] = []
  let valueByType = inherits && segment === 'OBX' ? { typeField: 2, valueField: 5 } : null
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const base = standard.find((field) => field.number === number) ?? null
    const whole = own.find(({ path }) => path.field === number && path.component === 0)?.rule ?? null
    const usage = whole?.usage == null || whole.when !== null ? null : whole.usage
    if (usage === 'R' || (whole?.usage == null && base?.isRequired)) required.push(number)
    if (usage === 'X') forbidden.push(number)
    const typeField = typeFieldOf(segment, whole)
    if (typeField !== null) valueByType = { typeField, valueField: number }
    // A type of its own replaces the one that another field names.
    else if (whole?.type != null && valueByType?.valueField === number) valueByType = null
    const field = planField(number, base, whole, own)
    if (field !== null) fields.push(field)
    // `PID-3.1: R` says that the contract needs PID-3 as well: without the field its component is missing too.
    const needsPart = own.some(
      ({ path, rule }) => path.field === number && path.component > 0 && rule.usage === 'R' && rule.when === null,
    )
    severities.set(`${segment}-${number}`, mergedSeverities(contract, base, whole, needsPart))
  }
  for (const { path, rule } of own) {
    if (path.component > 0) severities.set(writePath(path), mergedSeverities(contract, null, rule))
  }
  const isEmpty = required.length + forbidden.length + fields.length === 0 && valueByType === null
  return { plan: isEmpty ? null : { segment, version, required, forbidden, fields, valueByType }, severities }
}

/** Conditional usages and assertions of a set of rules, as the `hl7Conditions` keyword takes them. */
export function planConditions(rules: RuleSet): readonly ConditionPlan[] {
  const usages = rules.elements.flatMap(({ path, rule }): readonly ConditionPlan[] => {
    if (rule.when === null || rule.usage === null) return []
    const holds = rule.usage === 'X' ? 'X' : rule.usage === 'R' || rule.usage === 'C' ? 'R' : null
    const elsewhere = rule.otherwise === 'X' ? 'X' : null
    return [{ segment: path.segment, when: rule.when, claim: { kind: 'usage', path, holds, elsewhere } }]
  })
  const assertions = rules.assertions.map(
    (assertion): ConditionPlan => ({
      segment: assertion.segment,
      when: assertion.when,
      claim: { kind: 'require', id: assertion.id, condition: assertion.require },
    }),
  )
  return [...usages, ...assertions]
}

/** The contract's severities with the defaults filled in. */
export function contractSeverities(contract: Contract): { readonly [rule in RuleName]: ViolationSeverity } {
  return { ...defaultSeverities, ...contract.severities }
}

/** `type: OBX-2` on OBX-5: its data type is what OBX-2 names. */
function typeFieldOf(segment: string, rule: FieldRule | null): number | null {
  const match = /^([A-Z][A-Z0-9]{2})-(\d+)$/u.exec(rule?.type ?? '')
  return match !== null && match[1] === segment ? Number(match[2]) : null
}

function planField(
  number: number,
  base: StandardField | null,
  whole: FieldRule | null,
  own: readonly ElementRule[],
): FieldPlan | null {
  const components = own.filter(({ path }) => path.field === number && path.component > 0).map(planComponent)
  const inherited = { type: base?.type ?? null, table: base?.table ?? null, values: base?.values ?? null }
  const value = whole === null ? { ...inherited, length: null, format: null } : planValue(whole, inherited)
  const repeats = whole?.repeats ?? base?.repeats ?? null
  const saysNothing = value.type === null && value.length === null && value.values === null && value.format === null
  if (components.length === 0 && repeats === null && saysNothing) return null
  return { number, repeats, components, ...value }
}

function planComponent({ path, rule }: ElementRule): ComponentPlan {
  const isConditional = rule.when !== null
  return {
    component: path.component,
    subcomponent: path.subcomponent,
    isRequired: rule.usage === 'R' && !isConditional,
    isForbidden: rule.usage === 'X' && !isConditional,
    ...planValue(rule, { type: null, table: null, values: null }),
  }
}

function planValue(rule: FieldRule, inherited: Pick<ValuePlan, 'type' | 'table' | 'values'>): ValuePlan {
  const type = rule.type === null ? inherited.type : rule.type.includes('-') ? null : rule.type
  const { length, format } = rule
  // A field that the contract gives another type has left the standard's table behind.
  const base = rule.type === null ? inherited : { table: null, values: null }
  if (rule.values !== null) return { type, length, format, table: rule.table, values: rule.values }
  if (rule.table === null) return { type, length, format, table: base.table, values: base.values }
  const codes = tableCodes(rule.table)
  return { type, length, format, table: rule.table, values: codes === null ? null : [...codes.keys()] }
}

/** What the contract says itself weighs by the contract; what it inherits weighs by the standard. */
function mergedSeverities(
  contract: Contract,
  base: StandardField | null,
  rule: FieldRule | null,
  needsPart = false,
): Severities {
  const own = contractSeverities(contract)
  const severities: { [name in RuleName]?: ViolationSeverity } = {}
  for (const name of ruleNames) {
    const isOwn = base === null || (rule !== null && says(rule, name)) || (needsPart && name === 'required')
    severities[name] =
      (isOwn || rule?.severity != null ? rule?.severity : null) ?? (isOwn ? own[name] : base.severities[name]) ?? own[name]
  }
  return severities
}

function says(rule: FieldRule, name: RuleName): boolean {
  if (name === 'required' || name === 'forbidden') return rule.usage !== null
  if (name === 'type') return rule.type !== null
  if (name === 'table') return rule.values !== null || rule.table !== null
  if (name === 'cardinality') return rule.repeats !== null
  return true
}
