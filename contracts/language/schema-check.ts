import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import { type BodyRuleName, bodyRuleNames } from './body-rules.ts'
import { type Breach, shapeOfValue } from './breach.ts'
import { severityOf } from './raw.ts'
import { patternTextMax } from './safe-pattern.ts'
import { addSchemaFormats } from './schema-formats.ts'
import { isOfMasking } from './value-format.ts'

/** Says what of a value breaks a schema; empty: nothing. Never repeats a value. */
export type SchemaCheck = (value: unknown) => readonly Breach[]

/**
 * Prepares a schema (JSON Schema 2020-12, `x-severity` and `x-rule` on any part of it: `masking` for what must not come in clear; `x-expected` for schemas that were made of other rules). Sound values, nearly all, are asked only up to the first breach. The
 * full list is made for values of up to 10,000 parts; of a larger one the first breach is told, so that no message makes the list grow.
 * `names`: member names that may be told (schema-guard.ts). Throws what ajv throws for a schema that it can't compile.
 */
export function schemaCheck(schema: object, names: ReadonlySet<string>): SchemaCheck {
  const isSound = ajvFor(false).compile(schema)
  let list: ValidateFunction | null = null
  return (value) => {
    if (isSound(value)) return []
    list ??= ajvFor(true).compile(schema)
    const isSmall = partCount(value) <= partsMax
    const errors = isSmall && !list(value) ? list.errors : null
    return breachesOf(errors ?? isSound.errors ?? [], names)
  }
}

const partsMax = 10_000

function ajvFor(allErrors: boolean): Ajv2020 {
  const ajv = new Ajv2020({
    allErrors,
    verbose: true,
    allowUnionTypes: true,
    strictTypes: false,
    strictRequired: false,
    strictTuples: false,
    // surveySchema has held the schema to its meta schema already, once for all.
    validateSchema: false,
    meta: false,
    logger: false,
    code: { regExp: Object.assign(boundedPattern, { code: 'boundedPattern' }) },
  })
  ajv.addVocabulary(['x-severity', 'x-rule', 'x-expected', 'x-note', 'discriminator', 'xml', 'externalDocs', 'example'])
  addSchemaFormats(ajv)
  return ajv
}

/**
 * A contract's pattern is tried on so much text only; together with the shapes that safe-pattern.ts allows this bounds the time. ajv keeps one compiled
 * pattern for each `toString`.
 */
function boundedPattern(pattern: string, flags: string) {
  const compiled = new RegExp(pattern, flags)
  const test = (text: string) => text.length <= patternTextMax && compiled.test(text)
  return { test, toString: () => compiled.toString() }
}

/** Objects, arrays and scalars of a value, counted no further than needed. */
function partCount(value: unknown): number {
  let count = 0
  const open: unknown[] = [value]
  while (open.length > 0 && count <= partsMax) {
    const part = open.pop()
    count += 1
    if (typeof part !== 'object' || part === null) continue
    for (const inner of Object.values(part)) open.push(inner)
    if (open.length > partsMax) return partsMax + 1
  }
  return count
}

/** What a breach inside a branch that need not hold says is noise: the choice as a whole is what failed. */
function breachesOf(errors: readonly ErrorObject[], names: ReadonlySet<string>): readonly Breach[] {
  const failed = errors.filter(({ keyword }) => choiceKeywords.has(keyword)).map(({ schemaPath }) => `${schemaPath}/`)
  const choices = [...new Set(failed)]
  const told = errors.filter(
    ({ schemaPath, keyword }) => keyword !== 'if' && !choices.some((choice) => schemaPath.startsWith(choice)),
  )
  const seen = new Set<string>()
  return told.flatMap((error) => {
    const breach = breachOf(error, names)
    const id = `${breach.rule} ${breach.steps.join('/')}`
    if (seen.has(id)) return []
    seen.add(id)
    return [breach]
  })
}

const choiceKeywords = new Set(['anyOf', 'oneOf', 'contains'])

function breachOf(error: ErrorObject, names: ReadonlySet<string>): Breach {
  const { keyword, params, data } = error
  const steps = stepsOf(error.instancePath, names)
  const parent: unknown = error.parentSchema
  const own = severityOf(memberOf(parent, 'x-severity'))
  const missing = keyword === 'required' || keyword === 'dependentRequired' ? String(params.missingProperty) : null
  if (missing !== null) {
    const severity = severityOf(memberOf(memberOf(memberOf(parent, 'properties'), missing), 'x-severity')) ?? own
    return { rule: 'required', steps: [...steps, missing], expected: '', shape: null, severity }
  }
  const isMasking = keyword === 'format' && isOfMasking(memberOf(parent, 'format'))
  const rule = isMasking ? 'masking' : (bodyRuleNames.find((name) => name === memberOf(parent, 'x-rule')) ?? ruleOf(keyword))
  // A name that the schema doesn't have may be a value itself.
  if (rule === 'unknown-member') return { rule, steps: [...steps, '*'], expected: '', shape: null, severity: own }
  return {
    rule,
    steps,
    expected: wordOf(memberOf(parent, 'x-expected')) ?? expectedOf(error),
    shape: shapeOfValue(data),
    severity: own,
  }
}

function ruleOf(keyword: string): BodyRuleName {
  return rules.get(keyword) ?? 'condition'
}

const rules: ReadonlyMap<string, BodyRuleName> = new Map([
  ['type', 'type'],
  ['nullable', 'type'],
  ['enum', 'table'],
  ['const', 'table'],
  ['format', 'format'],
  ['pattern', 'format'],
  ['propertyNames', 'format'],
  ['minLength', 'length'],
  ['maxLength', 'length'],
  ['minimum', 'range'],
  ['maximum', 'range'],
  ['exclusiveMinimum', 'range'],
  ['exclusiveMaximum', 'range'],
  ['multipleOf', 'range'],
  ['minItems', 'cardinality'],
  ['maxItems', 'cardinality'],
  ['contains', 'cardinality'],
  ['minProperties', 'cardinality'],
  ['maxProperties', 'cardinality'],
  ['additionalProperties', 'unknown-member'],
  ['unevaluatedProperties', 'unknown-member'],
  ['not', 'forbidden'],
  ['false schema', 'forbidden'],
])

/** The contract's own words: never the message's. */
function expectedOf({ keyword, params }: ErrorObject): string {
  switch (keyword) {
    case 'type':
      return Array.isArray(params.type) ? params.type.join('/') : String(params.type)
    case 'format':
      return String(params.format)
    case 'pattern':
      return `/${params.pattern}/`
    case 'minLength':
    case 'minItems':
      return `${params.limit}..`
    case 'maxLength':
    case 'maxItems':
      return `..${params.limit}`
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return `${params.comparison} ${params.limit}`
    default:
      return ''
  }
}

function wordOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

function stepsOf(pointer: string, names: ReadonlySet<string>): readonly (string | number)[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (names.has(part) ? part : /^\d{1,9}$/.test(part) ? Number(part) : '*'))
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Object.entries(value).find(([key]) => key === name)?.[1] : undefined
}
