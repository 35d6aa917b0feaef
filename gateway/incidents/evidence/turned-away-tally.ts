import type { Exchange } from '../../model/exchange.ts'
import type { Counter } from './tally.ts'

/** Too busy now, by HTTP (RFC 9110 15.6.4), DICOM (PS3.8 9.3.4 local limit; PS3.7 0213) and quotas. */
export const busyCodes = ['503', '429', 'RJ-2-3-1', 'RJ-2-3-2', '0213'] as const
const busy: ReadonlySet<string | null> = new Set(busyCodes)
/** Who is refused sooner didn't wait for a place. */
const waitedMsMin = 1_000
/** Of the logarithm of a time: a fifth more of it. */
export const stepLn = Math.log(1.2)

/** Counts refusals that came after waiting: keys in sight.ts. `isMute`: neither code nor words say why. */
export function tallyTurnedAway(tally: Counter, { code, latencyMs }: Exchange, isMute: boolean): void {
  if (latencyMs === null || latencyMs < waitedMsMin) return
  const key = busy.has(code) ? 'turned-away' : isMute ? 'turned-away-mute' : null
  if (key === null) return
  tally.add(key)
  tally.addNamed(`${key}-after`, String(Math.round(Math.log(latencyMs) / stepLn)))
}
