import { factOf } from '../cause.ts'
import type { Evidence } from '../evidence/evidence.ts'

/** What a wrong clock at one end shows in refusals for a credential, even where no message carries a stamp of its own. */
export interface ClockSigns {
  /** Refusals that say in words that the clock is the reason: a token of the future, a time stamp out of range. */
  readonly worded: number
  /** Requests since the onset whose own times are ahead of their arrival, which none was before. */
  readonly ahead: number
  /** A clock of either end is off since about the onset. */
  readonly isOff: boolean
}

/** Tokens and signatures have some leeway: a clock that is off by less breaks none (RFC 7519 4.1.4, 4.1.5). */
const leewayS = 60
const fewMin = 3
/** A clock is judged by several messages, and its onset is an estimate. */
const aboutMs = 600_000

export function clockSignsOf(e: Evidence): ClockSigns {
  const reading = e.readings('clock/offset')[0] ?? e.readings('clock/zone')[0] ?? e.readings('clock/step')[0] ?? null
  const offsetS = factOf(reading, 'offsetS')
  const isKnown = e.before.count('requests') >= 20
  const ahead = e.since.count('event-ahead') + e.since.count('stamp-future')
  const before = e.before.count('event-ahead') + e.before.count('stamp-future')
  return {
    worded: e.since.count('nak:clock'),
    ahead: isKnown && before === 0 && ahead >= fewMin ? ahead : 0,
    isOff: offsetS !== null && Math.abs(offsetS) >= leewayS && reading !== null && reading.onsetAt >= e.onsetAt - aboutMs,
  }
}

/** Whether credentials are refused because a clock is wrong: it is said in words, or it shows beside refusals for credentials. */
export function areRefusedByClock(e: Evidence): boolean {
  const { worded, ahead, isOff } = clockSignsOf(e)
  return worded >= fewMin || (e.since.count('nak:auth') >= fewMin && (ahead > 0 || isOff))
}
