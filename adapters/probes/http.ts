import { request } from 'undici'
import type { Probe } from '../../gateway/model/probe.ts'
import { ms, no, type ProbeAnswer, type ProbeContext, yes } from './probe-answer.ts'
import { dispatcherFor } from './undici-dispatcher.ts'

const answerBytesMax = 1_048_576

/**
 * Asks for one address. Yes: the status is one that is expected. `dateOffsetMs`: the server's `Date` (RFC 9110 6.6.1, whole seconds of UTC) against our
 * clock, so that a wrong clock and a wrong zone can be told apart; null when it sends none.
 */
export async function probeHttp(probe: Extract<Probe, { kind: 'http' }>, context: ProbeContext): Promise<ProbeAnswer> {
  const { clock, signal } = context
  const dispatcher = await dispatcherFor(probe.ca)
  const begunMs = clock.monotonic()
  try {
    const { statusCode, headers, body } = await request(probe.url, { method: probe.method, dispatcher, signal })
    const at = clock.now()
    const headMs = ms(clock.monotonic() - begunMs)
    await body.dump({ limit: answerBytesMax, signal })
    const { date } = headers
    const dateAt = typeof date === 'string' ? Date.parse(date) : Number.NaN
    // The header names the second that has begun: its middle is the better guess.
    const dateOffsetMs = Number.isNaN(dateAt) ? null : Math.round(dateAt + 500 - at)
    const facts = { status: statusCode, headMs, dateOffsetMs }
    const isExpected = probe.statuses.length === 0 ? statusCode < 400 : probe.statuses.includes(statusCode)
    return isExpected ? yes(facts) : no(String(statusCode), facts)
  } finally {
    dispatcher.destroy().catch(() => {})
  }
}
