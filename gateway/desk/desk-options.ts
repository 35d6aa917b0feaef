import type { KeyObject } from 'node:crypto'
import type { Format } from '../model/document.ts'
import type { Address, Catalogue } from '../model/interface.ts'
import type { JourneyPlan } from '../model/journey.ts'
import type { Logger } from '../model/logger.ts'
import type { TestEndpoint } from '../model/test-endpoint.ts'
import type { Clock, Millis } from '../model/time.ts'
import type { Works } from '../model/work.ts'
import type { Store } from '../store/store.ts'
import type { Passwords } from './access/passwords.ts'
import type { Provider } from './access/provider.ts'
import type { SessionLimits } from './access/session.ts'
import type { Anchor } from './audit/anchors.ts'
import type { Captures } from './captures.ts'
import type { Installation } from './installation.ts'
import type { ServerTls } from './listen.ts'
import type { Channel } from './notices/channels/channel.ts'
import type { DeskRules } from './rules/desk-rules.ts'

export interface DeskOptions {
  readonly store: Store
  readonly catalogue: Catalogue
  /** By the name that interfaces carry. */
  readonly formats: ReadonlyMap<string, Format>
  /** Port 0 takes a free one. Loopback unless the configuration says otherwise. */
  readonly listen: Address
  readonly clock: Clock
  readonly logger: Pick<Logger, 'info' | 'error'>
  /** The installation's secrets; the desk uses the keys that sign bearer tokens and the audit, and that name patients. */
  readonly secrets: { key(purpose: 'bearer' | 'checkpoints' | 'pseudonyms'): KeyObject }
  /** How tickets are worked on. */
  readonly rules: DeskRules
  /** Ways for notices out of the house. Default none. */
  readonly channels?: readonly Channel[]
  /** Where signatures of the audit are put away. Default nowhere. */
  readonly anchors?: readonly Anchor[]
  /** How it is set up, for those who may know. Left out: it was started without a configuration (tests). */
  readonly installation?: Installation
  /** Receivers for tests, where stored messages may be sent again. Default none. */
  readonly testEndpoints?: readonly TestEndpoint[]
  /** Work in threads of its own, and what it is done on. Left out: no proposals, backtests and captures (tests). */
  readonly work?: DeskWork
  /** The ways that orders take through the interfaces. */
  readonly journeyPlans: readonly JourneyPlan[]
  /** The console's built files; null serves the API only. */
  readonly consoleFolder: string | null
  readonly version?: string
  /** How often incidents are looked at for tickets. Default 1 s. */
  readonly sweepEveryMs?: Millis
  /** New one-time links at every start, and one for an engineer. For the demonstration. */
  readonly alwaysOfferLink?: boolean
  /** Default: scrypt at full cost. */
  readonly passwords?: Passwords
  /** Who else says who people are. Default nobody. */
  readonly provider?: Provider | null
  /** Default: an hour idle, twelve in all. */
  readonly sessionLimits?: SessionLimits
  /** Left out: plain HTTP, for loopback or behind a proxy. */
  readonly tls?: ServerTls | null
  /** A proxy before us has TLS: the session's cookie goes over nothing else. */
  readonly isBehindTls?: boolean
  /** Addresses and networks of proxies before us: what they say in X-Forwarded-For is who asks. Default none. */
  readonly proxies?: readonly string[]
  /** Requests a minute and address. Default 3,000, at most 600 at once. */
  readonly requestsPerMinute?: number
}

export interface DeskWork {
  readonly works: Works
  readonly captures: Captures
  /** Of the capture that comes with the product. */
  readonly sampleCatalogue: Catalogue
  /** Keeps a proposed contract where the configuration says so, and gives the file's name; null: nowhere. */
  readonly saveProposal: ((contractId: string, text: string) => Promise<string>) | null
}

export const sweepEveryMsDefault = 1_000
