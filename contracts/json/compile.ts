import type { Document, Facts } from '../../gateway/model/document.ts'
import { envelopeValue } from '../../gateway/model/envelope.ts'
import { queryOf } from '../../gateway/model/http/route.ts'
import type { CompiledContract, Violation } from '../../gateway/model/violation.ts'
import { atMost, isFailedStatus, violation, violationsOf, wholeBodyViolations } from '../language/body-violations.ts'
import { bodyWording } from '../language/body-wording.ts'
import type { Breach } from '../language/breach.ts'
import type { SchemaCheck } from '../language/schema-check.ts'
import { factsByContract } from '../language/success.ts'
import type { AnswerRules, JsonContract, MessageRules, NeededName, Operation } from './contract.ts'
import { type JsonMessage, jsonMessageOf, statusOf } from './message.ts'
import { type FittingOperations, fittingOperations, operationType, requestOperation } from './operations.ts'
import { codesInPath } from './route.ts'

type Side = Violation['side']

/** Makes a contract ready to check messages. `check` never throws for bad input and never repeats a value. */
export function compileJsonContract(contract: JsonContract): CompiledContract {
  const rules = rulesOf(contract)
  return {
    id: contract.id,
    version: contract.version,
    check(document, side) {
      const message = jsonMessageOf(document)
      if (message === null) return []
      const found = side === 'request' ? ofRequest(rules, message, document) : ofAnswer(rules, message, document)
      return atMost(found, side)
    },
    facts(document, side) {
      if (document.format !== 'json') return document.facts()
      return side === 'request' ? requestFacts(rules, document) : answerFacts(rules, document)
    },
  }
}

function requestFacts({ contract, fitting, isTelling }: Rules, document: Document): Facts {
  const { keys } = contract
  const message = isTelling ? jsonMessageOf(document) : null
  const operation = message === null ? null : requestOperation(fitting, message, document)
  if (message === null || operation === null) return factsByContract(document, { type: null, success: null, keys })
  const facts = factsByContract(document, { type: operationType(operation, document), success: null, keys })
  const { route } = operation
  const inPath = route === null ? [] : codesInPath(route, envelopeValue(message.envelope, ':path') ?? '')
  return inPath.length === 0 ? facts : { ...facts, codes: [...facts.codes, ...inPath] }
}

function answerFacts(rules: Rules, document: Document): Facts {
  const message = jsonMessageOf(document)
  const operation = message === null ? null : answeredOperation(rules, message)
  const type = operation === null ? null : operationType(operation, null)
  return factsByContract(document, { type, success: answerRulesOf(rules, operation).success, keys: rules.contract.keys })
}

/** Null: none fits the request, or several: a route that they share tells them apart by its body alone. */
function answeredOperation({ fitting }: Rules, { requestEnvelope }: JsonMessage): Operation | null {
  const [first, second] = fitting(requestEnvelope)
  return first !== undefined && second === undefined ? first : null
}

function answerRulesOf({ contract, answers }: Rules, operation: Operation | null): AnswerRules {
  return (operation === null ? undefined : answers.get(operation)) ?? contract.answer
}

/** A contract, with what holds in a message of each operation: its own rules and those of all. */
interface Rules {
  readonly contract: JsonContract
  readonly fitting: FittingOperations
  readonly requests: ReadonlyMap<Operation, MessageRules>
  readonly answers: ReadonlyMap<Operation, AnswerRules>
  /** An operation may tell what a request is called, or which codes stand in its path. Those of records and files don't: they say it themselves. */
  readonly isTelling: boolean
}

function rulesOf(contract: JsonContract): Rules {
  const { operations, request, answer } = contract
  return {
    contract,
    fitting: fittingOperations(operations),
    requests: new Map(operations.map((operation) => [operation, requestRules(request, operation.request)])),
    answers: new Map(operations.map((operation) => [operation, answerRules(answer, operation.answer)])),
    isTelling: operations.some(({ route, record, file }) => route !== null || (record === null && file === null)),
  }
}

function ofRequest({ contract, fitting, requests }: Rules, message: JsonMessage, document: Document): readonly Violation[] {
  const side: Side = 'request'
  const operation = requestOperation(fitting, message, document)
  const whole = { document, severities: contract.severities, side, charsets: contract.charsets, isFailure: false }
  const found: Violation[] = [...wholeBodyViolations(whole)]
  if (operation === null) {
    if (contract.otherOperations === 'report') found.push(unknownOperation(contract))
    return found
  }
  const rules = requests.get(operation) ?? contract.request
  found.push(...missingHeaders(contract, rules.headers, message, side), ...missingQuery(contract, rules.query, message))
  const at = { contract, message, side }
  if (rules.schema !== null) found.push(...schemaViolations(at, rules.schema))
  if (rules.rows !== null) found.push(...rowViolations(at, rules.rows))
  return found
}

function ofAnswer(all: Rules, message: JsonMessage, document: Document): readonly Violation[] {
  const { contract } = all
  const side: Side = 'answer'
  const status = statusOf(message)
  const isFailure = isFailedStatus(document.facts(), status)
  const whole = { document, severities: contract.severities, side, charsets: contract.charsets, isFailure }
  const found: Violation[] = [...wholeBodyViolations(whole)]
  const rules = answerRulesOf(all, answeredOperation(all, message))
  found.push(...missingHeaders(contract, rules.headers, message, side))
  const schema = status !== null && /^[45]/.test(status) ? rules.error : rules.schema
  // 204 and 304 have no body to hold to anything (RFC 9110 15.3.5).
  if (schema !== null && status !== '204' && status !== '304')
    found.push(...schemaViolations({ contract, message, side }, schema))
  return found
}

/** An operation's own rules outrank the contract's part by part; headers add up. */
function requestRules(common: MessageRules, own: MessageRules): MessageRules {
  return {
    headers: [...common.headers.filter(({ name }) => !own.headers.some((h) => h.name === name)), ...own.headers],
    query: [...common.query, ...own.query],
    schema: own.schema ?? common.schema,
    rows: own.rows ?? common.rows,
  }
}

function answerRules(common: AnswerRules, { headers, schema, error, success }: AnswerRules): AnswerRules {
  return {
    headers: [...common.headers, ...headers],
    schema: schema ?? common.schema,
    error: error ?? common.error,
    success: success ?? common.success,
  }
}

interface Checked {
  readonly contract: JsonContract
  readonly message: JsonMessage
  readonly side: Side
}

function schemaViolations({ contract, message, side }: Checked, check: SchemaCheck): readonly Violation[] {
  // A body that isn't JSON has been told of as a whole; what is encrypted can't be held to anything.
  if (message.kind === 'other' || message.kind === 'opaque') return []
  const options = { severities: contract.severities, side, pathOf }
  if (message.value === undefined) {
    if (message.kind !== 'empty') return []
    return violationsOf([{ rule: 'required', steps: [], expected: '', shape: 'empty', severity: null }], options)
  }
  return violationsOf(check(message.value), options)
}

/** Breaches of a file's rows, told until they are more than a message's list holds. */
function rowViolations({ contract, message, side }: Checked, check: SchemaCheck): readonly Violation[] {
  const breaches: Breach[] = []
  for (const [i, row] of rowsOf(message.value).entries()) {
    for (const breach of check(row)) breaches.push({ ...breach, steps: ['rows', i, ...breach.steps] })
    if (breaches.length > rowBreachesMax) break
  }
  return violationsOf(breaches, { severities: contract.severities, side, pathOf })
}

const rowBreachesMax = 1_000

function rowsOf(value: unknown): readonly unknown[] {
  return typeof value === 'object' && value !== null && 'rows' in value && Array.isArray(value.rows) ? value.rows : []
}

function missingHeaders(
  contract: JsonContract,
  needed: readonly NeededName[],
  { envelope }: JsonMessage,
  side: Side,
): readonly Violation[] {
  return missing(contract, needed, '@', (name) => envelopeValue(envelope, name) !== null, side)
}

function missingQuery(contract: JsonContract, needed: readonly NeededName[], { envelope }: JsonMessage): readonly Violation[] {
  if (needed.length === 0) return []
  const names = new Set(queryOf(envelopeValue(envelope, ':path') ?? '').map(([name]) => name.toLowerCase()))
  return missing(contract, needed, '?', (name) => names.has(name), 'request')
}

function missing(
  { severities }: JsonContract,
  needed: readonly NeededName[],
  mark: '@' | '?',
  isThere: (name: string) => boolean,
  side: Side,
): readonly Violation[] {
  return needed
    .filter(({ name }) => !isThere(name))
    .map(({ name, severity }) => {
      const path = `${mark}${name}`
      const message = bodyWording({ rule: 'header', steps: [], expected: '', shape: null, severity }, path)
      return violation({ rule: 'header', path, severity: severity ?? severities.header, message, shape: null, side })
    })
}

function unknownOperation({ severities }: JsonContract): Violation {
  const message = { zh: '契约中没有此操作', en: 'the contract has no such operation' }
  return violation({ rule: 'operation', path: '', severity: severities.operation, message, shape: null, side: 'request' })
}

/** `items[2].dose`. */
function pathOf(steps: Breach['steps']): string {
  return steps.reduce<string>(
    (path, step) => (typeof step === 'number' ? `${path}[${step}]` : path === '' ? step : `${path}.${step}`),
    '',
  )
}
