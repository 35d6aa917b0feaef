import { parse } from 'yaml'
import { isRecord, type JsonRecord } from '../../gateway/model/json.ts'
import { keyNames, record } from '../language/raw.ts'

/** One thing that a contract says: of which message, of which element, in which respect. */
export interface Statement {
  /** `OML^O21`, `POST /rx/check request`, `Observation`; empty: of every message. */
  readonly scope: string
  /** `ORC-1`, `patient.sex`; empty: of the message as a whole. */
  readonly element: string
  readonly aspect: Aspect
  /** A list for what has several values, else one text. */
  readonly value: string | readonly string[]
}

export const aspects = [
  'message',
  'side',
  'usage',
  'values',
  'length',
  'repeats',
  'type',
  'format',
  'range',
  'structure',
  'rule',
  'condition',
  'severity',
  'versions',
  'charset',
  'others',
  'setting',
] as const
export type Aspect = (typeof aspects)[number]

/** Everything that a contract says, whatever its language; notes and titles are for people and left out. The text has been read without a problem before. */
export function statementsOf(text: string): readonly Statement[] {
  const typed: unknown = parse(text, { schema: 'core' })
  const format = isRecord(typed) ? String(typed.format) : ''
  const raw: unknown = format === 'json' ? typed : parse(text, { schema: 'failsafe' })
  if (!isRecord(raw)) return []
  const found: Statement[] = []
  const say: Say = (scope, element, aspect, value) => {
    if (value !== undefined && value !== null) found.push({ scope, element, aspect, value: written(value) })
  }
  for (const [rule, weight] of entries(raw.severities)) say('', rule, 'severity', weight)
  sayOptions(say, record(raw[format === 'hl7v2' ? 'hl7' : format]))
  // What holds in every message is said of each, so that it may stand above in one contract and below in another.
  const common = record(raw.fields ?? raw.attributes)
  sayRules(say, '', raw.rules)
  if (raw.success !== undefined) say('', '', 'rule', raw.success)
  for (const [path, kind] of entries(raw.keys)) say('', path, 'setting', kind)
  for (const [key, message] of entries(raw.messages))
    for (const scope of keyNames(key))
      sayMessage(format === 'hl7v2' ? firstComponents(say) : say, scope, record(message), common)
  for (const [key, message] of entries(raw.resources))
    for (const scope of keyNames(key)) sayMessage(say, scope, record(message))
  for (const [key, interaction] of entries(raw.interactions))
    for (const scope of keyNames(key)) sayInteraction(say, scope, interaction)
  if (format === 'json') {
    const definitions = record(raw.definitions)
    for (const side of ['request', 'answer'] as const) saySide(say, side, record(raw[side]), definitions)
    if (raw.openapi !== undefined) say('', '', 'setting', raw.openapi)
    for (const [name, operation] of entries(raw.operations)) sayOperation(say, name, record(operation), definitions)
  } else {
    for (const [key, message] of entries(raw.operations))
      for (const scope of keyNames(key)) sayMessage(say, scope, record(message))
  }
  return found
}

type Say = (scope: string, element: string, aspect: Aspect, value: unknown) => void

/** `PID-3.1` and `PID-3` mean the same where codes, forms and presence are said. */
function firstComponents(say: Say): Say {
  return (scope, element, aspect, value) => {
    const isShared = aspect === 'usage' || aspect === 'values' || aspect === 'format'
    say(scope, isShared ? element.replace(/^(\w{3}-\d+)\.1$/, '$1') : element, aspect, value)
  }
}

function sayOptions(say: Say, options: JsonRecord): void {
  for (const [name, value] of Object.entries(options)) {
    if (name === 'versions') say('', '', 'versions', value)
    else if (name === 'charset') say('', '', 'charset', value)
    else if (name.startsWith('other') || name === 'zSegments') say('', name, 'others', value)
    else say('', name, 'setting', value)
  }
}

function sayMessage(say: Say, scope: string, message: JsonRecord, common: JsonRecord = {}): void {
  say(scope, '', 'message', 'agreed')
  say(scope, '', 'side', message.side ?? 'both')
  say(scope, '', 'structure', message.structure)
  say(scope, '', 'setting', message.extends)
  say(scope, '', 'setting', message.closed)
  say(scope, '', 'setting', message.profiles)
  say(scope, 'SOAPAction', 'values', message.soapAction)
  sayElements(say, scope, { ...common, ...record(message.fields ?? message.attributes ?? message.elements) })
  sayRules(say, scope, message.rules)
}

const elementAspects: { readonly [key: string]: Aspect } = {
  usage: 'usage',
  values: 'values',
  length: 'length',
  repeats: 'repeats',
  vm: 'repeats',
  type: 'type',
  types: 'type',
  vr: 'type',
  table: 'type',
  system: 'type',
  format: 'format',
  when: 'condition',
  otherwise: 'condition',
  severity: 'severity',
}

/** DICOM's types are usages (PS3.5 7.4). */
const attributeUsages: { readonly [type: string]: string } = { '1': 'R', '2': 'RE', '3': 'O', '1C': 'C', '2C': 'RE', X: 'X' }

function sayElements(say: Say, scope: string, elements: JsonRecord): void {
  for (const [element, value] of Object.entries(elements)) {
    const rule = typeof value === 'string' ? { usage: value } : record(value)
    for (const [key, said] of Object.entries(rule)) {
      const usage = typeof said === 'string' && (key === 'usage' || key === 'type') ? attributeUsages[said] : undefined
      if (usage !== undefined) say(scope, element, 'usage', usage)
      else if (elementAspects[key] !== undefined) say(scope, element, elementAspects[key], said)
    }
  }
}

function sayRules(say: Say, scope: string, rules: unknown): void {
  for (const rule of Array.isArray(rules) ? rules : []) {
    const { id, message: _, severity, ...rest } = record(rule)
    say(scope, String(id), 'rule', rest)
    say(scope, String(id), 'severity', severity)
  }
}

function sayInteraction(say: Say, scope: string, value: unknown): void {
  say(scope, '', 'message', 'agreed')
  const { parameters, note: _, ...rest } = record(value)
  for (const [name, usage] of entries(parameters)) say(scope, name, 'usage', isRecord(usage) ? usage.usage : usage)
  for (const [name, said] of Object.entries(rest)) say(scope, name, 'setting', said)
}

function sayOperation(say: Say, name: string, operation: JsonRecord, definitions: JsonRecord): void {
  const scope = typeof operation.route === 'string' ? operation.route : String(operation.record ?? operation.file ?? name)
  const where = record(operation.where)
  const own = where.in === undefined ? scope : `${scope} ${String(where.path)}=${String(where.in)}`
  say(own, '', 'message', 'agreed')
  for (const side of ['request', 'answer'] as const) saySide(say, `${own} ${side}`, record(operation[side]), definitions)
}

function saySide(say: Say, scope: string, side: JsonRecord, definitions: JsonRecord): void {
  for (const [name, usage] of entries(side.headers)) say(scope, `@${name}`, 'usage', usage === 'O' ? 'O' : 'R')
  for (const [name, usage] of entries(side.query)) say(scope, `?${name}`, 'usage', usage === 'O' ? 'O' : 'R')
  if (side.success !== undefined) say(scope, '', 'rule', side.success)
  for (const [key, place] of [
    ['schema', ''],
    ['error', 'error'],
    ['rows', 'rows[]'],
  ] as const)
    if (side[key] !== undefined) saySchema({ say, scope, definitions }, place, side[key], 0)
}

interface InSchema {
  readonly say: Say
  readonly scope: string
  readonly definitions: JsonRecord
}

const depthMax = 16
const rangeWords = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'] as const
const known: ReadonlySet<string> = new Set([
  ...[
    '$ref',
    'type',
    'enum',
    'const',
    'format',
    'pattern',
    'minLength',
    'maxLength',
    'minItems',
    'maxItems',
    'items',
    'required',
  ],
  ...['properties', 'title', 'description', '$comment', 'examples', 'x-severity', ...rangeWords],
])

function saySchema(inside: InSchema, element: string, value: unknown, depth: number): void {
  const { say, scope, definitions } = inside
  if (typeof value === 'string') say(scope, element, 'setting', value)
  if (!isRecord(value) || depth > depthMax) return
  const named = typeof value.$ref === 'string' ? definitions[value.$ref.split('/').at(-1) ?? ''] : undefined
  if (named !== undefined) saySchema(inside, element, named, depth + 1)
  say(scope, element, 'type', value.type)
  say(scope, element, 'values', value.const === undefined ? value.enum : [value.const])
  say(scope, element, 'format', value.format ?? value.pattern)
  if (value.minLength !== undefined || value.maxLength !== undefined)
    say(scope, element, 'length', `${value.minLength ?? ''}..${value.maxLength ?? '*'}`)
  if (value.minItems !== undefined || value.maxItems !== undefined)
    say(scope, element, 'repeats', `${value.minItems ?? ''}..${value.maxItems ?? '*'}`)
  const range = rangeWords.filter((word) => value[word] !== undefined).map((word) => `${word} ${String(value[word])}`)
  if (range.length > 0) say(scope, element, 'range', range.join(', '))
  say(scope, element, 'severity', value['x-severity'])
  const rest = Object.entries(value).filter(([word]) => !known.has(word))
  if (rest.length > 0) say(scope, element, 'rule', Object.fromEntries(rest))
  const below = (name: string) => (element === '' ? name : `${element}.${name}`)
  for (const name of Array.isArray(value.required) ? value.required : []) say(scope, below(String(name)), 'usage', 'R')
  for (const [name, inner] of entries(value.properties)) saySchema(inside, below(name), inner, depth + 1)
  if (value.items !== undefined) saySchema(inside, `${element}[]`, value.items, depth + 1)
}

function entries(value: unknown): readonly (readonly [string, unknown])[] {
  return Object.entries(record(value))
}

/** Lists of scalars keep their parts; anything else is one text. */
function written(value: unknown): string | readonly string[] {
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) return value.map(String)
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
