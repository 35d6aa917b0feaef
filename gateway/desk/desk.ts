import { randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { failure } from '../model/failures.ts'
import type { Address } from '../model/interface.ts'
import type { Store } from '../store/store.ts'
import { createRateLimit } from './access/rate.ts'
import { createSignInSecret } from './access/session.ts'
import { bundleRoutes } from './api/bundle.ts'
import { changeRoutes } from './api/changes.ts'
import { createEventStream } from './api/events.ts'
import { exchangeRoutes } from './api/exchanges.ts'
import { exportRoutes } from './api/export.ts'
import { interfaceRoutes } from './api/interfaces.ts'
import { journeyRoutes } from './api/journeys.ts'
import { knowledgeRoutes } from './api/knowledge.ts'
import { createPresenter } from './api/present.ts'
import { resendRoutes } from './api/resend.ts'
import { createApp } from './api/server.ts'
import { sessionRoutes } from './api/session.ts'
import { ticketRoutes } from './api/tickets.ts'
import { createBoard } from './board.ts'
import { type DeskOptions, sweepEveryMsDefault } from './desk-options.ts'
import { createJourneys } from './journeys/journeys.ts'
import { createKnowledge } from './knowledge/knowledge.ts'
import { createMessages } from './messages.ts'
import { metricsText } from './metrics.ts'
import type { Channel } from './notices/channels/channel.ts'
import { startNotices } from './notices/notices.ts'
import { recordConfiguration } from './record-configuration.ts'
import { createResend } from './resend/resend.ts'
import type { Setting } from './setting.ts'
import { errorWords, startSweeping } from './sweeping.ts'

export interface Desk {
  readonly address: Address
  /** Signs the administrator in, once. Null when somebody has signed in before. To be printed, never logged. */
  readonly signInLink: string | null
  close(): Promise<void>
}

const administrator = 'admin'
const signedInSetting = 'signed-in-once'

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
  const changeId = await recordConfiguration(store, catalogue, clock.now())
  if (changeId !== null) logger.info({ changeId }, 'the configuration differs from the last one that was at work')
  const sweeping = startSweeping(options, setting, holder)
  const onFault = (error: unknown) => logger.error({ ...errorWords(error) }, 'a request failed by a fault of ours')
  const notices = startSending(options, channels, holder)
  const events = createEventStream(store, clock, onFault)
  const messages = createMessages(store, catalogue, options.formats)
  const resend = createResend({ store, catalogue, messages, clock, endpoints: options.testEndpoints ?? [] })
  const knowledge = createKnowledge({ store, catalogue, clock, refusalsOf: messages.refusals })
  const perMinute = options.requestsPerMinute ?? 3_000
  const app = createApp({
    store,
    clock,
    bearerKey: options.secrets.key('bearer'),
    bindings: [
      ...interfaceRoutes({ store, catalogue, board, clock, present }),
      // Before the exchanges: `export` is no id.
      ...exportRoutes({ store, clock, present }),
      ...exchangeRoutes({ store, messages, clock, present }),
      ...journeyRoutes({ journeys: createJourneys({ store, catalogue, plans: options.journeyPlans }), present }),
      ...ticketRoutes({ store, clock, present, setting, knowledge }),
      ...changeRoutes({ store, catalogue, clock, present }),
      ...knowledgeRoutes({ store, knowledge, present, clock }),
      ...resendRoutes({ store, resend, present }),
      ...bundleRoutes({ store, messages, catalogue, present, clock }),
      ...sessionRoutes(store, present),
    ],
    events,
    metrics: () => metricsText(store, board, clock.now()),
    isReady: async () => sweeping.isHealthy() && (await isAnswering(store)),
    version: options.version ?? '0.1.0',
    consoleFolder: options.consoleFolder,
    limits: {
      requests: createRateLimit(clock, { perMinute, burst: Math.ceil(perMinute / 5) }),
      signIns: createRateLimit(clock, { perMinute: 10, burst: 10 }),
    },
    onFault,
    onSignIn: (name) => {
      void store.setSetting(signedInSetting, true).catch(onFault)
      logger.info({ name }, 'signed in')
    },
  })
  const server = createServer(
    { requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: 10_000, maxHeaderSize: 16_384 },
    app,
  )
  const address = await listening(server, options.listen).catch(async (error: unknown) => {
    await Promise.all([sweeping.stop(), notices.stop()])
    throw error
  })
  logger.info({ host: address.host, port: address.port }, 'the desk listens')
  return {
    address,
    signInLink: await offerLink(options, address),
    close: async () => {
      events.close()
      await Promise.all([sweeping.stop(), notices.stop()])
      await closed(server)
    },
  }
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

async function offerLink({ store, clock, alwaysOfferLink }: DeskOptions, address: Address): Promise<string | null> {
  if (alwaysOfferLink !== true && (await store.setting(signedInSetting)) === true) return null
  const secret = await createSignInSecret(store, administrator, 'admin', clock.now())
  const host = address.host.includes(':') ? `[${address.host}]` : address.host
  return `http://${host}:${address.port}/signin?token=${secret}`
}

async function isAnswering(store: Store): Promise<boolean> {
  try {
    await store.resume()
    return true
  } catch {
    return false
  }
}

function listening(server: Server, { host, port }: Address): Promise<Address> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const code = 'code' in error && error.code === 'EADDRINUSE' ? 'PORT_IN_USE' : 'LISTEN_FAILED'
      reject(failure(code, `The desk can not listen on ${host}:${port}.`, { cause: error }))
    })
    server.listen(port, host, () => {
      const bound = server.address()
      resolve({ host, port: typeof bound === 'object' && bound !== null ? bound.port : port })
    })
  })
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
