import type { ValueFormat } from '../language/value-format.ts'
import type { ElementRule } from './contract.ts'

/** A JSON Schema over `elementValue` (element-value.ts). */
export type ElementSchema = { readonly [keyword: string]: unknown }

/**
 * The rules of one operation as a JSON Schema. An element that must be there needs its parents too, but those that have an entry of their own which says
 * otherwise: `items/item/packCode: R` asks for `items`, an `item` in it, and a pack code in each.
 */
export function elementSchema(rules: readonly ElementRule[], isClosed: boolean): ElementSchema {
  const root: Branch = { rule: null, below: new Map() }
  for (const rule of rules) {
    let at = root
    for (const name of rule.path) {
      const next = at.below.get(name) ?? { rule: null, below: new Map() }
      at.below.set(name, next)
      at = next
    }
    at.rule = rule
  }
  return branchSchema(root, isClosed)
}

interface Branch {
  rule: ElementRule | null
  readonly below: Map<string, Branch>
}

function branchSchema(branch: Branch, isClosed: boolean): ElementSchema {
  const properties: [string, ElementSchema][] = []
  const required: string[] = []
  for (const [name, inner] of branch.below) {
    properties.push([name, name.startsWith('@') ? valueSchema(inner.rule) : listSchema(inner, isClosed)])
    if (isRequired(inner)) required.push(name)
  }
  const text = ownText(branch)
  if (text !== null) properties.push(['#text', text])
  if (text !== null && branch.rule?.usage === 'R') required.push('#text')
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    ...(required.length === 0 ? {} : { required }),
    ...(isClosed && branch.below.size > 0 ? { patternProperties: { '^[@#]': {} }, additionalProperties: false } : {}),
    ...severityOf(branch.rule),
  }
}

function listSchema(branch: Branch, isClosed: boolean): ElementSchema {
  const { rule } = branch
  if (rule?.usage === 'X') return { not: {}, ...severityOf(rule) }
  const repeats = rule?.repeats ?? null
  return {
    type: 'array',
    items: branchSchema(branch, isClosed),
    ...(repeats === null ? {} : { minItems: repeats.min }),
    ...(repeats === null || repeats.max === null ? {} : { maxItems: repeats.max }),
    ...severityOf(rule),
  }
}

/** Elements that hold elements or attributes alone have no text to ask of. */
function ownText({ rule, below }: Branch): ElementSchema | null {
  if (rule === null || rule.path.length === 0) return null
  const saysText = rule.type !== null || rule.length !== null || rule.values !== null || rule.format !== null
  const isLeaf = below.size === 0
  return saysText || (isLeaf && rule.usage === 'R') ? valueSchema(rule) : null
}

function isRequired({ rule, below }: Branch): boolean {
  if (rule !== null && rule.usage !== null) return rule.usage === 'R'
  if (rule?.repeats != null) return rule.repeats.min > 0
  return [...below.values()].some(isRequired)
}

function valueSchema(rule: ElementRule | null): ElementSchema {
  if (rule === null) return {}
  if (rule.usage === 'X') return { not: {}, ...severityOf(rule) }
  const { length, values, format } = rule
  return {
    type: 'string',
    ...(rule.usage === 'R' ? { minLength: Math.max(1, length?.min ?? 1) } : length === null ? {} : { minLength: length.min }),
    ...(length === null || length.max === null ? {} : { maxLength: length.max }),
    ...(values === null ? {} : { enum: values }),
    ...(format === null ? {} : formatSchema(format)),
    ...(rule.type === null
      ? {}
      : { allOf: [{ ...typeSchema(rule.type), 'x-rule': 'type', 'x-expected': rule.type, ...severityOf(rule) }] }),
    ...severityOf(rule),
  }
}

/** A named form as a schema says it; the names are those of schema-formats.ts. */
function formatSchema(format: ValueFormat): ElementSchema {
  switch (format.kind) {
    case 'digits':
      return { pattern: `^\\d{${format.min},${format.max}}$` }
    case 'pattern':
      return { pattern: format.pattern }
    case 'date':
      return { format: 'compact-date' }
    case 'datetime':
      return { format: 'compact-datetime' }
    default:
      return { format: format.kind }
  }
}

function typeSchema(type: NonNullable<ElementRule['type']>): ElementSchema {
  switch (type) {
    case 'text':
      return {}
    case 'integer':
      return { pattern: '^[+-]?\\d+$' }
    case 'number':
      return { pattern: '^[+-]?\\d+(\\.\\d+)?$' }
    case 'boolean':
      return { enum: ['true', 'false', '1', '0'] }
    case 'time':
      return { format: 'any-time' }
    default:
      return type satisfies never
  }
}

function severityOf(rule: ElementRule | null): ElementSchema {
  return rule?.severity == null ? {} : { 'x-severity': rule.severity }
}
