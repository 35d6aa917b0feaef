import type { Measurement } from '../../gateway/model/measurement.ts'
import type { Clock } from '../../gateway/model/time.ts'

/** What a probe found. */
export interface ProbeAnswer {
  readonly verdict: 'yes' | 'no'
  readonly code: string | null
  readonly facts: Measurement['facts']
}

/** What a probe is given. `signal` ends it: at its time-out, or when nobody waits for it any more. It then closes what it opened. */
export interface ProbeContext {
  readonly clock: Clock
  /** Zone of the hospital's wall clock, for stamps that a probe writes. */
  readonly timezone: string
  readonly signal: AbortSignal
}

export function yes(facts: Measurement['facts']): ProbeAnswer {
  return { verdict: 'yes', code: null, facts }
}

export function no(code: string, facts: Measurement['facts'] = {}): ProbeAnswer {
  return { verdict: 'no', code, facts }
}

/** The code of an error or of what caused it: `ECONNREFUSED`, `CERT_HAS_EXPIRED`, one of the failures' table. Never its text. */
export function codeOf(error: unknown): string {
  let cause = error
  for (let depth = 0; depth < 5 && cause instanceof Error; depth += 1) {
    const code: unknown = Reflect.get(cause, 'code')
    if (typeof code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(code)) return code
    cause = cause instanceof AggregateError ? cause.errors[0] : cause.cause
  }
  return 'PROBE_FAILED'
}

/** Whole hundredths of a millisecond: what a probe can measure. */
export function ms(value: number): number {
  return Math.round(value * 100) / 100
}
