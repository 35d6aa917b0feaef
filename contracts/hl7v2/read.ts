import type { Failure } from '../../gateway/model/failure.ts'
import { tableCodes } from '../../gateway/model/hl7v2/codes.ts'
import { isRecord } from '../../gateway/model/json.ts'
import type { ViolationSeverity } from '../../gateway/model/violation.ts'
import { conditionPaths } from '../language/condition.ts'
import { keyNames, type Raw, record, severityOf, text, texts } from '../language/raw.ts'
import { formatOf, inFileOrder, type Reader as LanguageReader, rangeOf, refusal, report } from '../language/reading.ts'
import { type KeyPath, readSource, shapeCheck } from '../language/source.ts'
import { isDataType } from './check/value-type.ts'
import languageSchema from './contract.schema.json' with { type: 'json' }
import {
  type Assertion,
  type Contract,
  type ContractUsage,
  type ElementRule,
  type FieldRule,
  type MessageContract,
  type RuleName,
  type RuleSet,
  ruleNames,
} from './contract.ts'
import { type Condition, readCondition } from './language/condition.ts'
import { readPath } from './language/path.ts'
import { readStructure } from './language/structure-source.ts'
import { createAutomaton } from './structure/automaton.ts'
import { type Grammar, segmentNames } from './structure/grammar.ts'
import { isStructureId, standardStructure, structureIdOf } from './structure-of.ts'

/** What reading a contract gives: the contract, or everything that is wrong with it, in the order of the file. */
export type ContractReading =
  | { readonly contract: Contract; readonly problems: readonly [] }
  | { readonly contract: null; readonly problems: readonly Failure[] }

/** Reads a contract in YAML. `file` is for messages only. Never throws for a bad contract: `problems` lists it all, each with its place. */
export function readContract(text: string, file: string): ContractReading {
  const source = readSource(text, file, checkShape)
  if (source.problems.length > 0 || !isRecord(source.value)) return { contract: null, problems: inFileOrder(source.problems) }
  const reader: Reader = { source, problems: [], versions: texts(record(source.value.hl7).versions) }
  const contract = contractOf(reader, source.value)
  if (reader.problems.length > 0) return { contract: null, problems: inFileOrder(reader.problems) }
  return { contract, problems: [] }
}

/** As `readContract`, but throws CONTRACT_INVALID with all problems in its text and the first one's place. */
export function parseContract(text: string, file: string): Contract {
  const { contract, problems } = readContract(text, file)
  if (contract !== null) return contract
  throw refusal(problems, file)
}

const checkShape = shapeCheck(languageSchema)

interface Reader extends LanguageReader {
  readonly versions: readonly string[]
}

function contractOf(reader: Reader, raw: Raw): Contract {
  const hl7 = record(raw.hl7)
  const title = record(raw.title)
  return {
    id: text(raw.contract),
    version: text(raw.version),
    title: { zh: text(title.zh), en: text(title.en) },
    versions: reader.versions,
    charsets: texts(hl7.charset),
    severities: severitiesOf(record(raw.severities)),
    zSegments: hl7.zSegments === 'allow' ? 'allow' : 'report',
    otherMessages: hl7.otherMessages === 'allow' ? 'allow' : 'report',
    ...rulesOf(reader, raw, [], null),
    messages: Object.entries(record(raw.messages)).flatMap(([key, value]) => messagesOf(reader, key, record(value))),
  }
}

/** One entry of `messages` for each type of its key. */
function messagesOf(reader: Reader, key: string, raw: Raw): readonly MessageContract[] {
  const path = ['messages', key]
  const own = raw.structure === undefined ? null : readStructure(raw.structure, [...path, 'structure'], reader)
  if (own !== null && !fitsAutomaton(own))
    report(reader, [...path, 'structure'], 'the structure is too large: its repetitions are written out')
  const types = keyNames(key)
  const bases = types.map((type) => baseOf(reader, path, type, raw, own))
  const names = new Set<string>(own === null ? [] : segmentNames(own))
  if (own === null) {
    for (const base of bases) {
      const grammar = base === null ? null : standardStructure(reader.versions.at(-1) ?? null, base)
      for (const name of grammar === null ? ['*'] : segmentNames(grammar)) names.add(name)
    }
  }
  const rules = rulesOf(reader, raw, path, names)
  const side = raw.side === 'request' || raw.side === 'answer' ? raw.side : 'both'
  return types.map((type, i) => ({ type, side, standard: bases[i] ?? null, structure: own, ...rules }))
}

function fitsAutomaton(grammar: Grammar): boolean {
  try {
    createAutomaton(grammar)
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

function baseOf(reader: Reader, path: KeyPath, type: string, raw: Raw, own: Grammar | null): string | null {
  const named = raw.extends === undefined ? null : text(raw.extends)
  if (named === 'none') return null
  if (named !== null) {
    if (isStructureId(named)) return named
    report(reader, [...path, 'extends'], `the tables have no structure ${named}`)
    return null
  }
  const base = structureIdOf(type)
  if (base === null && own === null) {
    report(reader, path, `the tables have no structure for ${type}: give "structure", or "extends"`, { atKey: true })
  }
  return base
}

function rulesOf(reader: Reader, raw: Raw, path: KeyPath, names: ReadonlySet<string> | null): RuleSet {
  const segments: RuleSet['segments'][number][] = []
  const elements: ElementRule[] = []
  for (const [key, value] of Object.entries(record(raw.fields))) {
    const place = [...path, 'fields', key]
    const element = readPath(key)
    if (element === null) continue
    if (names !== null && !names.has(element.segment) && !names.has('*')) {
      report(reader, place, `segment ${element.segment} is not part of this structure`, { atKey: true })
    }
    const rule = fieldRuleOf(reader, place, value)
    if (element.field > 0) elements.push({ path: element, rule })
    else
      segments.push({ segment: element.segment, rule: { usage: rule.usage, repeats: rule.repeats, severity: rule.severity } })
  }
  const rules = Array.isArray(raw.rules) ? raw.rules : []
  const assertions = rules.map((rule, i) => assertionOf(reader, record(rule), [...path, 'rules', i]))
  return { segments, elements, assertions }
}

function fieldRuleOf(reader: Reader, path: KeyPath, value: unknown): FieldRule {
  if (typeof value === 'string') return { ...openRule, usage: usageOf(value) }
  const raw = record(value)
  const when = raw.when === undefined ? null : conditionOf(reader, [...path, 'when'], text(raw.when))
  if (raw.usage === 'C' && raw.when === undefined) report(reader, [...path, 'usage'], 'usage C needs "when"')
  if (raw.when !== undefined && raw.usage === undefined)
    report(reader, [...path, 'when'], '"when" needs a usage that it holds for', { atKey: true })
  return {
    usage: usageOf(raw.usage),
    type: raw.type === undefined ? null : typeOf(reader, [...path, 'type'], text(raw.type)),
    repeats: rangeOf(reader, [...path, 'repeats'], raw.repeats),
    length: rangeOf(reader, [...path, 'length'], raw.length),
    table: raw.table === undefined ? null : tableOf(reader, [...path, 'table'], text(raw.table), raw.values !== undefined),
    values: raw.values === undefined ? null : texts(raw.values),
    format: raw.format === undefined ? null : formatOf(reader, [...path, 'format'], text(raw.format)),
    when,
    otherwise: raw.otherwise === 'X' ? 'X' : 'O',
    severity: severityOf(raw.severity),
  }
}

const openRule: FieldRule = {
  usage: null,
  type: null,
  repeats: null,
  length: null,
  table: null,
  values: null,
  format: null,
  when: null,
  otherwise: 'O',
  severity: null,
}

function assertionOf(reader: Reader, raw: Raw, path: KeyPath): Assertion {
  const segment = raw.for === undefined ? null : text(raw.for)
  const message = record(raw.message)
  return {
    id: text(raw.id),
    segment,
    when: raw.when === undefined ? null : conditionOf(reader, [...path, 'when'], text(raw.when)),
    require: conditionOf(reader, [...path, 'require'], text(raw.require)) ?? { kind: 'and', of: [] },
    at: raw.at === undefined ? null : text(raw.at),
    severity: severityOf(raw.severity),
    message: { zh: text(message.zh), en: text(message.en) },
  }
}

function conditionOf(reader: Reader, path: KeyPath, source: string): Condition | null {
  const { condition, problem } = readCondition(source)
  if (problem !== null) {
    report(reader, path, `the condition can't be read: ${problem.text}`, { offset: problem.offset })
    return null
  }
  if (conditionPaths(condition).length > 20) report(reader, path, 'the condition asks for more than 20 fields')
  return condition
}

function typeOf(reader: Reader, path: KeyPath, type: string): string {
  if (!type.includes('-') && !isDataType(reader.versions, type))
    report(reader, path, `HL7 has no data type ${type} in the agreed versions`)
  return type
}

function tableOf(reader: Reader, path: KeyPath, source: string, hasValues: boolean): string {
  const table = source.replace(/^HL7/u, '').padStart(4, '0')
  if (!hasValues && tableCodes(table) === null) report(reader, path, `the codes of table ${table} are not known: give "values"`)
  return table
}

function severitiesOf(raw: Raw): Contract['severities'] {
  const severities: { [rule in RuleName]?: ViolationSeverity } = {}
  for (const [rule, value] of Object.entries(raw)) {
    const severity = severityOf(value)
    if (severity !== null && isRuleName(rule)) severities[rule] = severity
  }
  return severities
}

function isRuleName(name: string): name is RuleName {
  return ruleNames.some((rule) => rule === name)
}

function usageOf(value: unknown): ContractUsage | null {
  return value === 'R' || value === 'RE' || value === 'O' || value === 'C' || value === 'X' ? value : null
}
