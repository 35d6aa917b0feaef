import { decidingAnswer, type Exchange } from './exchange.ts'
import type { Millis } from './time.ts'

/** The least time after which a lost segment is sent again (RFC 6298 2.4 has a second, Linux and Windows 200 ms and 300 ms). */
const resendMs: Millis = 200
/** A slow line passes so many bytes a millisecond all the same. */
const bytesPerMs = 1_000

/** Whether the request stood still on its way for as long as a lost segment needs to be sent again. */
export function isSendStalled({ request }: Exchange): boolean {
  return request !== null && isStalled(request.endAt - request.startAt, request.wireBytes)
}

/** The same of the answer. An answer of one segment never shows it. */
export function isReceiveStalled(exchange: Exchange): boolean {
  const answer = decidingAnswer(exchange)
  return answer !== null && isStalled(answer.endAt - answer.startAt, answer.wireBytes)
}

/** The same of the handshake of the connection that this exchange is the first on. */
export function isConnectStalled({ connection }: Exchange): boolean {
  return connection.exchangesBefore === 0 && (connection.connectMs ?? 0) >= resendMs
}

function isStalled(tookMs: Millis, bytes: number): boolean {
  return tookMs >= resendMs + bytes / bytesPerMs
}
