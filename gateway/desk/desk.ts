import { randomUUID } from 'node:crypto'
import type { Address } from '../model/interface.ts'
import type { Works } from '../model/work.ts'
import type { Store } from '../store/store.ts'
import { createAccounts } from './access/accounts.ts'
import { offerFirstLinks } from './access/first-links.ts'
import { createPasswords } from './access/passwords.ts'
import type { Role } from './access/permissions.ts'
import { createRateLimit } from './access/rate.ts'
import { createGrantBook } from './access/role-grants.ts'
import { defaultSessionLimits } from './access/session.ts'
import { createSignIns } from './access/sign-in.ts'
import { auditBindings } from './api/audit.ts'
import { bundleRoutes } from './api/bundle.ts'
import { captureRoutes } from './api/captures.ts'
import { changeRoutes } from './api/changes.ts'
import { contractRoutes } from './api/contracts.ts'
import { createEventStream } from './api/events.ts'
import { exchangeRoutes } from './api/exchanges.ts'
import { exportRoutes } from './api/export.ts'
import { interfacePastRoutes } from './api/interface-past.ts'
import { interfaceRoutes } from './api/interfaces.ts'
import { journeyRoutes } from './api/journeys.ts'
import { knowledgeRoutes } from './api/knowledge.ts'
import { createPresenter } from './api/present.ts'
import { reportApi } from './api/reports.ts'
import { resendRoutes } from './api/resend.ts'
import { searchRoutes } from './api/searches.ts'
import { createApp } from './api/server.ts'
import { sessionRoutes } from './api/session.ts'
import { settingsRoutes } from './api/settings.ts'
import { ticketRoutes } from './api/tickets.ts'
import { userBindings } from './api/users.ts'
import { createAuditedReads } from './audit/audited.ts'
import { auditRow, auscult } from './audit/row.ts'
import { startAudit } from './audit/start-audit.ts'
import { createBoard } from './board.ts'
import { type ContractJobs, createContractJobs } from './contract-jobs.ts'
import { type DeskOptions, type DeskWork, sweepEveryMsDefault } from './desk-options.ts'
import { createJourneys } from './journeys/journeys.ts'
import { createKnowledge } from './knowledge/knowledge.ts'
import { listen } from './listen.ts'
import { createPseudonyms } from './masking/pseudonyms.ts'
import { createMessages } from './messages.ts'
import { metricsText } from './metrics.ts'
import type { Channel } from './notices/channels/channel.ts'
import { startNotices } from './notices/notices.ts'
import { recordConfiguration } from './record-configuration.ts'
import { createReports, type Reports } from './reports/reports.ts'
import { startReports } from './reports/start-reports.ts'
import { createResend } from './resend/resend.ts'
import type { Setting } from './setting.ts'
import { errorWords, startSweeping } from './sweeping.ts'

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
  const reports = createReports({ store, catalogue, rules: options.rules })
  const sweeping = startSweeping(options, setting, holder)
  const onFault = (error: unknown) => logger.error({ ...errorWords(error) }, 'a request failed by a fault of ours')
  const notices = startSending(options, channels, holder, reports)
  const reporting = startReports({
    sources: reports.sources,
    channels: setting.channels,
    holder,
    clock,
    everyMs: options.sweepEveryMs ?? sweepEveryMsDefault,
    onMade: (reportIds) => logger.info({ reportIds }, 'a report was made'),
    onFault: (error) => logger.error({ ...errorWords(error) }, 'reports can not be made'),
  })
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
  const resend = createResend({ store, catalogue, messages, clock, endpoints: options.testEndpoints ?? [] })
  const knowledge = createKnowledge({ store, catalogue, clock, refusalsOf: messages.refusals })
  const sessionLimits = options.sessionLimits ?? defaultSessionLimits
  const passwords = options.passwords ?? createPasswords()
  const perMinute = options.requestsPerMinute ?? 3_000
  const { work, version = versionDefault } = options
  const jobs = createContractJobs(work?.works ?? noWorks, clock, work?.saveProposal ?? null)
  const app = createApp({
    store,
    clock,
    bearerKey: options.secrets.key('bearer'),
    bindings: [
      ...interfaceRoutes({ store, catalogue, board, clock, present }),
      ...interfacePastRoutes({ store, catalogue, clock, present }),
      // Before the exchanges: `export` is no id.
      ...exportRoutes({ store, clock, present }),
      ...exchangeRoutes({ store, messages, grants, clock, present }),
      ...journeyRoutes({ journeys: createJourneys({ store, catalogue, plans: options.journeyPlans }), present }),
      ...ticketRoutes({ store, clock, present, setting, knowledge }),
      ...changeRoutes({ store, catalogue, clock, present }),
      ...knowledgeRoutes({ store, knowledge, present, clock }),
      ...resendRoutes({ store, resend, present }),
      ...bundleRoutes({ store, messages, catalogue, present, clock }),
      ...reportApi({ store, reports, clock, present }),
      ...sessionRoutes(store, clock),
      ...settingsRoutes({
        ...{ store, clock, present, version, channels, timezone: catalogue.hospital.timezone },
        testEndpoints: (options.testEndpoints ?? []).map(({ name }) => name),
        installation: options.installation ?? null,
      }),
      ...searchRoutes({ store, clock, present }),
      ...contractRoutes({ store, catalogue, clock, present, jobs }),
      ...(work === undefined ? [] : captureRoutes({ ...work, store, catalogue, formats: options.formats, clock, present })),
      ...userBindings({ accounts: createAccounts({ store, clock, passwords }), grants, clock, present }),
      ...auditBindings({ store, clock, present, ...audit, source: catalogue.hospital.name }),
    ],
    signIns: createSignIns({ store, clock, passwords, limits: sessionLimits }),
    provider: options.provider ?? null,
    sessionLimits,
    isSecure: (options.tls ?? null) !== null || options.isBehindTls === true,
    isBehindTls: options.isBehindTls === true,
    proxies: options.proxies ?? [],
    auditedRead: createAuditedReads(pseudonym),
    events,
    metrics: () => metricsText(store, board, clock.now()),
    isReady: async () => sweeping.isHealthy() && (await isAnswering(store)),
    version,
    consoleFolder: options.consoleFolder,
    limits: {
      requests: createRateLimit(clock, { perMinute, burst: Math.ceil(perMinute / 5) }),
      signIns: createRateLimit(clock, { perMinute: 10, burst: 10 }),
    },
    onFault,
    onSignIn: (name) => logger.info({ name }, 'signed in'),
  })
  const listening = await listen(app, options.listen, options.tls ?? null).catch(async (error: unknown) => {
    events.close()
    await Promise.all([sweeping.stop(), notices.stop(), reporting.stop(), audit.stop(), endWork(jobs, work)])
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
      await Promise.all([sweeping.stop(), notices.stop(), reporting.stop(), endWork(jobs, work)])
      await listening.close()
      await audit.stop()
    },
  }
}

const noWorks: Works = {
  start(_order, told) {
    told({
      kind: 'failed',
      message: 'This desk has no threads for work.',
      advice: 'Start the whole product.',
    })
    return { stop: async () => {} }
  },
}

async function endWork(jobs: ContractJobs, work: DeskWork | undefined): Promise<void> {
  await Promise.all([jobs.close(), work?.captures.close()])
}

/** A new configuration begins with a new start: which one was at work when can be read from the audit. */
function recordStart({ store, clock, installation, version = versionDefault }: DeskOptions): Promise<void> {
  const reason = installation === undefined ? null : `configuration ${installation.configDigest}`
  return store.appendAudit(auditRow(auscult, clock.now(), { action: 'start', subject: `desk ${version}`, reason }))
}

function startSending(
  { store, catalogue, clock, logger, sweepEveryMs = sweepEveryMsDefault }: DeskOptions,
  channels: readonly Channel[],
  holder: string,
  reports: Reports,
) {
  return startNotices({
    store,
    channels,
    clock,
    timezone: catalogue.hospital.timezone,
    holder,
    filesOf: async ({ reportId }, language) => {
      const file = reportId === undefined ? null : await reports.keptFile(reportId, 'pdf', language)
      return file === null ? [] : [file]
    },
    everyMs: sweepEveryMs,
    onChange: (channel, refusal) => {
      if (refusal === null) logger.info({ channel }, 'a channel for notices delivers again')
      else logger.error({ channel, refusal }, 'a channel for notices delivers nothing')
    },
    onFault: (error) => logger.error({ ...errorWords(error) }, 'notices can not be sent'),
  })
}

async function isAnswering(store: Store): Promise<boolean> {
  try {
    await store.resume()
    return true
  } catch {
    return false
  }
}
