import type { SystemClass } from './model/interface.ts'
import type { Json } from './model/json.ts'

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
    readonly connectionsMax?: number
  }
  readonly log?: { readonly sync?: 'none' | 'batch'; readonly retention?: { readonly bytes?: number; readonly days?: number } }
  readonly store?: { readonly exchangeDays?: number; readonly bodyDays?: number; readonly seriesDays?: number }
  readonly encryption?: { readonly keyFile?: string; readonly keyEnv?: string }
  readonly desk?: { readonly rules?: string; readonly channels?: readonly ChannelShape[] }
  readonly api?: { readonly listen?: string }
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
    readonly kafka?: { readonly [key: string]: Json }
    readonly files?: { readonly [key: string]: Json }
  }
  readonly objectives?: { readonly successRate?: number; readonly latencyP95Ms?: number }
  readonly volume?: { readonly perHour: readonly number[]; readonly weekendFactor?: number }
}
