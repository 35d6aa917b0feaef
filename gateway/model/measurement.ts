import type { Subject } from './subject.ts'
import type { Instant, Millis } from './time.ts'

/**
 * Something that Auscult asked or counted by itself, not something that passed on a wire: a probe's answer, a consumer group's lag, a file that is due.
 * An entry of the Log like any other, so that it is replayed like any other.
 */
export interface Measurement {
  /**
   * What was measured: `probe`; of Kafka `source`, `consumer-lag`, `consumer-stuck`, `rebalance`, `record-clock`; of files `source`, `file-due`,
   * `file-state`, `file-result`; of a capture `link`; of the reading itself `taps`. docs/taps.md says what each one's facts are.
   */
  readonly name: string
  /** By what: `tcp`, `tls`, `mllp`, `c-echo`, `fhir`, `http`, `ntp`; `kafka`; `files`; `capture`. */
  readonly by: string
  readonly subject: Subject
  readonly at: Instant
  /** Whether all was well; null where a number alone says nothing of that. */
  readonly verdict: 'yes' | 'no' | null
  /** Of the protocol, or of the table of failures: `ECONNREFUSED`, `CERT_HAS_EXPIRED`, `0122`. */
  readonly code: string | null
  readonly tookMs: Millis | null
  /** Numbers and words, free of patient data. Units last: `lagMessages`, `daysLeft`, `offsetMs`. */
  readonly facts: { readonly [name: string]: number | string | null }
}
