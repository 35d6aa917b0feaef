import type { Range } from '../language/range.ts'
import type { ConditionsPlan, StructurePlan } from './check/keywords.ts'
import type { FieldPlan, SegmentPlan } from './check/segment-plan.ts'
import type { Contract, ElementRule, MessageContract, RuleSet, SegmentRule } from './contract.ts'
import type { Severities, SeverityTable } from './element-severity.ts'
import { writePath } from './language/path.ts'
import { contractSeverities, planConditions, planSegment } from './plans.ts'
import { standardSeverities } from './standard-rules.ts'
import { type Grammar, segmentNames } from './structure/grammar.ts'
import { standardStructure } from './structure-of.ts'

/** A JSON Schema of the dialect 2020-12 with the `hl7` keywords of `check/keywords.ts`. */
export type MessageSchema = { readonly [key: string]: unknown }

export interface SchemaOfMessage {
  readonly schema: MessageSchema
  readonly severities: SeverityTable
}

/**
 * The JSON Schema that a message of this type and version is checked against: over `Document.shape()`, form A. `message` null: a type
 * that the contract doesn't name, of which only what holds for all types is asked.
 */
export function messageSchema(contract: Contract, message: MessageContract | null, version: string): SchemaOfMessage {
  const rules = mergeRules(contract, message)
  const standard = message?.standard ?? null
  const inherited = standard === null ? null : standardStructure(version, standard)
  const common = message === null ? commonSegments(contract) : []
  const grammar = message?.structure ?? inherited
  const elements = new Map<string, Severities>()
  const plans: SegmentPlan[] = []
  for (const segment of segmentsOf(grammar, rules, common)) {
    const planned = planSegment(contract, rules.elements, segment, version, standard !== null || common.includes(segment))
    if (planned.plan !== null) plans.push(planned.plan)
    for (const [element, severities] of planned.severities) elements.set(element, severities)
  }
  const isStandardStructure = message?.structure === null && inherited !== null
  const own = contractSeverities(contract)
  for (const { segment, rule } of rules.segments) elements.set(segment, segmentSeverities(rule, own))
  const { order, 'unknown-segment': unknown } = standardSeverities
  // An inherited structure weighs by the standard, unless the contract sets its own weight.
  const light = { required: standardSeverities.required, order, 'unknown-segment': unknown }
  const fallback = isStandardStructure ? { ...own, ...light, ...contract.severities } : own
  return { schema: schemaOf(contract, rules, grammar, plans), severities: { elements, fallback } }
}

function mergeRules(contract: Contract, message: MessageContract | null): RuleSet {
  if (message === null) return contract
  const own = new Set(message.elements.map(({ path }) => writePath(path)))
  const named = new Set(message.segments.map(({ segment }) => segment))
  return {
    segments: [...contract.segments.filter(({ segment }) => !named.has(segment)), ...message.segments],
    elements: [...contract.elements.filter(({ path }) => !own.has(writePath(path))), ...message.elements],
    assertions: [...contract.assertions, ...message.assertions],
  }
}

/** Of a type that the contract doesn't name: the header must be sound, and for the standard what every message may carry. */
function commonSegments(contract: Contract): readonly string[] {
  return contract.otherMessages === 'standard'
    ? ['MSH', 'MSA', 'ERR', 'EVN', 'PID', 'PV1', 'ORC', 'OBR', 'OBX', 'NTE']
    : ['MSH']
}

function segmentsOf(grammar: Grammar | null, rules: RuleSet, common: readonly string[]): readonly string[] {
  const named = grammar === null ? ['MSH', ...common] : segmentNames(grammar)
  return [...new Set([...named, ...rules.elements.map(({ path }) => path.segment)])].filter((name) => name !== '*')
}

/** What the contract says of a segment itself weighs by the contract, also where the structure beneath is the standard's. */
function segmentSeverities(rule: SegmentRule, own: SeverityTable['fallback']): Severities {
  const { severity } = rule
  return { required: severity ?? own.required, forbidden: severity ?? own.forbidden, cardinality: severity ?? own.cardinality }
}

function schemaOf(contract: Contract, rules: RuleSet, grammar: Grammar | null, plans: readonly SegmentPlan[]): MessageSchema {
  const structure: StructurePlan = { grammar, zSegments: contract.zSegments, counts: countsOf(rules) }
  const conditions: ConditionsPlan = {
    order: grammar === null ? [] : segmentNames(grammar),
    conditions: planConditions(rules),
  }
  const parted = plans.map((plan) => partPlan(plan, rules.elements))
  const native = parted.map(({ schema }) => schema).filter((schema) => schema !== null)
  const items: MessageSchema = {
    hl7Segments: Object.fromEntries(parted.map(({ plan }) => [plan.segment, plan])),
    ...(native.length === 0 ? {} : { allOf: native }),
  }
  return {
    type: 'object',
    required: ['segments'],
    properties: {
      segments: {
        type: 'array',
        minItems: 1,
        items,
        ...(grammar === null && structure.counts.length === 0 ? {} : { hl7Structure: structure }),
        ...(conditions.conditions.length === 0 ? {} : { hl7Conditions: conditions }),
      },
    },
  }
}

function countsOf(rules: RuleSet): StructurePlan['counts'] {
  return rules.segments.flatMap(({ segment, rule }) => {
    const range: Range | null = rule.usage === 'X' ? { min: 0, max: 0 } : rule.repeats
    const isRequired = rule.usage === 'R'
    if (range === null && !isRequired) return []
    return [{ segment, range: { min: Math.max(range?.min ?? 0, isRequired ? 1 : 0), max: range?.max ?? null } }]
  })
}

/** What JSON Schema itself can say of a segment (`if` it is this one, `then` these items), and what is left for the keyword. */
function partPlan(
  plan: SegmentPlan,
  rules: readonly ElementRule[],
): { readonly plan: SegmentPlan; readonly schema: MessageSchema | null } {
  const plain = plan.fields.filter((field) => isPlain(field, rules, plan.segment))
  if (plain.length === 0) return { plan, schema: null }
  const fields = plan.fields.map((field) => (plain.includes(field) ? withoutNative(field) : field))
  const then = { prefixItems: nativeItems(plain) }
  return { plan: { ...plan, fields }, schema: { if: { prefixItems: [{ const: plan.segment }] }, then } }
}

/** Types whose raw text is the value: JSON Schema's own `maxLength` and `enum` can hold them. */
const plainTypes = new Set(['ST', 'ID', 'IS', 'TX', 'FT'])

/**
 * One value and no parts, so that the field's raw text is the value itself. Only fields with an agreed length go this way: asking
 * `if` of every segment costs more than the keyword, where that is asked anyway.
 */
function isPlain(field: FieldPlan, rules: readonly ElementRule[], segment: string): boolean {
  const own = rules.find(({ path }) => path.segment === segment && path.field === field.number && path.component === 0)
  const isOne = field.repeats !== null && field.repeats.max === 1
  return isOne && field.length?.max != null && field.components.length === 0 && plainTypes.has(own?.rule.type ?? '')
}

function nativeItems(fields: readonly FieldPlan[]): readonly MessageSchema[] {
  const items: MessageSchema[] = []
  for (const { number, length, values } of fields) {
    while (items.length < number) items.push({})
    items[number] = {
      ...(length?.max == null ? {} : { maxLength: length.max }),
      ...(values === null ? {} : { enum: [...new Set(['', '""', ...values])] }),
    }
  }
  return items
}

function withoutNative(field: FieldPlan): FieldPlan {
  const length = field.length === null || field.length.min === 0 ? null : { ...field.length, max: null }
  return { ...field, values: null, length }
}
