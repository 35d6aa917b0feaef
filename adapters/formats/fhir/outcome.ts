import { hash } from 'node:crypto'
import type { AckFacts } from '../../../gateway/model/document.ts'
import type { Interaction } from '../../../gateway/model/fhir/interaction.ts'
import { isRecord } from '../../../gateway/model/json.ts'
import { namedFor, wordedOf } from '../../../gateway/model/wording-digest.ts'
import type { Fields } from './body.ts'
import { listOf } from './keys.ts'

type AckError = AckFacts['errors'][number]

const errorsMax = 20
/** As many as facts have parts. */
const entriesMax = 1_000

/**
 * What an answer says of its request. An OperationOutcome with an error or fatal issue says no (but for `$validate`, whose result it is); so does a Bundle
 * of which an entry failed: any entry of a transaction, every entry of a batch. Null: the answer says nothing of the kind, and HTTP's status stands.
 */
export function ackOf(resource: Fields, asked: Interaction | null): AckFacts | null {
  if (resource.resourceType === 'OperationOutcome') return ofOutcome(resource, asked?.operation !== '$validate')
  if (resource.resourceType !== 'Bundle') return null
  const entries = listOf(resource.entry, entriesMax)
  if (resource.type === 'transaction-response' || resource.type === 'batch-response') {
    const acks = entries.map((entry) => (isRecord(entry) ? entryAck(entry) : null))
    const failed = acks.filter((ack) => ack?.verdict === 'no')
    const isNo = failed.length > 0 && (resource.type === 'transaction-response' || failed.length === entries.length)
    return joined(failed, isNo)
  }
  if (resource.type !== 'searchset') return null
  const outcomes = entries.flatMap((entry) =>
    isRecord(entry) && isRecord(entry.resource) && entry.resource.resourceType === 'OperationOutcome'
      ? [ofOutcome(entry.resource, true)]
      : [],
  )
  return joined(
    outcomes,
    outcomes.some(({ verdict }) => verdict === 'no'),
  )
}

/** Of an entry of a response Bundle: its status, and the outcome beside it. */
export function entryAck(entry: Fields): AckFacts | null {
  const response = entry.response
  if (!isRecord(response)) return null
  const status = typeof response.status === 'string' ? (/^\d{3}/.exec(response.status)?.[0] ?? null) : null
  const outcome = isRecord(response.outcome) ? ofOutcome(response.outcome, true) : null
  const isNo = outcome?.verdict === 'no' || (status !== null && status >= '400')
  const errors = outcome?.errors ?? []
  return { code: status ?? outcome?.code ?? '', verdict: isNo ? 'no' : status === null ? null : 'yes', answersId: null, errors }
}

function joined(acks: readonly (AckFacts | null)[], isNo: boolean): AckFacts | null {
  const [first] = acks
  if (first == null) return null
  const errors = acks.flatMap((ack) =>
    ack === null ? [] : ack.errors.length > 0 ? ack.errors : [{ code: ack.code, location: null, textDigest: null }],
  )
  return { code: first.code, verdict: isNo ? 'no' : null, answersId: null, errors: errors.slice(0, errorsMax) }
}

function ofOutcome(outcome: Fields, decides: boolean): AckFacts {
  const issues = listOf(outcome.issue).filter(isRecord)
  const bad = issues.filter(({ severity }) => severity === 'error' || severity === 'fatal')
  const told = bad.length > 0 ? bad : issues.filter(({ severity }) => severity === 'warning')
  const [first] = told
  return {
    code: codeOf(first) ?? 'informational',
    verdict: bad.length > 0 && decides ? 'no' : null,
    answersId: null,
    errors: told.slice(0, errorsMax).map(errorOf),
  }
}

function errorOf(issue: Fields): AckError {
  const details = isRecord(issue.details) ? issue.details : {}
  const [coding] = listOf(details.coding).filter(isRecord)
  const digests = [details.text, issue.diagnostics, coding?.display].flatMap((text) =>
    typeof text === 'string' ? (digestOf(text) ?? []) : [],
  )
  const textDigest = digests.find((digest) => wordedOf(digest) !== null) ?? digests[0] ?? null
  return { code: codeOf(issue), location: locationOf(issue), textDigest }
}

/** Codes of the value set issue-type are words; what isn't one may be anything. */
function codeOf(issue: Fields | undefined): string | null {
  return typeof issue?.code === 'string' && /^[a-z][a-z-]{0,40}$/.test(issue.code) ? issue.code : null
}

/** A path of elements; an expression with a filter may hold a value. */
function locationOf(issue: Fields): string | null {
  const [first] = [...listOf(issue.expression), ...listOf(issue.location)]
  return typeof first === 'string' &&
    first.length <= 200 &&
    /^[A-Za-z][A-Za-z0-9]*(?:\.[A-Za-z_][A-Za-z0-9]*|\[\d{1,4}\])*$/.test(first)
    ? first
    : null
}

/** Twelve hexadecimal digits of SHA-256 over the wording: lower case, blanks joined, every word with a digit as one mark; a named cause before it. */
function digestOf(text: string | null): string | null {
  if (text === null || text.trim() === '') return null
  const lower = text.slice(0, 2_000).toLowerCase()
  const wording = lower
    .replace(/[a-z0-9._-]+/g, (word) => (/\d/.test(word) ? '#' : word))
    .replace(/\p{N}+/gu, '#')
    .replace(/\s+/g, ' ')
    .trim()
  return namedFor(lower, hash('sha256', wording, 'hex').slice(0, 12))
}
