import type { Exchange } from '../model/exchange.ts'
import type { WireFact } from '../model/wire.ts'
import { sizeStepOf } from './size-step.ts'
import type { Counter } from './tally.ts'

/** A connection that was silent for so long before. */
export const idleMs = 60_000
/** Messages with an attachment (a PDF in OBX-5) begin about here; hardly one without is as large. */
export const largeBytes = 16_384

/** Counts what an unanswered exchange shows: keys in sight.ts. `isProven`: its connection has answered before. */
export function tallyUnanswered(tally: Counter, exchange: Exchange, isProven: boolean): void {
  const { request, wire, connection } = exchange
  // An A-ABORT in the middle of an object says by itself what ended it: it is no limit on sizes.
  const isBroken =
    wire.some((f) => f.kind === 'partial' || f.kind === 'reset' || f.kind === 'oversize') &&
    !wire.some((f) => f.kind === 'aborted')
  if (request !== null && isBroken) {
    tally.note('brokenBytes', request.wireBytes)
    tally.add('broken')
    if (request.wireBytes >= largeBytes) {
      tally.add('broken-large')
      tally.add(`size-broken:${sizeStepOf(request.wireBytes)}`)
    }
  }
  if (!isUnheard(exchange) || request === null) return
  tally.add('unheard')
  const isStale = isProven || connection.exchangesBefore >= 3 || (connection.idleBeforeMs ?? 0) >= idleMs
  tally.add(isStale ? 'unheard-stale' : 'unheard-fresh')
  if (connection.exchangesBefore === 1 && (connection.idleBeforeMs ?? idleMs) < idleMs) tally.add('unheard-second')
  const end = wire.find((f) => f.kind === 'timeout') ?? firstClosed(wire)
  if (end?.kind === 'timeout') tally.note('unheardMs', end.afterMs)
  if (end?.kind === 'closed') tally.note('unheardMs', Math.max(0, end.at - request.endAt))
}

/** Who closed first: the other side's FIN only follows. */
export function firstClosed(wire: readonly WireFact[]): Extract<WireFact, { kind: 'closed' }> | null {
  let first: Extract<WireFact, { kind: 'closed' }> | null = null
  for (const fact of wire) if (fact.kind === 'closed' && (first === null || fact.at < first.at)) first = fact
  return first
}

/** A whole request passed, the connection stood, and no answer came. A reset by the side that asked is its way to give up. */
export function isUnheard(exchange: Exchange): boolean {
  if (exchange.outcome !== 'unanswered' || exchange.request === null || exchange.answers.length > 0) return false
  const closed = firstClosed(exchange.wire)
  if (closed !== null && closed.by !== exchange.requestFrom) return false
  return !exchange.wire.some(
    (f) =>
      f.kind === 'refused' ||
      f.kind === 'partial' ||
      f.kind === 'wrong-control-id' ||
      f.kind === 'oversize' ||
      f.kind === 'aborted' ||
      (f.kind === 'reset' && (f.by !== exchange.requestFrom || f.idleMs < gaveUpMs)),
  )
}

/** A sender that resets sooner than this didn't wait for an answer. */
const gaveUpMs = 500
