import type { KeyObject } from 'node:crypto'
import type { Format } from '../model/document.ts'
import type { Address, Catalogue } from '../model/interface.ts'
import type { JourneyPlan } from '../model/journey.ts'
import type { TestEndpoint } from '../model/test-endpoint.ts'
import type { Clock, Millis } from '../model/time.ts'
import type { Store } from '../store/store.ts'
import type { Channel } from './notices/channels/channel.ts'
import type { DeskRules } from './rules/desk-rules.ts'

/** Where the desk says what changed: pino fits. Fields never hold bodies or identifiers. */
export interface Logger {
  info(fields: object, message: string): void
  error(fields: object, message: string): void
}

export interface DeskOptions {
  readonly store: Store
  readonly catalogue: Catalogue
  /** By the name that interfaces carry. */
  readonly formats: ReadonlyMap<string, Format>
  /** Port 0 takes a free one. Loopback unless the configuration says otherwise. */
  readonly listen: Address
  readonly clock: Clock
  readonly logger: Logger
  /** The installation's secrets; the desk uses the key that signs bearer tokens. */
  readonly secrets: { key(purpose: 'bearer'): KeyObject }
  /** How tickets are worked on. */
  readonly rules: DeskRules
  /** Ways for notices out of the house. Default none. */
  readonly channels?: readonly Channel[]
  /** Receivers for tests, where stored messages may be sent again. Default none. */
  readonly testEndpoints?: readonly TestEndpoint[]
  /** The ways that orders take through the interfaces. */
  readonly journeyPlans: readonly JourneyPlan[]
  /** The console's built files; null serves the API only. */
  readonly consoleFolder: string | null
  readonly version?: string
  /** How often incidents are looked at for tickets. Default 1 s. */
  readonly sweepEveryMs?: Millis
  /** A new one-time link at every start, not only until somebody has signed in. For the demonstration. */
  readonly alwaysOfferLink?: boolean
  /** Requests a minute and address. Default 3,000, at most 600 at once. */
  readonly requestsPerMinute?: number
}

export const sweepEveryMsDefault = 1_000
