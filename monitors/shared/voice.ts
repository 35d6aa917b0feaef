import type { Reading } from '../../gateway/model/reading.ts'
import type { Subject } from '../../gateway/model/subject.ts'
import type { Instant, Millis } from '../../gateway/model/time.ts'
import { amount, flag, type Held, record } from './state.ts'

/** While bad, a signal is said again this often, so that its numbers stay fresh. */
export const repeatMs: Millis = 60_000

/** How many exchanges a reading names. */
export const shownExchanges = 10

/** What a signal said last: enough to say it again only when it changed or a minute later. */
export const voicePart = record({ bad: flag(), ticket: flag(), saidAt: amount() })
export type Voice = Held<typeof voicePart>

/** What is known of a bad signal when it is said. `onsetAt` at most now; score 1 = at the threshold. */
export interface Telling {
  readonly onsetAt: Instant
  readonly score: number
  readonly facts: Reading['facts']
  readonly exchangeIds: readonly string[]
}

export interface Saying {
  readonly monitor: string
  /** Within the monitor: `rate`, not `failures/rate`. */
  readonly signal: string
  readonly subject: Subject
  readonly now: Instant
}

/** Adds a reading to `out` when the state or the severity changed, or a minute after the last while bad. `state` null = good. */
export function say(out: Reading[], voice: Voice, saying: Saying, state: null | 'warn' | 'ticket', tell: () => Telling): void {
  if (state === null && !voice.bad) return
  const isSame = voice.bad && state !== null && voice.ticket === (state === 'ticket')
  if (isSame && saying.now - voice.saidAt < repeatMs) return
  const telling = state === null ? null : tell()
  out.push({
    monitor: saying.monitor,
    signal: `${saying.monitor}/${saying.signal}`,
    subject: saying.subject,
    at: saying.now,
    onsetAt: telling === null ? saying.now : Math.min(telling.onsetAt, saying.now),
    state: telling === null ? 'good' : 'bad',
    score: telling === null ? 0 : telling.score,
    severity: state === 'ticket' || (state === null && voice.ticket) ? 'ticket' : 'warn',
    facts: telling === null ? {} : telling.facts,
    exchangeIds: telling === null ? [] : telling.exchangeIds.slice(-shownExchanges),
  })
  voice.bad = state !== null
  voice.ticket = state === 'ticket'
  voice.saidAt = saying.now
}

/** For display and evidence: three decimals are enough, and short numbers are cheap to keep. */
export function rounded(value: number): number {
  return Math.round(value * 1000) / 1000
}
