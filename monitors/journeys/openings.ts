import type { Facts, KeyKind } from '../../gateway/model/document.ts'
import type { Exchange } from '../../gateway/model/exchange.ts'
import { namesSeveral } from '../../gateway/model/journey.ts'
import type { InspectedExchange } from '../../gateway/model/reading.ts'
import { linkingHashes } from '../shared/key-hashes.ts'
import { hashOf } from '../shared/rate.ts'

/** HTTP's GET, which leaves nothing with who answers (RFC 9110 9.2.1). */
export function isGet({ type }: Exchange): boolean {
  return type?.startsWith('GET ') === true
}

/** Accepted, to be done later: 202 (RFC 9110 15.3.3), or an answer that names a task which the request didn't. */
export function isAcceptedForLater({ entry, requestFacts, answerFacts }: InspectedExchange): boolean {
  const { exchange } = entry
  if (exchange.outcome !== 'answered' || isGet(exchange)) return false
  if (exchange.code === '202') return true
  const isTask = ({ kind }: { readonly kind: string }) => kind === 'task'
  return answerFacts?.keys.some(isTask) === true && requestFacts?.keys.some(isTask) !== true
}

/** What the next message is recognised by, and the hash of what is ordered or told of (OBR-4; 0: several, or none). */
export interface Opening {
  readonly keys: readonly number[]
  readonly what: number
}

/** None where nothing is to follow: on a list, on a mere question. */
export function openingsOf({ entry, requestFacts, answerFacts }: InspectedExchange): readonly Opening[] {
  if (requestFacts === null || isGet(entry.exchange) || namesSeveral(requestFacts.keys)) return []
  const services = servicesIn(requestFacts)
  if (services.length > 1) {
    const items = itemsOf(requestFacts, services)
    if (items !== null) return items
  }
  const answered = answerFacts === null || namesSeveral(answerFacts.keys) ? [] : answerFacts.keys
  const keys = linkingHashes(requestFacts.keys, answered)
  const [service] = services
  return keys.length === 0 ? [] : [{ keys, what: services.length === 1 && service !== undefined ? hashOf(service) : 0 }]
}

function servicesIn({ codes }: Facts): readonly string[] {
  const services: string[] = []
  for (const { path, value } of codes) if (path.endsWith('OBR-4.1')) services.push(value)
  return services
}

/**
 * Of several things that are ordered in one message each has its own number, and its own tube where there are tubes: each has its own result. They are named in
 * one order (HL7 v2 4.4: ORC, OBR and SPM of one, then of the next). Null: their numbers are not as many as they are, so nobody can say which is whose.
 */
function itemsOf({ keys }: Facts, services: readonly string[]): readonly Opening[] | null {
  const placers = keys.filter(({ kind }) => kind === 'placer')
  const specimens = keys.filter(({ kind }) => kind === 'specimen')
  if (placers.length !== services.length || (specimens.length !== 0 && specimens.length !== services.length)) return null
  return services.map((service, n) => ({
    keys: linkingHashes(placers.slice(n, n + 1), specimens.slice(n, n + 1)),
    what: hashOf(service),
  }))
}

/** HL7 table 0119: the order is called off. */
export function isCancelling({ requestFacts }: InspectedExchange): boolean {
  return requestFacts?.codes.some(({ path, value }) => path.endsWith('ORC-1') && cancelling.has(value)) === true
}

const cancelling: ReadonlySet<string> = new Set(['CA', 'DC', 'OC', 'CR', 'UC', 'OD', 'DR'])

/** It names a patient or an order. */
export function namesAnyone({ requestFacts }: InspectedExchange): boolean {
  return requestFacts?.keys.some(({ kind }) => !sampleKinds.has(kind)) === true
}

/** What a tube, an instrument or a message is known by. */
const sampleKinds: ReadonlySet<KeyKind> = new Set<KeyKind>(['control', 'specimen', 'filler', 'device', 'request', 'trace'])
