import { uidNamed } from '../../gateway/model/dicom/uids.ts'
import { isRecord } from '../../gateway/model/json.ts'
import type { ViolationSeverity } from '../../gateway/model/violation.ts'
import { conditionPaths, readCondition } from '../language/condition.ts'
import { type Raw, record, severityOf, text, texts } from '../language/raw.ts'
import { formatOf, type Reader, rangeOf, refusal, report } from '../language/reading.ts'
import { type KeyPath, readSource, shapeCheck } from '../language/source.ts'
import { type AttributePath, readAttributePath } from './attribute-path.ts'
import languageSchema from './contract.schema.json' with { type: 'json' }
import {
  type Assertion,
  type AttributeRule,
  type AttributeType,
  type Condition,
  type Contract,
  defaultSeverities,
  type MessageContract,
  type RuleName,
  type RuleSet,
  ruleNames,
  type Severities,
} from './contract.ts'

/** A contract as read, and whether the standard holds beneath it. */
export interface ContractReading {
  readonly contract: Contract
  readonly standard: 'beneath' | 'none'
}

/** Reads a contract in YAML. `file` is for messages only. Throws CONTRACT_INVALID with all problems in its text and the first one's place. */
export function parseContract(source: string, file: string): ContractReading {
  const read = readSource(source, file, checkShape)
  if (read.problems.length > 0 || !isRecord(read.value)) throw refusal(read.problems, file)
  const reader: Reader = { source: read, problems: [] }
  const contract = contractOf(reader, read.value)
  if (reader.problems.length > 0) throw refusal(reader.problems, file)
  return { contract, standard: record(read.value.dicom).standard === 'none' ? 'none' : 'beneath' }
}

const checkShape = shapeCheck(languageSchema)
const ranges = '1..*, 0..5, ..16 or 1'

const commandForm =
  /^(?:(?:C-(?:STORE|FIND|MOVE|GET|ECHO|CANCEL)|N-(?:CREATE|SET|GET|DELETE|ACTION|EVENT-REPORT)|STOW|QIDO|WADO|UPS|DELETE)-(?:RQ|RSP)|FILE)$/

function contractOf(reader: Reader, raw: Raw): Contract {
  const dicom = record(raw.dicom)
  const title = record(raw.title)
  return {
    id: text(raw.contract),
    version: text(raw.version),
    title: { zh: text(title.zh), en: text(title.en) },
    charsets: texts(dicom.charset),
    transferSyntaxes: texts(dicom.transferSyntaxes).map((name, i) => uidOf(reader, ['dicom', 'transferSyntaxes', i], name)),
    severities: severitiesOf(record(raw.severities)),
    otherMessages: dicom.otherMessages === 'allow' ? 'allow' : 'report',
    ...rulesOf(reader, raw, []),
    messages: Object.entries(record(raw.messages)).flatMap(([key, value]) => messagesOf(reader, key, record(value))),
  }
}

/** One entry for each command and SOP class of its key. */
function messagesOf(reader: Reader, key: string, raw: Raw): readonly MessageContract[] {
  const path = ['messages', key]
  const rules = rulesOf(reader, raw, path)
  return key.split(/\s*,\s*(?=[A-Z]+-|FILE)/).map((one) => {
    const [command = '', ...words] = one.trim().split(' ')
    if (!commandForm.test(command))
      report(reader, path, `"${command}" is no command as C-STORE-RQ, N-CREATE-RQ, STOW-RQ`, { atKey: true })
    const name = words.join(' ').trim()
    return { command, sopClass: name === '' ? null : uidOf(reader, path, name, { atKey: true }), ...rules }
  })
}

function uidOf(reader: Reader, path: KeyPath, name: string, options?: { readonly atKey: boolean }): string {
  const uid = uidNamed(name)
  if (uid === null) report(reader, path, `"${name}" is no UID, and no name of PS3.6 that is known here`, options)
  return uid ?? ''
}

function rulesOf(reader: Reader, raw: Raw, path: KeyPath): RuleSet {
  const attributes = Object.entries(record(raw.attributes)).flatMap(([key, value]): readonly AttributeRule[] => {
    const place = [...path, 'attributes', key]
    const read = readAttributePath(key)
    if (read === null) report(reader, place, 'the dictionary of PS3.6 has no such attribute', { atKey: true })
    return read === null ? [] : [attributeRuleOf(reader, place, read, value)]
  })
  const rules = Array.isArray(raw.rules) ? raw.rules : []
  return { attributes, assertions: rules.map((rule, i) => assertionOf(reader, record(rule), [...path, 'rules', i])) }
}

function attributeRuleOf(reader: Reader, path: KeyPath, attribute: AttributePath, value: unknown): AttributeRule {
  if (typeof value === 'string') return { ...openRule, path: attribute, type: typeOf(reader, path, value, false) }
  const raw = record(value)
  const when = raw.when === undefined ? null : conditionOf(reader, [...path, 'when'], text(raw.when))
  return {
    path: attribute,
    type: raw.type === undefined ? null : typeOf(reader, [...path, 'type'], raw.type, raw.when !== undefined),
    when,
    otherwise: raw.otherwise === 'X' ? 'X' : '3',
    vr: raw.vr === undefined ? null : text(raw.vr),
    vm: rangeOf(reader, [...path, 'vm'], raw.vm, ranges),
    values: raw.values === undefined ? null : texts(raw.values),
    format: raw.format === undefined ? null : formatOf(reader, [...path, 'format'], text(raw.format)),
    length: rangeOf(reader, [...path, 'length'], raw.length, ranges),
    severity: severityOf(raw.severity),
  }
}

const openRule: Omit<AttributeRule, 'path'> = {
  type: null,
  when: null,
  otherwise: '3',
  vr: null,
  vm: null,
  values: null,
  format: null,
  length: null,
  severity: null,
}

function typeOf(reader: Reader, path: KeyPath, value: unknown, hasWhen: boolean): AttributeType | null {
  const type =
    value === '1' || value === '1C' || value === '2' || value === '2C' || value === '3' || value === 'X' ? value : null
  if (type?.endsWith('C') === true && !hasWhen) report(reader, path, `type ${type} needs "when"`)
  if (type !== null && !type.endsWith('C') && hasWhen) report(reader, path, '"when" needs type 1C or 2C')
  return type
}

function assertionOf(reader: Reader, raw: Raw, path: KeyPath): Assertion {
  const message = record(raw.message)
  const at = raw.at === undefined ? null : readAttributePath(text(raw.at))
  if (raw.at !== undefined && at === null) report(reader, [...path, 'at'], 'the dictionary of PS3.6 has no such attribute')
  return {
    id: text(raw.id),
    when: raw.when === undefined ? null : conditionOf(reader, [...path, 'when'], text(raw.when)),
    require: conditionOf(reader, [...path, 'require'], text(raw.require)) ?? { kind: 'and', of: [] },
    at,
    severity: severityOf(raw.severity),
    message: { zh: text(message.zh), en: text(message.en) },
  }
}

function conditionOf(reader: Reader, path: KeyPath, source: string): Condition | null {
  const { condition, problem } = readCondition(source, { read: readAttributePath, example: 'an attribute as Modality' })
  if (problem !== null) {
    report(reader, path, `the condition can't be read: ${problem.text}`, { offset: problem.offset })
    return null
  }
  if (conditionPaths(condition).length > 20) report(reader, path, 'the condition asks for more than 20 attributes')
  return condition
}

function severitiesOf(raw: Raw): Severities {
  const severities: { [rule in RuleName]: ViolationSeverity } = { ...defaultSeverities }
  for (const rule of ruleNames) severities[rule] = severityOf(raw[rule]) ?? severities[rule]
  return severities
}
