import type { Address } from './address.ts'
import type { Millis } from './time.ts'

/** When a probe asks, and how long it waits. At least one of `everyMs` and `at` is set, unless a person asks. */
export interface ProbePlan {
  readonly everyMs: Millis | null
  /** Wall clock of the hospital: `07:00`, `13:30`. The scheduled inspections of the core systems. */
  readonly at: readonly string[]
  /** The whole probe, from dialling to its last answer. */
  readonly timeoutMs: Millis
}

/** CA bundle that a probed certificate is checked against; null: the system's own. An absolute path. */
interface Trust {
  readonly ca: string | null
}

/** One question that Auscult asks by itself, of one kind. Nothing is ever asked that no configuration names. */
export type Probe = ProbePlan &
  (
    | { readonly kind: 'tcp'; readonly address: Address }
    | ({
        readonly kind: 'tls'
        readonly address: Address
        readonly serverName: string | null
        /** Fewer days left of the certificate than this is a no. */
        readonly daysLeftMin: number
      } & Trust)
    | ({
        readonly kind: 'mllp'
        readonly address: Address
        readonly isTls: boolean
        /** File with one harmless HL7 v2 message; MSH-7 and MSH-10 are set anew each time. */
        readonly message: string
      } & Trust)
    | {
        readonly kind: 'c-echo'
        readonly address: Address
        /** AE title that the peer is expected to answer to. */
        readonly calledAe: string
        readonly callingAe: string
      }
    /** `url`: the base of the FHIR server; `/metadata` is asked. */
    | ({ readonly kind: 'fhir'; readonly url: string } & Trust)
    | ({
        readonly kind: 'http'
        readonly url: string
        readonly method: 'GET' | 'HEAD'
        /** Statuses that say yes; empty: any below 400. */
        readonly statuses: readonly number[]
      } & Trust)
    /** A clock further off than `offsetMsMax` is a no. */
    | { readonly kind: 'ntp'; readonly address: Address; readonly offsetMsMax: Millis }
  )

export type ProbeKind = Probe['kind']
