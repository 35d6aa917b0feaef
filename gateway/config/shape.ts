import type { SystemClass } from '../model/interface.ts'
import type { Json } from '../model/json.ts'
import type { ProbeKind } from '../model/probe.ts'

/** The configuration file as `config.schema.json` allows it. Only a value that has passed that schema has this type. */
export interface ConfigShape {
  readonly hospital?: { readonly name?: string; readonly timezone?: string; readonly calendar?: string }
  readonly systems?: readonly SystemShape[]
  readonly interfaces: readonly InterfaceShape[]
  readonly edge?: {
    readonly id?: string
    readonly bodyBytesMax?: number
    readonly frameBytesMax?: number
    readonly memoryBytesMax?: number
    readonly ringBytes?: number
    readonly connectionsMax?: number
  }
  readonly log?: { readonly sync?: 'none' | 'batch'; readonly retention?: { readonly bytes?: number; readonly days?: number } }
  readonly store?: { readonly exchangeDays?: number; readonly bodyDays?: number; readonly seriesDays?: number }
  readonly encryption?: { readonly keyFile?: string; readonly keyEnv?: string }
  readonly desk?: {
    readonly rules?: string
    readonly channels?: readonly ChannelShape[]
    readonly testEndpoints?: readonly TestEndpointShape[]
    readonly contractsFolder?: string
    readonly captureBytesMax?: number
  }
  readonly api?: {
    readonly listen?: string
    readonly tls?: { readonly cert: string; readonly key: string }
    readonly behindTls?: boolean
    readonly proxies?: readonly string[]
  }
  readonly access?: AccessShape
  readonly audit?: {
    readonly anchorFile?: string
    readonly syslog?: {
      readonly host: string
      readonly port?: number
      readonly ca?: string
      readonly cert?: string
      readonly key?: string
      readonly serverName?: string
    }
  }
}

export interface AccessShape {
  readonly idleMinutes?: number
  readonly sessionHours?: number
  readonly oidc?: {
    readonly title?: string
    readonly issuer: string
    readonly clientId: string
    readonly clientSecret?: SecretShape
    readonly address: string
    readonly scope?: string
    readonly nameClaim?: string
    readonly roleClaim?: string
    readonly roles: { readonly [value: string]: 'viewer' | 'engineer' | 'desk' | 'privacy' | 'auditor' | 'admin' }
  }
}

/** A receiver for tests: `address` of mllp, `url` of http. */
export interface TestEndpointShape {
  readonly name: string
  readonly protocol: 'mllp' | 'http'
  readonly address?: string
  readonly url?: string
  readonly timeoutMs?: number
}

/** Where a secret stands. Never the secret itself: the configuration may be copied and mailed. */
export interface SecretShape {
  readonly file?: string
  readonly env?: string
}

export interface ChannelShape {
  readonly name: string
  readonly kind: 'smtp' | 'webhook' | 'wecom' | 'dingtalk' | 'feishu' | 'alertmanager' | 'http'
  readonly language?: 'zh' | 'en'
  readonly url?: string
  readonly urlFrom?: SecretShape
  readonly secret?: SecretShape
  readonly host?: string
  readonly port?: number
  readonly tls?: 'implicit' | 'starttls' | 'none'
  readonly user?: string
  readonly from?: string
  readonly to?: readonly string[]
  readonly method?: 'POST' | 'PUT'
  readonly headers?: { readonly [name: string]: string }
  readonly body?: string
}

export type TextShape = string | { readonly zh?: string; readonly en?: string }

export interface SystemShape {
  readonly id: string
  readonly name?: TextShape
  readonly owner?: string
  readonly category?: SystemClass
  readonly addresses?: readonly string[]
  readonly depends?: readonly string[]
  readonly timezone?: string
  readonly probes?: readonly ProbeShape[]
}

export interface TlsShape {
  readonly cert?: string
  readonly key?: string
  readonly ca?: string
  readonly verifyPeer?: boolean
  readonly serverName?: string
}

export interface InterfaceShape {
  readonly id: string
  readonly name?: TextShape
  readonly from: string
  readonly to: string
  readonly protocol: 'mllp' | 'http' | 'dimse' | 'record'
  readonly format?: 'hl7v2' | 'fhir' | 'dicom' | 'soap' | 'json'
  readonly options?: { readonly [key: string]: Json }
  readonly contract?: string
  readonly criticality?: 'high' | 'medium' | 'low'
  readonly owner?: string
  readonly source?: {
    readonly proxy?: {
      readonly listen: string
      readonly upstream: string
      readonly tls?: { readonly listen?: TlsShape; readonly upstream?: TlsShape }
    }
    readonly capture?: { readonly acceptor: string; readonly initiator?: string }
    readonly kafka?: KafkaShape
    readonly files?: FilesShape
  }
  readonly objectives?: { readonly successRate?: number; readonly latencyP95Ms?: number }
  readonly volume?: { readonly perHour: readonly number[]; readonly weekendFactor?: number }
  readonly probes?: readonly ProbeShape[]
}

export interface KafkaShape {
  readonly brokers: readonly string[]
  readonly topic?: string
  readonly topics?: string
  readonly groups?: readonly string[]
  readonly from?: 'latest' | 'earliest'
  readonly observerGroup?: string
  readonly lagEveryMs?: number
  readonly tls?: TlsShape
  readonly sasl?: {
    readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'
    readonly username: string
    readonly passwordFile?: string
    readonly passwordEnv?: string
  }
}

export interface FilesShape {
  readonly folder: string
  readonly pattern?: string
  readonly marker?: string
  readonly everyMs?: number
  readonly stableMs?: number
  readonly graceMs?: number
  readonly deadline?: string
  readonly encoding?: 'auto' | 'utf-8' | 'gb18030' | 'utf-16'
  readonly results?: {
    readonly folder?: string
    readonly name: string
    readonly withinMs?: number
    readonly rejectedShareMax?: number
    readonly rejected?: { readonly column: string; readonly values: readonly string[] }
  }
}

/** Which of these a probe takes depends on its kind. */
export interface ProbeShape {
  readonly kind: ProbeKind
  readonly everyMs?: number
  readonly at?: readonly string[]
  readonly timeoutMs?: number
  readonly address?: string
  readonly serverName?: string
  readonly daysLeftMin?: number
  readonly ca?: string
  readonly message?: string
  readonly tls?: boolean
  readonly calledAe?: string
  readonly callingAe?: string
  readonly url?: string
  readonly method?: 'GET' | 'HEAD'
  readonly statuses?: readonly number[]
  readonly offsetMsMax?: number
}
