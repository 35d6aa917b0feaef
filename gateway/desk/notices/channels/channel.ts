import type { Notice } from '../../../model/notice.ts'
import type { Instant } from '../../../model/time.ts'

/** A way that notices take out of the house. */
export interface Channel {
  readonly name: string
  /** It takes files, and shows them to people who read this language; left out: it takes none. */
  readonly filesIn?: Language
  /**
   * Resolves when the other side has taken the notice; rejects with ChannelRefusal when it has not, or not surely. The same notice may
   * come again after that: `notice.id` is its idempotency key. Gives up when `signal` is aborted.
   */
  send(notice: Notice, at: Instant, signal: AbortSignal, files?: readonly NoticeFile[]): Promise<void>
}

/** What goes with a notice, as a report. Free of patient data. */
export interface NoticeFile {
  readonly name: string
  /** Its media type. */
  readonly type: string
  readonly bytes: Uint8Array
}

/** Why a notice did not go out. The words carry no address, secret or text of a notice. */
export class ChannelRefusal extends Error {
  override readonly name = 'ChannelRefusal'
}

export type Language = 'zh' | 'en'

interface Named {
  readonly name: string
  readonly language: Language
}

export interface SmtpOptions extends Named {
  readonly kind: 'smtp'
  readonly host: string
  readonly port: number
  /** none: in plain, for a relay on this machine. */
  readonly tls: 'implicit' | 'starttls' | 'none'
  readonly user: string | null
  readonly password: string | null
  readonly from: string
  readonly to: readonly string[]
}

export interface WebhookOptions extends Named {
  readonly kind: 'webhook'
  readonly url: string
  /** Signs what is sent. */
  readonly secret: string
}

export interface RobotOptions extends Named {
  readonly kind: 'wecom' | 'dingtalk' | 'feishu'
  /** Its key is part of it: a secret. */
  readonly url: string
  /** DingTalk and Feishu sign with it, where the robot is set so. */
  readonly secret: string | null
}

export interface AlertmanagerOptions extends Named {
  readonly kind: 'alertmanager'
  /** Without `/api/v2`. */
  readonly url: string
  readonly bearer: string | null
}

export interface TemplatedOptions extends Named {
  readonly kind: 'http'
  readonly url: string
  readonly method: 'POST' | 'PUT'
  readonly headers: { readonly [name: string]: string }
  /** With `{id} {kind} {severity} {title} {text} {secret}`, written as the content type needs it. */
  readonly body: string
  readonly secret: string | null
}

/** One channel as configured, its secrets read. */
export type ChannelOptions = SmtpOptions | WebhookOptions | RobotOptions | AlertmanagerOptions | TemplatedOptions
