import type { Address } from './address.ts'
import type { Json } from './json.ts'
import type { Probe } from './probe.ts'
import type { Text } from './text.ts'
import type { Millis } from './time.ts'

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
  /** What Auscult asks it by itself. Left out: nothing. */
  readonly probes?: readonly Probe[]
}

/** The five technical classes of a hospital's systems. */
export type SystemClass = 'clinical' | 'patient' | 'device' | 'operations' | 'infrastructure'

export type ProtocolName = 'mllp' | 'http' | 'dimse' | 'record'
export type FormatName = 'hl7v2' | 'fhir' | 'dicom' | 'soap' | 'json'
export type Criticality = 'high' | 'medium' | 'low'

export type { Address }

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

/** A name and where its password is found: a file, or an environment variable. Never the password itself. */
export interface SaslOptions {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'
  readonly username: string
  readonly passwordFile: string | null
  readonly passwordEnv: string | null
}

/** Topics of a Kafka cluster that this interface's messages pass through, read by an observer in a consumer group of its own. */
export interface KafkaSource {
  readonly brokers: readonly Address[]
  /** A topic's name, or a pattern: `*` stands for any characters. */
  readonly topics: string
  /** Consumer groups of the systems that read these topics: their lag and their members are watched. */
  readonly groups: readonly string[]
  /** Where to begin when Auscult has read nothing of a topic yet. */
  readonly from: 'latest' | 'earliest'
  /** Auscult's own consumer group. */
  readonly observerGroup: string
  /** How often the groups are asked. */
  readonly lagEveryMs: Millis
  readonly tls: TlsOptions | null
  readonly sasl: SaslOptions | null
}

/** A file that comes back and says what the receiver made of a file. */
export interface ResultFiles {
  readonly folder: string
  /** Its name by the file's: `{name}` whole, `{stem}` without its last extension. */
  readonly name: string
  /** Due so long after the file; null: never asked for. */
  readonly withinMs: Millis | null
  /** A larger share of rejected rows than this is a no. 0..1 */
  readonly rejectedShareMax: number
  /** Rows whose `column` holds one of `values` are rejected; null: every row of it is a rejected one. */
  readonly rejected: { readonly column: string; readonly values: readonly string[] } | null
}

/** A folder that this interface's messages are put into as files. It is looked at now and then, never watched: shares don't tell. */
export interface FilesSource {
  readonly folder: string
  /** Of the names in the folder itself; `*` stands for any characters. */
  readonly pattern: string
  /** The empty file that says that a file is whole, by the file's name: `{name}.ok`, `{stem}.ok`. Null: there is none. */
  readonly marker: string | null
  readonly everyMs: Millis
  /** A file is whole when its size and time have stood still for so long. */
  readonly stableMs: Millis
  /** A marker without its file, or a file without its marker, is told of after so long. */
  readonly graceMs: Millis
  /** Wall clock of the hospital, `02:30`, by which a file has to be there each day; null: none is due. */
  readonly deadline: string | null
  readonly encoding: 'auto' | 'utf-8' | 'gb18030' | 'utf-16'
  readonly results: ResultFiles | null
}

export interface Sources {
  readonly proxy: ProxySource | null
  readonly capture: CaptureSource | null
  readonly kafka?: KafkaSource
  readonly files?: FilesSource
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
  /** What Auscult asks the receiving side by itself. Left out: nothing. */
  readonly probes?: readonly Probe[]
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
