import { decidingAnswer, type Exchange } from '../model/exchange.ts'
import type { Counter } from './tally.ts'

/** The least time after which a lost segment is sent again (RFC 6298 2.4 has a second, Linux and Windows 200 ms and 300 ms). */
const resendMs = 200
/** A slow line passes so many bytes a millisecond all the same. */
const bytesPerMs = 1_000

/** Counts phases of an exchange that stood still for as long as a lost segment needs to be sent again: keys in sight.ts. */
export function tallyStalls(tally: Counter, exchange: Exchange): void {
  const { request, connection } = exchange
  const answer = decidingAnswer(exchange)
  if (connection.connectMs !== null && connection.exchangesBefore === 0 && connection.connectMs >= resendMs)
    tally.add('stall-connect')
  if (request !== null && isStalled(request.endAt - request.startAt, request.wireBytes)) tally.add('stall-send')
  if (answer !== null && isStalled(answer.endAt - answer.startAt, answer.wireBytes)) tally.add('stall-receive')
}

function isStalled(tookMs: number, bytes: number): boolean {
  return tookMs >= resendMs + bytes / bytesPerMs
}
