import { dataTypeSpec, type FieldSpec, segmentSpec } from '../../../gateway/model/hl7v2/spec.ts'
import { standardFields } from '../../hl7v2/standard-rules.ts'
import { closedSet, isFormSure, lengthLimit, patternOf, presenceWords, rareWords, type Sureness, usageOf } from '../judge.ts'
import type { ScalarTally } from '../scalar-tally.ts'
import type { Beside, Member, TreeTally } from '../tree-tally.ts'
import { Noted, type Written } from '../write-contract.ts'
import type { TypeTally } from './type-tally.ts'

type Rule = { readonly [key: string]: Written }

/** So much of the messages may break the standard before the contract takes it back. */
const tolerated = 0.01

/** What a contract says of one message type, element by element, with what was seen of each. */
export function fieldsOf(
  tally: TypeTally,
  names: ReadonlySet<string> | null,
  sureness: Sureness,
): { readonly [element: string]: Written } {
  const elements: (readonly [string, Written])[] = []
  for (const [segment, member] of inOrder(tally)) {
    if (names !== null && !names.has(segment)) continue
    const node = member.node.items
    if (node === null) continue
    if (segment !== 'MSH') {
      const usage = usageOf(member.present, tally.count, sureness, true)
      if (usage === 'R') elements.push([segment, new Noted('R', presenceWords(member.present, tally.count))])
    }
    for (const [field, inner] of byNumber(node.members)) {
      elements.push(...elementOf({ tally, segment, node, sureness }, field, inner))
    }
    elements.push(...neverFilled({ tally, segment, node, sureness }))
  }
  return Object.fromEntries(elements)
}

interface Around {
  readonly tally: TypeTally
  readonly segment: string
  /** Of the segment: its members are the fields. */
  readonly node: TreeTally
  readonly sureness: Sureness
}

/** Segments in the order of their first place in the most frequent sequence, then the others. */
function inOrder({ tree, sequences }: TypeTally): readonly (readonly [string, Member])[] {
  const [usual] = [...sequences].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
  const order = [...new Set((usual?.[0] ?? '').split(' '))]
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length)
  return [...tree.members].toSorted(([a], [b]) => place(a) - place(b) || (a < b ? -1 : 1))
}

/** What the entry's key and the keys of `hl7` say already, and numbers that only count. */
function isSaidElsewhere(segment: string, field: number, spec: FieldSpec | null): boolean {
  return (segment === 'MSH' && (field === 9 || field === 12 || field === 18)) || spec?.dataType === 'SI'
}

function elementOf(around: Around, field: number, member: Member): readonly (readonly [string, Written])[] {
  const { tally, segment, node, sureness } = around
  const element = `${segment}-${field}`
  const spec = segmentSpec(tally.version, segment)?.fields[field - 1] ?? null
  const repetition = member.node.items
  if (repetition === null || isSaidElsewhere(segment, field, spec)) return []
  const isRequired = spec?.usage === 'R'
  const usage = usageOf(member.present, node.count, sureness, isRequired)
  // A rule of values and forms that is said of a field holds for its first component.
  const code = repetition.members.get('1')?.node.scalar ?? repetition.scalar
  const codeType = repetition.scalar === null ? firstType(tally, spec) : (spec?.dataType ?? '')
  const rule: Rule = {
    ...usageRule(around, field, { usage, isRequired, isMissing: member.present < node.count }),
    ...easedType(around, element, spec),
    ...repeatsOf(around, element),
    ...(code === null ? {} : ruleOfValue(code, codeType, sureness)),
  }
  const keys = Object.keys(rule)
  const words = wordsOf(member.present, node.count, code)
  const value = keys.length === 1 && rule.usage !== undefined && rule.when === undefined ? rule.usage : rule
  const parts = componentsOf(around, element, spec, repetition, usage !== 'O')
  return keys.length === 0 ? parts : [[element, new Noted(value, words)], ...parts]
}

function firstType({ version }: TypeTally, spec: FieldSpec | null): string {
  const type = spec?.dataType ?? ''
  return type === 'TS' ? type : (dataTypeSpec(version, type)?.components[0]?.dataType ?? type)
}

function usageRule(
  around: Around,
  field: number,
  {
    usage,
    isRequired,
    isMissing,
  }: { readonly usage: 'R' | 'RE' | 'O'; readonly isRequired: boolean; readonly isMissing: boolean },
): Rule {
  const condition = usage === 'R' ? null : conditionOf(around, field)
  if (condition !== null) return { usage: 'C', when: condition }
  // Required by the standard, and left out now and then: the contract takes it back.
  if (isRequired && isMissing) return { usage: 'O' }
  return usage === 'O' ? {} : { usage }
}

function wordsOf(present: number, seen: number, code: ScalarTally | null): string {
  return `${presenceWords(present, seen)}${rareWords(code === null ? null : closedSet(code))}`
}

/** Where the traffic is of another type than the standard says, any text will do; its codes are then its own too. */
function easedType({ tally }: Around, element: string, spec: FieldSpec | null): Rule {
  const breaks = (rule: string) => {
    const messages = [...tally.breaches].filter(([key]) => {
      const [place = '', name] = key.split(' ')
      return name === rule && (place === element || place.startsWith(`${element}.`))
    })
    return Math.max(0, ...messages.map(([, count]) => count)) > tolerated * tally.count
  }
  const isOpenTable = breaks('table')
  return spec !== null && (breaks('type') || isOpenTable) ? { type: 'ST' } : {}
}

/** How often it stands is the standard's to say, unless the traffic disagrees. */
function repeatsOf({ tally }: Around, element: string): Rule {
  const isBroken = (tally.breaches.get(`${element} cardinality`) ?? 0) > tolerated * tally.count
  return isBroken ? { repeats: '1..*' } : {}
}

function ruleOfValue(scalar: ScalarTally, dataType: string, sureness: Sureness): Rule {
  const closed = closedSet(scalar)
  if (closed !== null) return { values: closed.values }
  if (!isFormSure(scalar, sureness)) return {}
  const format = formatOf(scalar, dataType, sureness)
  const limit = scalar.isCoded || format !== null ? lengthLimit(scalar.lengthMax) : null
  if (format !== null) return { format }
  return limit === null || scalar.count < sureness.sureAfter ? {} : { length: `..${limit}` }
}

const stampTypes: ReadonlySet<string> = new Set(['TS', 'DTM', 'DT'])
const textTypes: ReadonlySet<string> = new Set(['FT', 'TX', 'NM', 'SI', 'varies', 'TM'])

/** The form that all values have, as the contract language names it; what the data type says already isn't said again. */
function formatOf(scalar: ScalarTally, dataType: string, sureness: Sureness): string | null {
  if (textTypes.has(dataType)) return null
  const form = scalar.form()
  if (form === 'timestamp' || form === 'date' || form === 'datetime')
    return stampTypes.has(dataType) || form === 'timestamp' ? form : null
  if (stampTypes.has(dataType)) return null
  if (form === 'uuid' || form === 'id-card' || form === 'mobile' || form === 'oid') return form
  if (scalar.count < sureness.sureAfter) return null
  if (form === 'digits') {
    const { lengthMin, lengthMax } = scalar
    return lengthMin === lengthMax ? `digits(${lengthMin})` : null
  }
  const pattern = patternOf(scalar.runs())
  return pattern === null ? null : `/${pattern}/`
}

/** Components behind the first: codes, and what has a form of its own. */
function componentsOf(
  { tally, sureness }: Around,
  element: string,
  spec: FieldSpec | null,
  repetition: TreeTally,
  isUsual: boolean,
): readonly (readonly [string, Written])[] {
  const types = dataTypeSpec(tally.version, spec?.dataType ?? '')?.components ?? []
  return byNumber(repetition.members).flatMap(([component, member]): readonly (readonly [string, Written])[] => {
    if (component === 1) return []
    const scalar = member.node.scalar
    const rule = scalar === null ? {} : ruleOfValue(scalar, types[component - 1]?.dataType ?? '', sureness)
    const isNeeded = isUsual && scalar?.isCoded === true && usageOf(member.present, repetition.count, sureness) === 'R'
    const all: Rule = { ...(isNeeded ? { usage: 'R' } : {}), ...rule }
    if (Object.keys(all).length === 0) return []
    const value = Object.keys(all).length === 1 && isNeeded ? 'R' : all
    return [[`${element}.${component}`, new Noted(value, wordsOf(member.present, repetition.count, scalar))]]
  })
}

/** What the standard requires and hardly anybody fills is taken back, so that the contract says what is agreed. */
function neverFilled({ tally, segment, node }: Around): readonly (readonly [string, Written])[] {
  return standardFields(tally.version, segment)
    .filter((field) => field.isRequired && !node.members.has(String(field.number)))
    .map((field) => [`${segment}-${field.number}`, new Noted('O', `0/${node.count}: required by the standard, never filled`)])
}

const besideMin = 30

/**
 * A field that is always there beside some values of a coded neighbour and never beside the others: `OBX-2 = 'NM'`. Null: no neighbour
 * tells it.
 */
function conditionOf({ segment, node }: Around, field: number): string | null {
  for (const [trigger, values] of [...node.triggers].toSorted((a, b) => Number(a[0]) - Number(b[0]))) {
    if (values === null || values.size < 2 || trigger === String(field)) continue
    const split = splitBy(values, String(field))
    if (split === null) continue
    const codes = node.members.get(trigger)?.node.items?.scalar ?? null
    const told = codes === null ? null : closedSet(codes)
    if (told === null || !split.every((value) => told.values.includes(value) && /^[^']*$/.test(value))) continue
    const names = split.map((value) => `'${value}'`)
    return names.length === 1 ? `${segment}-${trigger} = ${names[0]}` : `${segment}-${trigger} in (${names.join(', ')})`
  }
  return null
}

function splitBy(values: ReadonlyMap<string, Beside>, field: string): readonly string[] | null {
  const always: string[] = []
  for (const [value, beside] of values) {
    const present = beside.present.get(field) ?? 0
    if (present === 0) continue
    if (present < beside.count || beside.count < besideMin) return null
    always.push(value)
  }
  return always.length === 0 || always.length === values.size ? null : always.toSorted()
}

function byNumber(members: ReadonlyMap<string, Member>): readonly (readonly [number, Member])[] {
  return [...members].map(([name, member]) => [Number(name), member] as const).toSorted((a, b) => a[0] - b[0])
}
