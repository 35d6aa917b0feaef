import type { Answer } from '../model/exchange.ts'
import type { Frame, FrameHead } from '../model/frame.ts'
import type { Millis } from '../model/time.ts'
import type { WireFact } from '../model/wire.ts'
import { type Asking, isUnanswered, type OpenExchange, type PairedConnection, type RememberedRequest } from './open.ts'

/**
 * Notes what the next request says of its sender: it has given up what it asked before (it waited long enough, was answered
 * wrongly, or asks the same again), or it sends on without waiting for answers one by one.
 */
export function judgeSender(connection: PairedConnection, asking: Asking, next: OpenExchange, giveUpMs: Millis): void {
  const { newest } = asking
  if (asking.isPipelined || newest === null || !isUnanswered(newest) || newest.request === null) return
  const waitedMs = (next.request?.startAt ?? 0) - newest.request.endAt
  const asksAgain = next.controlId !== null && next.controlId === newest.controlId
  if (!newest.wasFooled && !asksAgain && waitedMs < giveUpMs) {
    asking.isPipelined = true
    return
  }
  for (const open of connection.open) if (open.from === next.from) open.isGivenUp = true
}

/** An accept ack joins what has no answer; any other answer joins what has none but an accept ack and interim ones. */
export function lacks(open: OpenExchange, answer: Answer): boolean {
  return answer.stage === 'accept'
    ? open.answers.length === 0
    : open.answers.every(({ stage }) => stage === 'accept' || stage === 'interim')
}

/** How many requests the named one lies before the one that is waiting, where both can be counted. */
export function distance(awaited: OpenExchange, named: OpenExchange): number | null {
  return awaited.connection === named.connection ? awaited.index - named.index : null
}

/** What an answer that joins no request tells of the one that waits. `onInterface`: how many requests the named one lies back there. */
export function strayFact(
  frame: Frame,
  awaited: OpenExchange,
  known: RememberedRequest | null,
  onInterface: number | null,
): WireFact {
  if (frame.head.role === 'unknown') return { kind: 'unreadable', code: 'ANSWER_UNREADABLE' }
  const isHere = known?.connectionId === awaited.connection.id
  const back = known !== null && isHere ? awaited.index - known.index : onInterface
  return { kind: 'wrong-control-id', distance: back, at: frame.endAt }
}

/**
 * What breaks off where an answer is awaited was the answer, even when it broke off before it could say so. Where ids are those of a connection a request
 * says what it is: an acceptor of DIMSE asks while it is asked (C-GET).
 */
export function isBrokenAnswer(frame: Frame, awaited: OpenExchange | null): boolean {
  const { head, oddities } = frame
  if (!oddities.some((oddity) => oddity.kind === 'partial')) return false
  return head.role === 'answer' || (awaited !== null && !(head.role === 'request' && isScoped(head)))
}

/** Its ids mean nothing beyond their connection. */
export function isScoped(head: FrameHead): boolean {
  return head.idScope === 'connection'
}
