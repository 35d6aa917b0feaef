import { keyKindOf } from '../../gateway/model/document.ts'
import { isRecord } from '../../gateway/model/json.ts'
import { bodySeverities } from '../language/body-rules.ts'
import type { ContractText } from '../language/contract-language.ts'
import { keyNames, type Raw, record, severityOf, text, valueTexts } from '../language/raw.ts'
import { formatOf, type Reader, rangeOf, refusal, report } from '../language/reading.ts'
import { schemaCheck } from '../language/schema-check.ts'
import { type KeyPath, readSource, shapeCheck } from '../language/source.ts'
import languageSchema from './contract.schema.json' with { type: 'json' }
import type { ElementRule, ElementUsage, SoapContract, SoapOperation } from './contract.ts'
import { elementSchema } from './element-schema.ts'

/** Reads a contract in YAML. Throws CONTRACT_INVALID with all problems in its text and the first one's place. */
export function readSoapContract(contract: ContractText): SoapContract {
  const source = readSource(contract.text, contract.path, checkShape)
  if (source.problems.length > 0 || !isRecord(source.value)) throw refusal(source.problems, contract.path)
  const reader: Reader = { source, problems: [] }
  const read = contractOf(reader, source.value)
  if (reader.problems.length > 0) throw refusal(reader.problems, contract.path)
  return read
}

const checkShape = shapeCheck(languageSchema)

function contractOf(reader: Reader, raw: Raw): SoapContract {
  const soap = record(raw.soap)
  const title = record(raw.title)
  return {
    id: text(raw.contract),
    version: text(raw.version),
    title: { zh: text(title.zh), en: text(title.en) },
    versions: valueTexts(soap.versions),
    charsets: valueTexts(soap.charset),
    otherOperations: soap.otherOperations === 'allow' ? 'allow' : 'report',
    severities: bodySeverities(raw.severities),
    keys: keysOf(reader, record(raw.keys)),
    success: isRecord(raw.success)
      ? {
          path: text(raw.success.path),
          values: valueTexts(raw.success.in),
          messagePath: raw.success.message === undefined ? null : text(raw.success.message),
        }
      : null,
    operations: Object.entries(record(raw.operations)).flatMap(([key, value]) => operationsOf(reader, key, record(value))),
  }
}

/** One for each name of the key. */
function operationsOf(reader: Reader, key: string, raw: Raw): readonly SoapOperation[] {
  const path = ['operations', key, 'elements']
  const rules = Object.entries(record(raw.elements)).map(([name, value]) => ruleOf(reader, [...path, name], name, value))
  const names = new Set(rules.flatMap((rule) => rule.path))
  const schema = elementSchema(rules, raw.closed === 'report')
  const check = rules.length === 0 ? null : schemaCheck(schema, new Set([...names, '#text']))
  const side = raw.side === 'request' || raw.side === 'answer' ? raw.side : 'both'
  return keyNames(key).map((name) => ({ name, side, soapActions: valueTexts(raw.soapAction), check }))
}

function ruleOf(reader: Reader, place: KeyPath, name: string, value: unknown): ElementRule {
  const path = name.split('/')
  const last = path.findIndex((step) => step.startsWith('@'))
  if (last >= 0 && last < path.length - 1) report(reader, place, 'an attribute has nothing below it')
  const raw = typeof value === 'string' ? { usage: value } : record(value)
  const type = raw.type
  return {
    path,
    usage: usageOf(raw.usage),
    type: type === 'text' || type === 'integer' || type === 'number' || type === 'boolean' || type === 'time' ? type : null,
    repeats: rangeOf(reader, [...place, 'repeats'], raw.repeats),
    length: rangeOf(reader, [...place, 'length'], raw.length),
    values: raw.values === undefined ? null : valueTexts(raw.values),
    format: raw.format === undefined ? null : formatOf(reader, [...place, 'format'], text(raw.format)),
    severity: severityOf(raw.severity),
  }
}

function keysOf(reader: Reader, raw: Raw): SoapContract['keys'] {
  return Object.entries(raw).flatMap(([path, value]) => {
    const kind = keyKindOf(text(value))
    if (kind === null) report(reader, ['keys', path], 'is no kind of business key')
    return kind === null ? [] : [{ path, kind }]
  })
}

function usageOf(value: unknown): ElementUsage | null {
  return value === 'R' || value === 'RE' || value === 'O' || value === 'X' ? value : null
}
