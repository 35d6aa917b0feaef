import { type KeyObject, randomUUID } from 'node:crypto'
import type { Format } from '../model/document.ts'
import type { Address, Catalogue } from '../model/interface.ts'
import type { JourneyPlan } from '../model/journey.ts'
import type { Clock, Millis } from '../model/time.ts'
import type { Store } from '../store/store.ts'
import { createAccounts } from './access/accounts.ts'
import { offerFirstLinks } from './access/first-links.ts'
import { createPasswords, type Passwords } from './access/passwords.ts'
import type { Role } from './access/permissions.ts'
import type { Provider } from './access/provider.ts'
import { createRateLimit } from './access/rate.ts'
import { createGrantBook } from './access/role-grants.ts'
import { defaultSessionLimits, type SessionLimits } from './access/session.ts'
import { createSignIns } from './access/sign-in.ts'
import { auditBindings } from './api/audit.ts'
import { createEventStream } from './api/events.ts'
import { exchangeRoutes } from './api/exchanges.ts'
import { interfaceRoutes } from './api/interfaces.ts'
import { journeyRoutes } from './api/journeys.ts'
import { createPresenter } from './api/present.ts'
import { createApp } from './api/server.ts'
import { sessionRoutes } from './api/session.ts'
import { ticketRoutes } from './api/tickets.ts'
import { userBindings } from './api/users.ts'
import type { Anchor } from './audit/anchors.ts'
import { createAuditedReads } from './audit/audited.ts'
import { startAudit } from './audit/start-audit.ts'
import { createBoard } from './board.ts'
import { endDutySweeps, sweepDuties } from './duties/sweep-duties.ts'
import { createJourneys } from './journeys/journeys.ts'
import { listen, type ServerTls } from './listen.ts'
import { createPseudonyms } from './masking/pseudonyms.ts'
import { createMessages } from './messages.ts'
import { metricsText } from './metrics.ts'
import type { Channel } from './notices/channels/channel.ts'
import { startNotices } from './notices/notices.ts'
import type { DeskRules } from './rules/desk-rules.ts'
import type { Setting } from './setting.ts'
import { sweepTickets } from './tickets.ts'

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
  /** The installation's secrets; the desk uses the keys that sign bearer tokens and the audit, and that name patients. */
  readonly secrets: { key(purpose: 'bearer' | 'checkpoints' | 'pseudonyms'): KeyObject }
  /** How tickets are worked on. */
  readonly rules: DeskRules
  /** Ways for notices out of the house. Default none. */
  readonly channels?: readonly Channel[]
  /** Where signatures of the audit are put away. Default nowhere. */
  readonly anchors?: readonly Anchor[]
  /** What tells one configuration from another in the audit. */
  readonly configDigest?: string
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
  /** Requests a minute and address. Default 3,000, at most 600 at once. */
  readonly requestsPerMinute?: number
}

export interface Desk {
  readonly address: Address
  /** The first of the links; null when there is none. To be printed, never logged. */
  readonly signInLink: string | null
  /** One-time links for whoever begins with this installation, the one to be followed first in front. */
  readonly signInLinks: readonly { readonly role: Role; readonly url: string }[]
  /** `https://HOST:PORT` */
  readonly url: string
  close(): Promise<void>
}

const versionDefault = '0.1.0'
const sweepEveryMsDefault = 1_000

/**
 * Starts the desk: tickets from incidents, the API, metrics and the console. Fails with PORT_IN_USE or LISTEN_FAILED; nothing keeps
 * running then.
 */
export async function startDesk(options: DeskOptions): Promise<Desk> {
  const { store, catalogue, clock, logger } = options
  const board = createBoard(store, catalogue, clock)
  const present = createPresenter(catalogue.hospital.timezone)
  const channels = options.channels ?? []
  const setting: Setting = { rules: options.rules, catalogue, channels: channels.map(({ name }) => name) }
  const holder = randomUUID()
  // Before anything runs: when it can't be done, nothing is left running.
  await store.keepChannels(setting.channels)
  const sweeping = startSweeping(options, setting, holder)
  const onFault = (error: unknown) => logger.error({ ...errorWords(error) }, 'a request failed by a fault of ours')
  const notices = startSending(options, channels, holder)
  const events = createEventStream(store, clock, onFault)
  // A desk that can't write the audit shows nothing that has to be in it, but tickets and notices go on.
  await recordStart(options).catch(onFault)
  const audit = startAudit({
    store,
    seed: options.secrets.key('checkpoints'),
    anchors: options.anchors ?? [],
    clock,
    logger,
    onFault,
  })
  const pseudonym = createPseudonyms(options.secrets.key('pseudonyms'))
  const grants = createGrantBook(store, clock)
  const messages = createMessages(store, catalogue, options.formats, pseudonym)
  const sessionLimits = options.sessionLimits ?? defaultSessionLimits
  const passwords = options.passwords ?? createPasswords()
  const perMinute = options.requestsPerMinute ?? 3_000
  const app = createApp({
    store,
    clock,
    bearerKey: options.secrets.key('bearer'),
    bindings: [
      ...interfaceRoutes({ store, catalogue, board, clock, present }),
      ...exchangeRoutes({ store, messages, grants, clock, present }),
      ...journeyRoutes({ journeys: createJourneys({ store, catalogue, plans: options.journeyPlans }), present }),
      ...ticketRoutes({ store, clock, present, setting }),
      ...sessionRoutes(store, clock),
      ...userBindings({ accounts: createAccounts({ store, clock, passwords }), grants, clock, present }),
      ...auditBindings({ store, clock, present, ...audit, source: catalogue.hospital.name }),
    ],
    signIns: createSignIns({ store, clock, passwords, limits: sessionLimits }),
    provider: options.provider ?? null,
    sessionLimits,
    isSecure: (options.tls ?? null) !== null || options.isBehindTls === true,
    auditedRead: createAuditedReads(pseudonym),
    events,
    metrics: () => metricsText(store, board, clock.now()),
    isReady: async () => sweeping.isHealthy() && (await isAnswering(store)),
    version: options.version ?? versionDefault,
    consoleFolder: options.consoleFolder,
    limits: {
      requests: createRateLimit(clock, { perMinute, burst: Math.ceil(perMinute / 5) }),
      signIns: createRateLimit(clock, { perMinute: 10, burst: 10 }),
    },
    onFault,
    onSignIn: (name) => logger.info({ name }, 'signed in'),
  })
  const listening = await listen(app, options.listen, options.tls ?? null).catch(async (error: unknown) => {
    await Promise.all([sweeping.stop(), notices.stop(), audit.stop()])
    throw error
  })
  const { address, url } = listening
  logger.info({ host: address.host, port: address.port }, 'the desk listens')
  const links = await offerFirstLinks(store, clock.now(), options.alwaysOfferLink === true)
  const signInLinks = links.map(({ role, path }) => ({ role, url: `${url}${path}` }))
  return {
    address,
    url,
    signInLinks,
    signInLink: signInLinks[0]?.url ?? null,
    close: async () => {
      events.close()
      await Promise.all([sweeping.stop(), notices.stop()])
      await listening.close()
      await audit.stop()
    },
  }
}

/** A new configuration begins with a new start: which one was at work when can be read from the audit. */
function recordStart({ store, clock, configDigest, version = versionDefault }: DeskOptions): Promise<void> {
  const row = { at: clock.now(), by: 'auscult', role: 'system', action: 'start', subject: `desk ${version}` }
  return store.appendAudit({ ...row, reason: configDigest === undefined ? null : `configuration ${configDigest}` })
}

function startSending(
  { store, catalogue, clock, logger, sweepEveryMs = sweepEveryMsDefault }: DeskOptions,
  channels: readonly Channel[],
  holder: string,
) {
  return startNotices({
    store,
    channels,
    clock,
    timezone: catalogue.hospital.timezone,
    holder,
    everyMs: sweepEveryMs,
    onChange: (channel, refusal) => {
      if (refusal === null) logger.info({ channel }, 'a channel for notices delivers again')
      else logger.error({ channel, refusal }, 'a channel for notices delivers nothing')
    },
    onFault: (error) => logger.error({ ...errorWords(error) }, 'notices can not be sent'),
  })
}

interface Sweeping {
  isHealthy(): boolean
  /** Resolves when no sweep runs any more. */
  stop(): Promise<void>
}

function startSweeping(
  { store, clock, logger, sweepEveryMs = sweepEveryMsDefault }: DeskOptions,
  setting: Setting,
  holder: string,
): Sweeping {
  const duties = { store, setting, holder }
  let isHealthy = true
  let isStopped = false
  let cancel = () => {}
  const sweep = async () => {
    try {
      const now = clock.now()
      const changed = await sweepTickets(store, setting, now)
      const late = await sweepDuties(duties, now)
      if (!isHealthy) logger.info({}, 'tickets are swept again')
      isHealthy = true
      if (changed.length > 0) logger.info({ ticketIds: changed }, 'tickets opened or brought up to date')
      if (late.length > 0) logger.info({ ticketIds: late }, 'duties of tickets are overdue')
    } catch (error) {
      // Said once when it begins: the sweep goes on, and what wasn't written is swept again.
      if (isHealthy) logger.error({ ...errorWords(error) }, 'tickets can not be swept')
      isHealthy = false
    }
    if (!isStopped)
      cancel = clock.after(sweepEveryMs, () => {
        running = sweep()
      })
  }
  let running = sweep()
  return {
    isHealthy: () => isHealthy,
    stop: async () => {
      isStopped = true
      cancel()
      await running
      cancel()
      // A store that can't answer any more lets the lease expire.
      await endDutySweeps(duties).catch(() => {})
    },
  }
}

async function isAnswering(store: Store): Promise<boolean> {
  try {
    await store.resume()
    return true
  } catch {
    return false
  }
}

/** What a log line may say of an error: its kind, its code and where, never its message, which may quote a value. */
function errorWords(error: unknown): { readonly error: string; readonly code?: string; readonly at?: string } {
  if (!(error instanceof Error)) return { error: typeof error }
  const frames = (error.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '))
  return {
    error: error.name,
    ...('code' in error && typeof error.code === 'string' ? { code: error.code } : {}),
    at: frames
      .slice(0, 8)
      .map((line) => line.trim())
      .join(' < '),
  }
}
