import type { Document } from '../../../gateway/model/document.ts'
import { envelopeValue } from '../../../gateway/model/envelope.ts'
import { queryOf, requestType } from '../../../gateway/model/http/route.ts'
import { isRecord } from '../../../gateway/model/json.ts'
import { type JsonMessage, jsonMessageOf, statusOf } from '../../json/message.ts'
import { countCharset, countMin, countUp, oftenSeen, tallyOf } from '../counts.ts'
import { isName, schemaOf } from '../json-schema.ts'
import { byName, type Sureness, usageOf } from '../judge.ts'
import type { Learner, Learnt } from '../learner.ts'
import { memberPlaces } from '../member-places.ts'
import type { Sighting } from '../scalar-tally.ts'
import { type Budget, placesMax, TreeTally } from '../tree-tally.ts'
import type { Written } from '../write-contract.ts'

/** One operation: how it is known, and what its messages held. */
interface OperationTally {
  readonly key: OperationKey
  requests: number
  readonly request: TreeTally
  readonly rows: TreeTally
  readonly query: Map<string, number>
  readonly answer: TreeTally
  readonly error: TreeTally
}

type OperationKey =
  | { readonly kind: 'route'; readonly route: string }
  | { readonly kind: 'service'; readonly route: string; readonly value: string }
  | { readonly kind: 'record' | 'file'; readonly name: string }

const operationsMax = 100
const queryNamesMax = 60
/** Members that say which of several services behind one route is meant. */
const serviceMember = 'infno'

/** Learns contracts for JSON, records and files of rows: operations, their schemas, what answers hold. */
export function startJsonLearner(): Learner {
  return new JsonLearner()
}

class JsonLearner implements Learner {
  readonly #operations = new Map<string, OperationTally>()
  readonly #charsets = new Map<string, number>()
  readonly #budget: Budget = { left: placesMax, isSpent: false }
  #leftOut = 0

  note(document: Document, side: 'request' | 'answer', sighting: Sighting): void {
    const message = jsonMessageOf(document)
    if (message === null) return
    const key = keyOf(message, side)
    const tally = key === null ? null : tallyOf(this.#operations, textOf(key), operationsMax, () => newTally(key, this.#budget))
    if (tally === null) {
      this.#leftOut += 1
      return
    }
    if (message.value !== undefined) countCharset(this.#charsets, document)
    if (side === 'request') noteRequest(tally, message, sighting)
    else if (message.value !== undefined) (isError(message) ? tally.error : tally.answer).note(message.value, sighting)
  }

  learnt(sureness: Sureness): Learnt | null {
    const tallies = [...this.#operations.values()].filter((tally) => tally.requests >= countMin)
    if (tallies.length === 0) return null
    const names = new Map<string, number>()
    const sorted = tallies.toSorted((a, b) => (textOf(a.key) < textOf(b.key) ? -1 : 1))
    const operations = sorted.map((tally): [string, Written] => {
      const name = nameOf(tally.key)
      const nth = (names.get(name) ?? 0) + 1
      names.set(name, nth)
      return [nth === 1 ? name : `${name}-${nth}`, operationOf(tally, this.#answersOf(tally), sureness)]
    })
    const charsets = oftenSeen(this.#charsets).filter((charset) => charset !== 'unknown')
    const isUsual = charsets.every((charset) => charset === 'utf-8')
    const asked = [...this.#operations.values()].filter((tally) => tally.requests > 0)
    const rare = asked.length - tallies.length
    return {
      body: {
        ...(isUsual ? {} : { json: { charset: charsets } }),
        operations: Object.fromEntries(operations),
      },
      words: [
        ...(rare === 0 ? [] : [`${rare} operations were asked fewer than ${countMin} times and are left out.`]),
        ...(this.#leftOut === 0 ? [] : [`${this.#leftOut} messages belong to no operation that could be named.`]),
      ],
    }
  }

  /** An answer tells its route alone: it is that of a service where no other service shares the route. */
  #answersOf(tally: OperationTally): OperationTally {
    const { key } = tally
    if (key.kind !== 'service') return tally
    const sharing = [...this.#operations.values()].filter(
      (other) => other.key.kind === 'service' && other.key.route === key.route,
    )
    const plain = this.#operations.get(textOf({ kind: 'route', route: key.route }))
    return sharing.length === 1 && plain !== undefined ? plain : tally
  }
}

function newTally(key: OperationKey, budget: Budget): OperationTally {
  const tree = () => new TreeTally([], memberPlaces, budget)
  return { key, requests: 0, request: tree(), rows: tree(), query: new Map(), answer: tree(), error: tree() }
}

function keyOf(message: JsonMessage, side: 'request' | 'answer'): OperationKey | null {
  const envelope = side === 'answer' && message.requestEnvelope.length > 0 ? message.requestEnvelope : message.envelope
  const topic = envelopeValue(envelope, 'topic')
  if (topic !== null) return { kind: 'record', name: topic }
  const file = envelopeValue(envelope, 'file')?.split(/[\\/]/).at(-1)
  // A date, a number: another one tomorrow.
  if (file !== undefined) return { kind: 'file', name: file.replace(/\d{2,}/g, '*') }
  const method = envelopeValue(envelope, ':method')
  const path = envelopeValue(envelope, ':path')
  if (method === null || path === null) return null
  let nth = 0
  const route = requestType(method, path).replaceAll('{}', () => {
    nth += 1
    return nth === 1 ? '{id}' : `{id${nth}}`
  })
  if (!/^[A-Z]{3,10} \/[^*]*$/.test(route) || route.includes('...')) return null
  const service = side === 'request' && isRecord(message.value) ? message.value[serviceMember] : undefined
  if (typeof service === 'string' && /^[\w.-]{1,20}$/.test(service)) return { kind: 'service', route, value: service }
  return { kind: 'route', route }
}

function noteRequest(tally: OperationTally, message: JsonMessage, sighting: Sighting): void {
  tally.requests += 1
  const { value, kind } = message
  if (kind === 'csv' && isRecord(value) && Array.isArray(value.rows)) {
    for (const row of value.rows) tally.rows.note(row, sighting)
    return
  }
  if (value !== undefined) tally.request.note(value, sighting)
  for (const name of new Set(queryOf(envelopeValue(message.envelope, ':path') ?? '').map(([key]) => key)))
    countUp(tally.query, name, queryNamesMax)
}

function isError(message: JsonMessage): boolean {
  return Number(statusOf(message) ?? '200') >= 400
}

function operationOf(tally: OperationTally, answers: OperationTally, sureness: Sureness): Written {
  const { key, requests } = tally
  const query = [...tally.query]
    .filter(([name, seen]) => isName(name) && usageOf(seen, requests, sureness) === 'R')
    .map(([name]): [string, Written] => [name, 'R'])
    .toSorted(([a], [b]) => byName(a, b))
  const request = {
    ...(query.length === 0 ? {} : { query: Object.fromEntries(query) }),
    ...(tally.request.count === 0 ? {} : { schema: schemaOf(tally.request, sureness) }),
    ...(tally.rows.count === 0 ? {} : { rows: schemaOf(tally.rows, sureness) }),
  }
  const answer = {
    ...(answers.answer.count < countMin ? {} : { schema: schemaOf(answers.answer, sureness) }),
    ...(answers.error.count < countMin ? {} : { error: schemaOf(answers.error, sureness) }),
  }
  return {
    ...knownBy(key),
    ...(Object.keys(request).length === 0 ? {} : { request }),
    ...(Object.keys(answer).length === 0 ? {} : { answer }),
  }
}

function knownBy(key: OperationKey): { readonly [key: string]: Written } {
  switch (key.kind) {
    case 'route':
      return { route: key.route }
    case 'service':
      return { route: key.route, where: { path: serviceMember, in: [key.value] } }
    case 'record':
      return { record: key.name }
    case 'file':
      return { file: key.name }
    default:
      return key satisfies never
  }
}

function textOf(key: OperationKey): string {
  return JSON.stringify(key)
}

/** `rx-check` of `POST /api/rx/check`. */
function nameOf(key: OperationKey): string {
  if (key.kind === 'service') return `service-${key.value}`.slice(0, 60)
  const source = key.kind === 'route' ? key.route.replace(/^(\S+) .*?((?:\/[^/]+){1,2})$/, '$1$2') : key.name
  const name = source
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
  return name === '' ? 'operation' : name
}
