import type { Failure } from '../../gateway/model/failure.ts'
import { isRecord } from '../../gateway/model/json.ts'
import type { ViolationSeverity } from '../../gateway/model/violation.ts'
import type { ReadText } from '../language/contract-language.ts'
import { keyNames, type Raw, record, severityOf, text, texts } from '../language/raw.ts'
import { formatOf, inFileOrder, type Reader as LanguageReader, rangeOf, refusal, report } from '../language/reading.ts'
import { type KeyPath, readSource, shapeCheck } from '../language/source.ts'
import type { Evaluation } from './check/fhirpath.ts'
import { type RuleName, ruleNames } from './check/finding.ts'
import languageSchema from './contract.schema.json' with { type: 'json' }
import type { Contract, ElementRule, ElementUsage, InteractionContract, Invariant, ResourceContract } from './contract.ts'
import { isResourceType } from './definitions/definitions.ts'
import { isTypeOfChoice, readElementPath } from './element-path.ts'
import { readExpression } from './expression.ts'
import { interactionProblem } from './interaction-check.ts'
import { readProfile } from './profile/read-profile.ts'

/** What reading a contract gives: the contract, or everything that is wrong with it, in the order of the file. */
export type ContractReading =
  | { readonly contract: Contract; readonly problems: readonly [] }
  | { readonly contract: null; readonly problems: readonly Failure[] }

/**
 * Reads a FHIR contract in YAML. `file` is for messages and for finding its profiles. Never throws for a bad contract: `problems` lists it all, each with
 * its place.
 */
export function readContract(text: string, file: string, readText: ReadText): ContractReading {
  const source = readSource(text, file, checkShape)
  if (source.problems.length > 0 || !isRecord(source.value)) return { contract: null, problems: inFileOrder(source.problems) }
  const reader: Reader = { source, problems: [], readText }
  const contract = contractOf(reader, source.value)
  return reader.problems.length > 0 ? { contract: null, problems: inFileOrder(reader.problems) } : { contract, problems: [] }
}

/** As `readContract`, but throws CONTRACT_INVALID with all problems in its text and the first one's place. */
export function parseContract(text: string, file: string, readText: ReadText): Contract {
  const { contract, problems } = readContract(text, file, readText)
  if (contract !== null) return contract
  throw refusal(problems, file)
}

const checkShape = shapeCheck(languageSchema)

interface Reader extends LanguageReader {
  readonly readText: ReadText
}

function contractOf(reader: Reader, raw: Raw): Contract {
  const options = record(raw.fhir)
  const title = record(raw.title)
  return {
    id: text(raw.contract),
    version: text(raw.version),
    title: { zh: text(title.zh), en: text(title.en) },
    versions: texts(options.versions),
    base: options.base === 'ignore' ? 'ignore' : 'hold',
    severities: severitiesOf(record(raw.severities)),
    interactions: new Map(
      namedEntries(raw.interactions).map(([name, value, key]) => [
        name,
        interactionOf(reader, name, { raw: record(value), path: ['interactions', key] }),
      ]),
    ),
    otherInteractions: options.otherInteractions === 'allow' ? 'allow' : 'report',
    resources: new Map(
      namedEntries(raw.resources).map(([type, value, key]) => [
        type,
        resourceOf(reader, type, { raw: record(value), path: ['resources', key] }),
      ]),
    ),
  }
}

/** Several names share an entry with commas. */
function namedEntries(value: unknown): readonly (readonly [name: string, value: unknown, key: string])[] {
  return Object.entries(record(value)).flatMap(([key, entry]) => keyNames(key).map((name) => [name, entry, key] as const))
}

function interactionOf(reader: Reader, name: string, { raw, path }: At): InteractionContract {
  const problem = interactionProblem(name)
  if (problem !== null) report(reader, path, problem, { atKey: true })
  for (const [i, entry] of texts(raw.entries).entries()) {
    const wrong = interactionProblem(entry)
    if (wrong !== null) report(reader, [...path, 'entries', i], wrong)
  }
  const parameters = Object.entries(record(raw.parameters)).map(([name, value]) => {
    const said = typeof value === 'string' ? { usage: value } : record(value)
    return { names: name.split('|'), usage: usageOf(said.usage) ?? 'O', severity: severityOf(said.severity) }
  })
  const entries = raw.entries === undefined ? null : texts(raw.entries)
  return { parameters, otherParameters: raw.otherParameters === 'report' ? 'report' : 'allow', entries }
}

interface At {
  readonly raw: Raw
  readonly path: KeyPath
}

function resourceOf(reader: Reader, type: string, { raw, path }: At): ResourceContract {
  if (!isResourceType(type)) report(reader, path, `R4 has no resource type ${type}`, { atKey: true })
  const elements = Object.entries(record(raw.elements)).flatMap(([key, value]) => {
    const rule = isResourceType(type) ? elementOf(reader, type, { key, value, path: [...path, 'elements', key] }) : null
    return rule === null ? [] : [rule]
  })
  const rules = Array.isArray(raw.rules) ? raw.rules : []
  const profiles = Array.isArray(raw.profiles) ? raw.profiles : []
  return {
    type,
    side: raw.side === 'request' || raw.side === 'answer' ? raw.side : 'both',
    elements,
    invariants: rules.flatMap((rule, i) => invariantOf(reader, type, { raw: record(rule), path: [...path, 'rules', i] })),
    profiles: profiles.flatMap((said, i) => profileOf(reader, type, { said, path: [...path, 'profiles', i] })),
  }
}

function elementOf(
  reader: Reader,
  type: string,
  { key, value, path }: { readonly key: string; readonly value: unknown; readonly path: KeyPath },
): ElementRule | null {
  const { path: element, problem } = readElementPath(type, key)
  if (element === null) {
    report(reader, path, problem, { atKey: true })
    return null
  }
  const raw = typeof value === 'string' ? { usage: value } : record(value)
  const types = raw.types === undefined ? null : texts(raw.types)
  const last = element.steps.at(-1)
  if (types !== null && (last === undefined || !last.text.endsWith('[x]')))
    report(reader, [...path, 'types'], '"types" is for a choice, as value[x]')
  for (const one of types ?? []) {
    if (last?.text.endsWith('[x]') && !isTypeOfChoice(last, one))
      report(reader, [...path, 'types'], `${key} is never of type ${one}`)
  }
  return {
    path: element,
    usage: usageOf(raw.usage),
    repeats: rangeOf(reader, [...path, 'repeats'], raw.repeats),
    values: raw.values === undefined ? null : new Set(texts(raw.values)),
    system: raw.system === undefined ? null : text(raw.system),
    format: raw.format === undefined ? null : formatOf(reader, [...path, 'format'], text(raw.format)),
    types,
    when: raw.when === undefined ? null : expressionOf(reader, type, { source: text(raw.when), path: [...path, 'when'] }),
    severity: severityOf(raw.severity),
  }
}

function invariantOf(reader: Reader, type: string, { raw, path }: At): readonly Invariant[] {
  const require = expressionOf(reader, type, { source: text(raw.require), path: [...path, 'require'] })
  const when = raw.when === undefined ? null : expressionOf(reader, type, { source: text(raw.when), path: [...path, 'when'] })
  const message = record(raw.message)
  if (raw.at !== undefined) {
    const { problem } = readElementPath(type, text(raw.at))
    if (problem !== null) report(reader, [...path, 'at'], problem)
  }
  if (require === null) return []
  const at = raw.at === undefined ? null : text(raw.at)
  return [
    {
      id: text(raw.id),
      when,
      require,
      at,
      severity: severityOf(raw.severity),
      message: { zh: text(message.zh), en: text(message.en) },
    },
  ]
}

function profileOf(
  reader: Reader,
  type: string,
  { said, path }: { readonly said: unknown; readonly path: KeyPath },
): ResourceContract['profiles'] {
  const raw = typeof said === 'string' ? { file: said } : record(said)
  const beside = reader.source.file.split(/[/\\]/).slice(0, -1)
  const json = reader.readText([...beside, text(raw.file)].join('/'))
  if (json === null) {
    report(reader, path, `there is no file ${text(raw.file)} beside this contract`)
    return []
  }
  const { profile, problem } = readProfile(json)
  if (profile === null) report(reader, path, `the profile can't be held: ${problem}`)
  if (profile !== null && profile.type !== type) report(reader, path, `this profile is one of ${profile.type}`)
  const when = raw.when === undefined ? null : expressionOf(reader, type, { source: text(raw.when), path: [...path, 'when'] })
  return profile === null ? [] : [{ profile, when }]
}

function expressionOf(
  reader: Reader,
  type: string,
  { source, path }: { readonly source: string; readonly path: KeyPath },
): Evaluation | null {
  const { evaluation, problem } = readExpression(type, source)
  if (problem !== null) report(reader, path, problem)
  return evaluation
}

function severitiesOf(raw: Raw): Contract['severities'] {
  const severities: { [rule in RuleName]?: ViolationSeverity } = {}
  for (const rule of ruleNames) {
    const severity = severityOf(raw[rule])
    if (severity !== null) severities[rule] = severity
  }
  return severities
}

function usageOf(value: unknown): ElementUsage | null {
  return value === 'R' || value === 'RE' || value === 'O' || value === 'X' ? value : null
}
