import { dirname } from 'node:path'
import { type KeyKind, keyKindOf } from '../../gateway/model/document.ts'
import type { Failure } from '../../gateway/model/failure.ts'
import { isRecord } from '../../gateway/model/json.ts'
import { bodySeverities } from '../language/body-rules.ts'
import type { ContractText, ReadText } from '../language/contract-language.ts'
import { type Raw, record, severityOf, text, valueTexts } from '../language/raw.ts'
import { refusal } from '../language/reading.ts'
import type { SchemaCheck } from '../language/schema-check.ts'
import { type KeyPath, readSource, type Source, shapeCheck } from '../language/source.ts'
import type { SuccessRule } from '../language/success.ts'
import languageSchema from './contract.schema.json' with { type: 'json' }
import type { AnswerRules, JsonContract, MessageRules, NeededName, Operation } from './contract.ts'
import { readOpenapi } from './openapi.ts'
import { readNamePattern, readRoute } from './route.ts'
import { type SchemaReader, schemaAt } from './schema-source.ts'

/** Reads a contract in YAML. Throws CONTRACT_INVALID with all problems in its text and the first one's place. */
export function readJsonContract(contract: ContractText, readText: ReadText): JsonContract {
  const source = readSource(contract.text, contract.path, checkShape, 'typed')
  if (source.problems.length > 0 || !isRecord(source.value)) throw refusal(source.problems, contract.path)
  const reader = readerOf(source, source.value, contract, readText)
  const read = contractOf(reader, source.value)
  if (reader.problems.length > 0) throw refusal(reader.problems, contract.path)
  return read
}

const checkShape = shapeCheck(languageSchema)

interface Reader extends SchemaReader {
  readonly source: Source
}

function readerOf(source: Source, raw: Raw, contract: ContractText, readText: ReadText): Reader {
  const problems: Failure[] = []
  return {
    source,
    problems,
    definitions: record(raw.definitions),
    report: (path, message) => problems.push(source.problem(path, message)),
    readBeside: (name) => readText(`${dirname(contract.path)}/${name}`),
  }
}

function contractOf(reader: Reader, raw: Raw): JsonContract {
  const json = record(raw.json)
  const title = record(raw.title)
  const named = raw.openapi === undefined ? [] : readOpenapi(reader, text(raw.openapi))
  const own = Object.entries(record(raw.operations)).map(([name, value]) => operationOf(reader, name, record(value)))
  const operations = [...own, ...named.filter(({ name }) => !own.some((known) => known.name === name))]
  if (operations.length === 0) reader.report([], 'a contract needs "operations" or "openapi"')
  return {
    id: text(raw.contract),
    version: String(raw.version),
    title: { zh: text(title.zh), en: text(title.en) },
    charsets: Array.isArray(json.charset) ? json.charset.map(text) : ['utf-8'],
    otherOperations: json.otherOperations === 'allow' ? 'allow' : 'report',
    severities: bodySeverities(raw.severities),
    keys: keysOf(reader, record(raw.keys)),
    request: messageOf(reader, ['request'], record(raw.request)),
    answer: answerOf(reader, ['answer'], record(raw.answer)),
    operations,
  }
}

function operationOf(reader: Reader, name: string, raw: Raw): Operation {
  const path = ['operations', name]
  const route = raw.route === undefined ? null : readRoute(text(raw.route))
  if (raw.route !== undefined && route === null)
    reader.report([...path, 'route'], 'must be a method and a path, as POST /rx/{code}; /** may stand at its beginning alone')
  const where = isRecord(raw.where) ? { path: text(raw.where.path), values: valueTexts(raw.where.in) } : null
  if (route === null && raw.record === undefined && raw.file === undefined && where === null)
    reader.report(path, 'needs one of "route", "record", "file" and "where", to be known by')
  return {
    name,
    route,
    record: raw.record === undefined ? null : readNamePattern(text(raw.record)),
    file: raw.file === undefined ? null : readNamePattern(text(raw.file)),
    where,
    request: messageOf(reader, [...path, 'request'], record(raw.request)),
    answer: answerOf(reader, [...path, 'answer'], record(raw.answer)),
  }
}

function messageOf(reader: Reader, path: KeyPath, raw: Raw): MessageRules {
  return {
    headers: neededNames(record(raw.headers)),
    query: neededNames(record(raw.query)),
    schema: schemaOf(reader, [...path, 'schema'], raw.schema),
    rows: schemaOf(reader, [...path, 'rows'], raw.rows),
  }
}

function answerOf(reader: Reader, path: KeyPath, raw: Raw): AnswerRules {
  return {
    headers: neededNames(record(raw.headers)),
    schema: schemaOf(reader, [...path, 'schema'], raw.schema),
    error: schemaOf(reader, [...path, 'error'], raw.error),
    success: isRecord(raw.success) ? successOf(raw.success) : null,
  }
}

function schemaOf(reader: Reader, path: KeyPath, value: unknown): SchemaCheck | null {
  return value === undefined ? null : schemaAt(reader, path, value)
}

function successOf(raw: Raw): SuccessRule {
  return {
    path: text(raw.path),
    values: valueTexts(raw.in),
    messagePath: raw.message === undefined ? null : text(raw.message),
  }
}

function neededNames(raw: Raw): readonly NeededName[] {
  return Object.entries(raw)
    .filter(([, value]) => value !== 'O')
    .map(([name, value]) => ({ name: name.toLowerCase(), severity: severityOf(value) }))
}

function keysOf(reader: Reader, raw: Raw): readonly { readonly path: string; readonly kind: KeyKind }[] {
  return Object.entries(raw).flatMap(([path, value]) => {
    const kind = keyKindOf(text(value))
    if (kind === null) reader.report(['keys', path], 'is no kind of business key')
    return kind === null ? [] : [{ path, kind }]
  })
}
