import type { Instant, Millis } from '../model/time.ts'

/** What the configuration and the keys of this installation are. Never a secret, nor the place where one stands. */
export interface Installation {
  /** The name of the file, without its folder. */
  readonly configFile: string
  readonly configDigest: string
  readonly retention: {
    readonly exchangeDays: number
    readonly bodyDays: number
    readonly seriesDays: number
    readonly logMs: Millis
    readonly logBytes: number
  }
  /** `sealing` is the configuration's, the others are made of the installation's. `earlier`: keys before it that still count. */
  readonly keys: readonly {
    readonly purpose: 'sealing' | 'tokens' | 'bearer' | 'audit'
    readonly id: string
    readonly earlier: number
  }[]
  /** `proxy`: something before this program speaks TLS. */
  readonly tls: 'own' | 'proxy' | 'none'
  readonly certificateUntil: Instant | null
  readonly provider: { readonly title: string; readonly issuer: string } | null
  readonly sessions: { readonly lifeMs: Millis; readonly idleMs: Millis }
  readonly channels: readonly { readonly name: string; readonly kind: string; readonly language: 'zh' | 'en' }[]
  /** The desk's rules are the hospital's own, not those that come with the product. */
  readonly hasOwnRules: boolean
}
