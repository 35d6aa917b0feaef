import { closedSet, isFormSure, lengthLimit, patternOf, presenceWords, type Sureness, usageOf } from './judge.ts'
import type { FormName, ScalarTally } from './scalar-tally.ts'
import type { Kind, TreeTally } from './tree-tally.ts'
import { Noted, type Written } from './write-contract.ts'

type Schema = { readonly [keyword: string]: Written }

const formats: { readonly [form in FormName]?: string } = {
  uuid: 'uuid',
  'id-card': 'id-card',
  timestamp: 'timestamp',
  date: 'compact-date',
  datetime: 'compact-datetime',
  mobile: 'mobile',
  'iso-date': 'date',
  'date-time': 'date-time',
  'local-time': 'local-time',
  oid: 'oid',
}

/** A name that hardly any message has may be a value. */
const memberMessagesMin = 3

/** What was seen at a place as JSON Schema: types, which members always stand, codes, forms. Observed numbers are never limits. */
export function schemaOf(tally: TreeTally, sureness: Sureness): Schema {
  const types = typesOf(tally.kinds)
  const text = types.includes('string') ? textRules(tally.scalar, sureness) : {}
  const isNumber = types.includes('number') || types.includes('integer')
  return {
    ...(types.length === 0 ? {} : { type: types.length === 1 ? (types[0] ?? 'null') : types }),
    ...(isNumber && !types.includes('string') && !tally.hasNegative && (tally.scalar?.count ?? 0) >= sureness.sureAfter
      ? { minimum: 0 }
      : {}),
    ...text,
    ...(tally.items === null ? {} : itemRules(tally, tally.items, sureness)),
    ...(types.includes('object') ? memberRules(tally, sureness) : {}),
  }
}

/** Numbers without a fraction are integers, unless others at the same place have one. */
function typesOf(kinds: ReadonlyMap<Kind, number>): readonly string[] {
  const seen = [...kinds.keys()].filter((kind) => !(kind === 'integer' && kinds.has('number')))
  return seen.toSorted()
}

function textRules(scalar: ScalarTally | null, sureness: Sureness): Schema {
  if (scalar === null) return {}
  const closed = closedSet(scalar)
  if (closed !== null) {
    const values: Written = closed.values
    return { enum: closed.rareCount === 0 ? values : new Noted(values, `${closed.rareCount} rare codes left out`) }
  }
  if (!isFormSure(scalar, sureness)) return {}
  const form = scalar.form()
  const format = form === null ? undefined : formats[form]
  if (format !== undefined) return { format }
  if (scalar.count < sureness.sureAfter) return {}
  const pattern = form === 'digits' ? digitsPattern(scalar) : patternOf(scalar.runs())
  if (pattern !== null) return { pattern }
  const limit = lengthLimit(scalar.lengthMax)
  return { ...(scalar.lengthMin > 0 ? { minLength: 1 } : {}), ...(limit === null ? {} : { maxLength: limit }) }
}

function digitsPattern({ lengthMin, lengthMax }: ScalarTally): string {
  return lengthMin === lengthMax ? `^\\d{${lengthMin}}$` : '^\\d+$'
}

function itemRules(tally: TreeTally, items: TreeTally, sureness: Sureness): Schema {
  const isFilled = tally.itemsMin > 0 && (tally.kinds.get('array') ?? 0) >= sureness.sureAfter
  return { ...(isFilled ? { minItems: 1 } : {}), items: schemaOf(items, sureness) }
}

function memberRules(tally: TreeTally, sureness: Sureness): Schema {
  if (tally.isMap) return {}
  const objects = tally.kinds.get('object') ?? 0
  const members = [...tally.members]
    .filter(([name, member]) => member.messages >= memberMessagesMin && isName(name))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
  const required = members.filter(([, member]) => usageOf(member.present, objects, sureness) === 'R').map(([name]) => name)
  const properties = members.map(([name, member]): [string, Written] => [
    name,
    withCount(schemaOf(member.node, sureness), presenceWords(member.present, objects)),
  ])
  return {
    ...(required.length === 0 ? {} : { required }),
    ...(properties.length === 0 ? {} : { properties: Object.fromEntries(properties) }),
  }
}

/** A schema of one line carries its count behind it; one of several lines carries none. */
function withCount(schema: Schema, words: string): Written {
  return schema.properties === undefined && schema.items === undefined ? new Noted(schema, words) : schema
}

/** A member's name, and not a value that stands where names do. */
export function isName(name: string): boolean {
  return name.length <= 64 && /^[\p{L}_$][\p{L}\p{N}_.$:-]*$/u.test(name) && !/\d{4}/.test(name)
}
