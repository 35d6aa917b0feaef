import type { KeyKind } from '../gateway/model/document.ts'
import type { Exchange } from '../gateway/model/exchange.ts'
import { namesSeveral } from '../gateway/model/journey.ts'
import type { InspectedExchange } from '../gateway/model/reading.ts'
import { linkingHashes } from './key-hashes.ts'
import { hashOf } from './rate.ts'

/** HTTP: only asks. */
export function isQuestion({ type }: Exchange): boolean {
  return type?.startsWith('GET ') === true
}

/** Accepted, to be done later: 202 (RFC 9110 15.3.3), or an answer that names a task which the request didn't. */
export function isAcceptedForLater({ entry, requestFacts, answerFacts }: InspectedExchange): boolean {
  const { exchange } = entry
  if (exchange.outcome !== 'answered' || isQuestion(exchange)) return false
  if (exchange.code === '202') return true
  const isTask = ({ kind }: { readonly kind: string }) => kind === 'task'
  return answerFacts?.keys.some(isTask) === true && requestFacts?.keys.some(isTask) !== true
}

/** What the next message is recognised by; none where nothing is to follow: on a list, on a mere question. */
export function openingKeys({ entry, requestFacts, answerFacts }: InspectedExchange): readonly number[] {
  if (requestFacts === null || isQuestion(entry.exchange) || namesSeveral(requestFacts.keys)) return []
  const answered = answerFacts === null || namesSeveral(answerFacts.keys) ? [] : answerFacts.keys
  return linkingHashes(requestFacts.keys, answered)
}

/** Hash of the one service that is ordered or told of (OBR-4); 0 where there are several or none. */
export function whatIsOrdered({ requestFacts }: InspectedExchange): number {
  let code: string | null = null
  for (const { path, value } of requestFacts?.codes ?? []) {
    if (!path.endsWith('OBR-4.1')) continue
    if (code !== null) return 0
    code = value
  }
  return code === null ? 0 : hashOf(code)
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
