import { formatName } from './check/formats.ts'
import type { ConditionsPlan } from './check/keywords.ts'
import type { AttributeRule, RuleSet } from './contract.ts'

/** A JSON Schema of the dialect 2020-12 with the `dicom` keywords of `check/keywords.ts`. */
export type Schema = { readonly [key: string]: unknown }

export interface LevelSchema extends Schema {
  readonly type: 'object'
  readonly required?: readonly string[]
  /** Of each attribute by itself. */
  readonly properties: { readonly [tag: string]: Schema }
}

export interface DataSetSchema extends LevelSchema {
  /** What depends on other attributes. */
  readonly dicomConditions?: ConditionsPlan
}

/**
 * The JSON Schema that a data set is checked against, over its DICOM JSON (PS3.18 Annex F): `required`, `enum`, `minItems`, `maxLength`, `format` are
 * JSON Schema's own; what depends on something else is a keyword of ours.
 */
export function dataSetSchema(rules: RuleSet): DataSetSchema {
  const conditions = conditionsOf(rules)
  const isConditional = conditions.attributes.length > 0 || conditions.assertions.length > 0
  return {
    ...levelSchema(levelOf(rules.attributes, 0)),
    ...(isConditional ? { dicomConditions: conditions } : {}),
  }
}

function conditionsOf(rules: RuleSet): ConditionsPlan {
  return {
    attributes: rules.attributes.flatMap(({ path, type, otherwise, when }) =>
      when === null ? [] : [{ path, type, otherwise, when }],
    ),
    assertions: rules.assertions,
  }
}

/** The rules of one level by attribute: its own, and those of what its items hold. */
type Level = ReadonlyMap<string, { own: AttributeRule | null; below: AttributeRule[] }>

function levelOf(rules: readonly AttributeRule[], depth: number): Level {
  const level = new Map<string, { own: AttributeRule | null; below: AttributeRule[] }>()
  for (const rule of rules) {
    const tag = rule.path[depth] ?? ''
    const entry = level.get(tag) ?? { own: null, below: [] }
    level.set(tag, entry)
    if (rule.path.length === depth + 1) entry.own = rule
    else entry.below.push(rule)
  }
  return level
}

function levelSchema(level: Level, depth = 0): LevelSchema {
  const required = [...level].filter(([, { own }]) => own?.when === null && (own.type === '1' || own.type === '2'))
  return {
    type: 'object',
    ...(required.length === 0 ? {} : { required: required.map(([tag]) => tag) }),
    properties: Object.fromEntries(
      [...level].map(([tag, { own, below }]) => [tag, attributeSchema(own, below, depth)] as const),
    ),
  }
}

function attributeSchema(own: AttributeRule | null, below: readonly AttributeRule[], depth: number): Schema {
  const items = {
    ...(own === null ? {} : valueSchema(own)),
    ...(below.length === 0 ? {} : levelSchema(levelOf(below, depth + 1), depth + 1)),
  }
  const value = {
    ...(own?.vm == null ? {} : { minItems: own.vm.min, ...(own.vm.max === null ? {} : { maxItems: own.vm.max }) }),
    ...(Object.keys(items).length === 0 ? {} : { items }),
  }
  const isAlways = own?.when === null
  return {
    ...(isAlways && own.type === '1' ? { dicomFilled: true } : {}),
    // `vr` alone: nothing stands there.
    ...(isAlways && own.type === 'X' ? { maxProperties: 1 } : {}),
    properties: {
      ...(own?.vr == null ? {} : { vr: { const: own.vr } }),
      ...(Object.keys(value).length === 0 ? {} : { Value: value }),
    },
  }
}

/** Of texts; names are objects, which these keywords pass over. */
function valueSchema({ values, length, format }: AttributeRule): Schema {
  return {
    ...(values === null ? {} : { enum: [...new Set(['', ...values])] }),
    ...(length === null ? {} : { minLength: length.min, ...(length.max === null ? {} : { maxLength: length.max }) }),
    ...(format === null
      ? {}
      : format.kind === 'pattern'
        ? { pattern: format.pattern, maxLength: length?.max ?? 256 }
        : { format: formatName(format) }),
  }
}
