import type { Json } from './json.ts'
import type { Text } from './text.ts'

/** One system of the hospital, as HIS or LIS. */
export interface System {
  readonly id: string
  readonly name: Text
  readonly owner: string | null
  /** Which coordinator leads the work on it; absent where the configuration doesn't say. */
  readonly systemClass?: SystemClass
  /** IP addresses or host names it speaks from. */
  readonly addresses: readonly string[]
  /** Systems or shared resources (a database, a host, a link) that it needs, declared or not. */
  readonly depends: readonly string[]
  /** How its clock's zone is written when a stamp carries none: an IANA name; null = the hospital's. */
  readonly timezone: string | null
}

/** The five technical classes of a hospital's systems. */
export type SystemClass = 'clinical' | 'patient' | 'device' | 'operations' | 'infrastructure'

export type ProtocolName = 'mllp' | 'http' | 'dimse' | 'record'
export type FormatName = 'hl7v2' | 'fhir' | 'dicom' | 'soap' | 'json'
export type Criticality = 'high' | 'medium' | 'low'

/** A host and a port; IPv6 hosts without brackets. */
export interface Address {
  readonly host: string
  readonly port: number
}

/** TLS on one side of a proxy. File paths are absolute after loading. */
export interface TlsOptions {
  readonly cert: string | null
  readonly key: string | null
  /** CA bundle that the peer's certificate is checked against. */
  readonly ca: string | null
  /** listen: ask the initiator for a certificate and refuse without. upstream: false accepts any certificate. */
  readonly verifyPeer: boolean
  readonly serverName: string | null
}

export interface ProxySource {
  readonly listen: Address
  readonly upstream: Address
  readonly listenTls: TlsOptions | null
  readonly upstreamTls: TlsOptions | null
}

/** Which conversations of a capture are this interface. `null` initiator takes every initiator. Port 0 in an acceptor takes every port. */
export interface CaptureSource {
  readonly acceptor: Address
  readonly initiatorHost: string | null
}

export interface Sources {
  readonly proxy: ProxySource | null
  readonly capture: CaptureSource | null
}

export interface Objectives {
  /** 0..1 */
  readonly successRate: number
  readonly latencyP95Ms: number
}

/** Expected messages per hour by hour of day, 24 numbers on a workday, and what a weekend day multiplies them by. */
export interface ExpectedVolume {
  readonly perHour: readonly number[]
  readonly weekendFactor: number
}

/** One of the hospital's system-to-system connections: an entry of the catalogue. */
export interface Interface {
  readonly id: string
  readonly name: Text
  readonly from: string
  readonly to: string
  readonly protocol: ProtocolName
  readonly format: FormatName
  /** Options of the protocol's decoder and of pairing, as `ackTimeoutMs`; checked against the protocol's schema. */
  readonly options: { readonly [key: string]: Json }
  /** Contract id, or null: hold the traffic to its standard and to what was learned. */
  readonly contract: string | null
  readonly criticality: Criticality
  readonly sources: Sources
  readonly objectives: Objectives
  readonly expectedVolume: ExpectedVolume | null
}

export interface Hospital {
  readonly name: string
  /** IANA zone in which stamps without a zone are read and times are shown. */
  readonly timezone: string
  readonly calendar: string
}

/** Everything that is configured about the hospital. Data, never code. */
export interface Catalogue {
  readonly hospital: Hospital
  readonly systems: readonly System[]
  readonly interfaces: readonly Interface[]
}
