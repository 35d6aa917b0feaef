import type { Exchange } from '../../model/exchange.ts'
import type { WireFact } from '../../model/wire.ts'
import { cutStepOf, sizeStepOf } from './size-step.ts'
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
    tally.add(`broken-at:${cutStepOf(request.wireBytes)}`)
    if (request.wireBytes >= largeBytes) {
      tally.add('broken-large')
      tally.add(`size-broken:${sizeStepOf(request.wireBytes)}`)
    }
  }
  if (isCut(exchange)) tally.add(isOfAssociation(exchange) ? 'cut-association' : 'cut')
  if (!isUnheard(exchange) || request === null) return
  tally.add('unheard')
  if (request.wireBytes >= largeBytes) tally.add(`size-unheard:${sizeStepOf(request.wireBytes)}`)
  if (exchange.answers.length > 0) tally.add('unheard-accepted')
  else {
    const isIdle = (connection.idleBeforeMs ?? 0) >= idleMs
    // An association is as young as its connection, however many operations came before.
    const isYoung = isOfAssociation(exchange)
    const isStale = isIdle || (!isYoung && (isProven || connection.exchangesBefore >= 3))
    tally.add(isStale ? 'unheard-stale' : 'unheard-fresh')
    if (!isYoung && connection.exchangesBefore === 1 && (connection.idleBeforeMs ?? idleMs) < idleMs)
      tally.add('unheard-second')
  }
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

/** Closed while an answer was owed: by who owed it, or by who had asked and didn't wait for it. */
function isCut({ wire, requestFrom }: Exchange): boolean {
  const closed = firstClosed(wire)
  if (closed === null || wire.some(({ kind }) => kind === 'aborted')) return false
  return closed.by !== requestFrom || closed.idleMs < gaveUpMs
}

/** Operations of DICOM and the association's own (PS3.7 9.1, 10.1; PS3.8 9.3): it should have been released before its connection is closed. */
function isOfAssociation({ type }: Exchange): boolean {
  return type !== null && /^[ACN]-[A-Z]/.test(type)
}

/** A whole request passed, the connection stood, and no answer came, or none but that it was accepted (HL7 2.9.3). A reset by the side that asked is its way to give up. */
export function isUnheard(exchange: Exchange): boolean {
  if (exchange.outcome !== 'unanswered' || exchange.request === null || isCut(exchange)) return false
  if (exchange.answers.some(({ stage }) => stage !== 'accept')) return false
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

/** A sender that resets or sends again sooner than this didn't wait for an answer. */
export const gaveUpMs = 500
