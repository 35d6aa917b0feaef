import type { Millis } from '../model/time.ts'

/** How long a reading must hold before anybody is called, and how long it must be good before all is well. */
export interface HoldOff {
  /** Fires at once from this score on (1 = at the monitor's threshold): nobody waits for a total failure to be confirmed. */
  readonly scoreAtOnce: number
  /** Or after so many bad readings, the first included: a capture runs 80 messages in a second. */
  readonly confirmations: number
  /** Or after it was bad for so long by log time, with nothing good between. */
  readonly holdMs: Millis
  /** Good for so long by log time, and for a tenth of the time it was bad, at most `clearMsMax`. */
  readonly clearMs: Millis
  readonly clearMsMax: Millis
}

const usual: HoldOff = { scoreAtOnce: 2, confirmations: 2, holdMs: 10_000, clearMs: 30_000, clearMsMax: 600_000 }

/**
 * By signal, or by its family (`clock/`); the longest match counts. Monitors hold off by evidence already (CUSUM, distinct
 * ids): what stands here guards against a single lucky reading and against flutter.
 */
export const holdOffs: { readonly [signal: string]: HoldOff } = {
  '': usual,
  // A refusal is plain: three in a row without success made the reading.
  'failures/refused': { ...usual, scoreAtOnce: 1, confirmations: 1, clearMs: 20_000 },
  // The clock monitor calls for a ticket only after enough messages (10 after a step, 20 from the start).
  'clock/': { ...usual, scoreAtOnce: 1, confirmations: 1, clearMs: 60_000 },
  // A wrong answer credited to a message is a danger to patients from the second on.
  'answers/mismatch': { ...usual, scoreAtOnce: 1, confirmations: 1 },
  // A gap is held against chance by its length already: waiting on is another, longer limit.
  'silence/': { ...usual, scoreAtOnce: 1, confirmations: 1, clearMs: 20_000 },
  // Several messages have gone out four times and more, and every minute multiplies the load.
  'retries/storm': { ...usual, scoreAtOnce: 1, confirmations: 1 },
  'latency/': { ...usual, holdMs: 20_000, clearMs: 60_000 },
  'contract/': { ...usual, scoreAtOnce: 1.5, clearMs: 60_000 },
  'self/': { ...usual, scoreAtOnce: 1.5, holdMs: 5_000, clearMs: 20_000 },
}

export function holdOffOf(signal: string, table: { readonly [signal: string]: HoldOff } = holdOffs): HoldOff {
  const slash = signal.indexOf('/')
  return table[signal] ?? table[signal.slice(0, slash + 1)] ?? table[''] ?? usual
}
