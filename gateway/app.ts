/**
 * The composition root: the one place that knows which parts there are, and puts them together, role by role. Exempt from the file length:
 * splitting it would hide how the parts meet. Each role imports only its own
 * parts, when it starts: the edge must start fast and carry nothing that it doesn't use.
 */

import { createHash, createSecretKey } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { flushCompileCache } from 'node:module'
import { dirname, isAbsolute, join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { Logger } from 'pino'
import type { EngineParts } from './analysis/engine.ts'
import type { InspectParts } from './analysis/inspect.ts'
import { systemClock as readSystemClock } from './clock.ts'
import { watchClockHealth } from './clock-health.ts'
import type { Config, Known } from './config/config.ts'
import type { DeskWork } from './desk/desk-options.ts'
import type { DeskRules } from './desk/rules/desk-rules.ts'
import type { EdgeLimits } from './edge/limits.ts'
import type { EdgeThreadSetup } from './edge-thread-setup.ts'
import type { Format } from './model/document.ts'
import { Failure } from './model/failure.ts'
import type { Protocol } from './model/frame.ts'
import type { Catalogue } from './model/interface.ts'
import type { CompiledContract } from './model/violation.ts'
import { announce, rememberConfig, withdraw } from './run-folder.ts'
import { loadSealingKey } from './sealing-key.ts'
import { catchSignals, type Signals } from './signals.ts'
import type { Secrets } from './store/secrets.ts'
import type { Store } from './store/store.ts'
import type { Role } from './supervise.ts'

/** The clock of this process. */
export const systemClock = readSystemClock()
const clock = systemClock

/** Every protocol that this version reads on a wire. A new one is a line here. */
export async function protocols(): Promise<readonly Protocol[]> {
  const { mllp } = await import('../adapters/protocols/mllp/protocol.ts')
  const { http } = await import('../adapters/protocols/http/protocol.ts')
  const { dimse } = await import('../adapters/protocols/dimse/protocol.ts')
  return [mllp, http, dimse]
}

/** Every format that this version reads, by name. A new one is a line here. */
export async function formats(): Promise<ReadonlyMap<string, Format>> {
  const { fhir } = await import('../adapters/formats/fhir/fhir.ts')
  const { hl7v2 } = await import('../adapters/formats/hl7v2/hl7v2.ts')
  const { dicom } = await import('../adapters/formats/dicom/dicom.ts')
  const { json } = await import('../adapters/formats/json/json.ts')
  const { soap } = await import('../adapters/formats/soap/soap.ts')
  return new Map([dicom, fhir, hl7v2, json, soap].map((format) => [format.name, format]))
}

/** The rules that tickets follow: those of the configuration's own file, or the customer's. */
export async function deskRules(config: Config): Promise<DeskRules> {
  const { customerRules, loadRules } = await import('./desk/rules/read-rules.ts')
  return config.desk.rules === null ? customerRules : loadRules(config.desk.rules)
}

/** What a configuration may name in this version. */
export async function known(): Promise<Known> {
  return {
    protocols: await protocols(),
    hasContract: (reference, folder) => existsSync(contractFile(reference, folder)),
    rulesFailure: async (path) => {
      const { loadRules } = await import('./desk/rules/read-rules.ts')
      try {
        loadRules(path)
        return null
      } catch (error) {
        if (error instanceof Failure) return error
        throw error
      }
    },
  }
}

/** A contract's file: `contracts/library/NAME.yaml`, or a path from the configuration's folder. */
function contractFile(reference: string, configFolder: string): string {
  if (/^[a-z0-9][a-z0-9-]*$/.test(reference))
    return fileURLToPath(new URL(`../contracts/library/${reference}.yaml`, import.meta.url))
  return isAbsolute(reference) ? reference : join(configFolder, reference)
}

/** JSON lines on standard error, with the role's name. Never a body, never an identifier. */
export async function createLogger(name: string): Promise<Logger> {
  const { pino } = await import('pino')
  const logger: Logger = pino({ base: { role: name, pid: process.pid } }, pino.destination({ fd: 2, sync: true }))
  return logger
}

export interface RoleOptions {
  readonly configFile: string
  readonly dataFolder: string
  readonly listen: string | null
  /** A sign-in link at every start, not only until somebody has signed in: the demonstration's. */
  readonly offersLink?: boolean
  /** Ends as soon as it has begun, having done nothing. */
  readonly isRehearsal?: boolean
}

/** A role at work. */
interface Work {
  /** Takes a new configuration. False: the role has to be put together anew. */
  reload(config: Config): Promise<boolean>
  close(): Promise<void>
  /** Rejects when the work can't go on; never resolves otherwise. */
  readonly broken: Promise<never>
}

/** Runs one role in this process until SIGTERM or SIGINT; SIGHUP reloads the configuration. */
export async function runRole(role: Role, options: RoleOptions): Promise<number> {
  // Before anything is written: what a signal ends by itself leaves that behind.
  const signals = catchSignals()
  if (options.isRehearsal === true) return rehearse(role, options)
  announce(options.dataFolder, role, 'starting')
  try {
    const logger = await createLogger(role)
    const config = await readConfig(options, logger)
    await work(role, config, options, logger, signals)
    return 0
  } finally {
    withdraw(options.dataFolder, role)
  }
}

/** Puts a role together, over an empty folder and with no interface, so that Node keeps all that it reads compiled, and takes it apart again. */
async function rehearse(role: Role, options: RoleOptions): Promise<number> {
  const runFolder = join(options.dataFolder, 'run')
  await mkdir(runFolder, { recursive: true })
  const dataFolder = await mkdtemp(join(runFolder, 'rehearsal-'))
  try {
    const logger = await createLogger(role)
    const config = await readConfig(options, logger)
    const nothing = { ...config, catalogue: { ...config.catalogue, interfaces: [] } }
    const running = await begin(role, nothing, { ...options, dataFolder }, logger)
    await running.close()
    return 0
  } finally {
    await rm(dataFolder, { recursive: true })
  }
}

/** Works until it is told to stop or can't go on. Whatever ends it, what was opened is closed: a process that holds on to anything never ends. */
async function work(role: Role, first: Config, options: RoleOptions, logger: Logger, signals: Signals): Promise<void> {
  let running = await begin(role, first, options, logger)
  try {
    // By itself Node keeps it only at a clean end, and a role may be killed.
    flushCompileCache()
    for (;;) {
      const signal = await Promise.race([signals.next(), running.broken])
      if (signal === 'stop') return
      const next = await readConfig(options, logger).catch((error: unknown) =>
        logger.error({ reason: String(error) }, 'configuration not reloaded'),
      )
      if (!next) continue
      if (!(await running.reload(next))) {
        await running.close()
        running = await begin(role, next, options, logger)
      }
      logger.info({ interfaces: next.catalogue.interfaces.length }, 'configuration reloaded')
    }
  } finally {
    await running.close()
  }
}

function begin(role: Role, config: Config, options: RoleOptions, logger: Logger): Promise<Work> {
  switch (role) {
    case 'edge':
      return beginEdge(config, options, logger)
    case 'analysis':
      return beginAnalysis(config, options, logger)
    case 'desk':
      return beginDesk(config, options, logger)
    default:
      return role satisfies never
  }
}

async function readConfig(options: RoleOptions, logger: Logger): Promise<Config> {
  // Not at the top: the edge's observing thread loads this file too, and reads no configuration.
  const { configFailure, loadConfig } = await import('./config/config.ts')
  const { addressOf } = await import('./config/address.ts')
  const { config, problems } = await loadConfig(options.configFile, await known())
  for (const problem of problems) logger.warn({ ...problem.place, severity: problem.severity }, problem.message)
  if (!config) throw configFailure(problems)
  const listen = options.listen === null ? null : addressOf(options.listen)
  return listen ? { ...config, api: { ...config.api, listen } } : config
}

/** Forwards in this thread; decoders, pairing and the log are the observing thread's (`edge-thread.ts`). */
async function beginEdge(config: Config, options: RoleOptions, logger: Logger): Promise<Work> {
  const { startForwarding } = await import('./edge/edge.ts')
  const { defaultEdgeLimits } = await import('./edge/limits.ts')
  const { startThreadWitness } = await import('./edge/thread-witness.ts')
  const { lockLog } = await import('./log/writer.ts')
  const { startTaps } = await import('./taps/taps.ts')
  await using opening = new AsyncDisposableStack()
  const folder = join(options.dataFolder, 'log')
  opening.defer(await lockLog(folder))
  const clockHealth = watchClockHealth(clock)
  opening.defer(() => clockHealth.stop())
  const limits = edgeLimits(config, defaultEdgeLimits)
  const { retention, sync } = config.log
  const log: EdgeThreadSetup['log'] = { folder, retention, sync, key: loadSealingKey(config.encryption) }
  let restarted = (): void => {}
  const witness = startThreadWitness({
    restarted: () => restarted(),
    start(memory, port) {
      const setup: EdgeThreadSetup = { memory, port, edgeId: config.edge.id, limits, log }
      return new Worker(new URL('./edge-thread.ts', import.meta.url), { workerData: setup, transferList: [port] })
    },
    ringBytes: limits.ringBytes,
    drainMs: limits.drainMs,
    hangMs: observerHangMs,
    clock,
    logger,
  })
  opening.defer(() => witness.stop())
  const edge = await startForwarding(
    {
      catalogue: config.catalogue,
      protocols: await protocols(),
      clock,
      limits,
      logger,
      edgeId: config.edge.id,
      clockHealth: clockHealth.now,
    },
    witness,
  )
  // What is read and asked beside the wires has a thread of its own; its entries go to the thread that has the log.
  const taps = startTaps({
    catalogue: config.catalogue,
    bodyBytesMax: config.edge.bodyBytesMax,
    memoryFolder: join(options.dataFolder, 'taps'),
    connectLog: (port) => witness.connectLog(port),
    clock,
    logger,
  })
  restarted = () => taps.reconnectLog()
  opening.defer(async () => {
    await taps.close()
    await edge.drain()
  })
  // What passes before the observing thread is there waits in the ring: traffic needn't.
  announce(options.dataFolder, 'edge', 'ready')
  const opened = opening.move()
  return {
    async reload(next) {
      const failures = await edge.reload(next.catalogue)
      for (const failed of failures) logger.error({ code: failed.code, ...failed.place }, failed.message)
      await taps.reload(next.catalogue)
      return true
    },
    close: () => opened.disposeAsync(),
    broken: witness.ready.then(() => new Promise<never>(() => {})),
  }
}

/** An observing thread that has something to do and doesn't go on for so long is ended and started again. */
const observerHangMs = 10_000

/** How long a stopping edge waits for connections that end by themselves. MLLP connections are kept open for days. */
const drainMs = 3_000

function edgeLimits(config: Config, defaults: EdgeLimits): EdgeLimits {
  const { bodyBytesMax, frameBytesMax, memoryBytesMax, ringBytes, connectionsMax } = config.edge
  return {
    ...defaults,
    connectionsMax,
    heldBytesMax: memoryBytesMax,
    ringBytes,
    drainMs,
    observer: { ...defaults.observer, bodyBytesMax, frameBytesMax },
  }
}

async function beginAnalysis(config: Config, options: RoleOptions, logger: Logger): Promise<Work> {
  const { openLogReader } = await import('./log/reader.ts')
  const { startEngine } = await import('./analysis/engine.ts')
  const { runAnalysis } = await import('./analysis/analysis.ts')
  const { comparePositions } = await import('./log/position.ts')
  const { startPruning } = await import('./store/pruning.ts')
  const { createBodyReaders, readingThreads } = await import('./start-reading.ts')
  const { catalogue } = config
  const configFolder = dirname(config.file)
  const parts = await engineParts(catalogue, configFolder)
  await using opening = new AsyncDisposableStack()
  const log = await openLogReader({ folder: join(options.dataFolder, 'log'), key: loadSealingKey(config.encryption), clock })
  opening.defer(() => log.close())
  const bodyReaders = createBodyReaders({ catalogue, configFolder, threads: readingThreads() }, { clock, logger })
  opening.defer(() => bodyReaders.close())
  const store = await openStore(config, options.dataFolder)
  opening.defer(() => store.close())
  await noteContracts(config, parts.contracts, store)
  const ending = new AbortController()
  const running = runAnalysis({
    log,
    store,
    isAfter: (a, b) => comparePositions(a, b) > 0,
    startEngine: (saved) => startEngine(parts, saved),
    bodyReaders,
    clock,
    logger,
    signal: ending.signal,
  })
  const pruning = startPruning({ store, clock, logger }, config.store)
  opening.defer(() => pruning.stop())
  opening.defer(async () => {
    ending.abort()
    await running
  })
  announce(options.dataFolder, 'analysis', 'ready')
  const opened = opening.move()
  return {
    // The engine's state is saved with every checkpoint: put together anew, it goes on where it was.
    reload: async () => false,
    close: () => opened.disposeAsync(),
    broken: running.then(() => new Promise<never>(() => {})),
  }
}

/** What each interface is held to from now on: the history of contracts. */
async function noteContracts(config: Config, compiled: EngineParts['contracts'], store: Store): Promise<void> {
  const { readContractFile } = await import('./contract-files.ts')
  const folder = dirname(config.file)
  for (const { id, contract, format } of config.catalogue.interfaces) {
    const used = compiled.get(id)
    if (contract === null || used === undefined) continue
    const { text } = readContractFile(contract, folder)
    const use = { interfaceId: id, contractId: used.id, version: used.version, format, text }
    await store.noteContract(use, clock.now())
  }
}

async function beginDesk(config: Config, options: RoleOptions, logger: Logger): Promise<Work> {
  const { startDesk } = await import('./desk/desk.ts')
  const { openChannel } = await import('./desk/notices/channels/open-channel.ts')
  const { readChannel } = await import('./config/channels.ts')
  const { openProvider } = await import('./config/provider.ts')
  const { openAnchors, readMaterial } = await import('./audit-anchors.ts')
  const { describeInstallation } = await import('./describe-installation.ts')
  const { default: journeyPlans } = await import('./catalogue/journeys.json', { with: { type: 'json' } })
  await using opening = new AsyncDisposableStack()
  const store = await openStore(config, options.dataFolder)
  opening.defer(() => store.close())
  const secrets = await openInstallation(options.dataFolder)
  const tls = config.api.tls && { cert: readMaterial(config.api.tls.cert), key: readMaterial(config.api.tls.key) }
  const desk = await startDesk({
    store,
    catalogue: config.catalogue,
    formats: await formats(),
    listen: config.api.listen,
    clock,
    logger,
    secrets,
    rules: await deskRules(config),
    channels: config.desk.channels.map((shape) => openChannel(readChannel(shape, dirname(config.file)))),
    testEndpoints: config.desk.testEndpoints,
    journeyPlans,
    work: await deskWork(config, options),
    anchors: openAnchors(config, options.dataFolder, clock),
    installation: describeInstallation(config, secrets, await digestOf(config.file), tls?.cert ?? null),
    consoleFolder,
    sessionLimits: config.access.sessionLimits,
    provider: config.access.oidc && openProvider(config.access.oidc, dirname(config.file), clock),
    tls,
    isBehindTls: config.api.isBehindTls,
    proxies: config.api.proxies,
    alwaysOfferLink: options.offersLink === true,
  })
  opening.defer(() => desk.close())
  announce(options.dataFolder, 'desk', 'ready', { address: desk.url })
  rememberConfig(options.dataFolder, options.configFile)
  process.stdout.write(`auscult: console at ${desk.url}\n`)
  for (const [index, { role, url }] of desk.signInLinks.entries()) {
    process.stdout.write(index === 0 ? `auscult: sign in once with ${url}\n` : `auscult: or, as ${role}, with ${url}\n`)
  }
  const opened = opening.move()
  return {
    reload: async () => false,
    close: () => opened.disposeAsync(),
    broken: new Promise(() => {}),
  }
}

/** What the desk does beside its own thread: backtests, proposals, captures. */
async function deskWork(config: Config, options: RoleOptions): Promise<DeskWork> {
  const { createWorks } = await import('./start-work.ts')
  const { createCaptures } = await import('./desk/captures.ts')
  const { saveContract } = await import('./contract-files.ts')
  const { configFile, dataFolder, listen } = options
  const works = createWorks({ configFile, dataFolder, listen })
  const sample = { file: sampleFile('sample.pcap'), configFile: sampleFile('sample.yaml') }
  const { catalogue: sampleCatalogue } = await readSoundConfig(sample.configFile)
  const captures = await createCaptures({
    folder: join(dataFolder, 'captures'),
    bytesMax: config.desk.captureBytesMax,
    ...{ works, clock, sample },
    openStore: openCaptureStore,
  })
  const { contractsFolder } = config.desk
  const saveProposal = contractsFolder === null ? null : (id: string, text: string) => saveContract(contractsFolder, id, text)
  return { works, captures, sampleCatalogue, saveProposal }
}

function sampleFile(name: string): string {
  return fileURLToPath(new URL(`../deploy/demo/capture/${name}`, import.meta.url))
}

/** Tells one configuration from another; the configuration itself holds no secrets, and is kept by whoever wrote it. */
async function digestOf(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex')
    .slice(0, 16)
}

const consoleFolder = fileURLToPath(new URL('../console/dist', import.meta.url))

/** The keys of the installation in this data folder; made at the first start. */
export async function openInstallation(dataFolder: string): Promise<Secrets> {
  const { openSecrets } = await import('./store/secrets.ts')
  return openSecrets(join(dataFolder, 'secrets'))
}

/** The configuration in that file. Throws CONFIG_INVALID with the first thing that is wrong; warnings are left out. */
export async function readSoundConfig(file: string): Promise<Config> {
  const { configFailure, loadConfig } = await import('./config/config.ts')
  const { config, problems } = await loadConfig(file, await known())
  if (!config) throw configFailure(problems)
  return config
}

/** The store of this data folder. */
export async function openStore({ encryption }: Pick<Config, 'encryption'>, dataFolder: string): Promise<Store> {
  const { openSqliteStore } = await import('./store/sqlite-store.ts')
  const { comparePositions } = await import('./log/position.ts')
  const key = loadSealingKey(encryption)
  const secrets = await openInstallation(dataFolder)
  return openSqliteStore({
    folder: join(dataFolder, 'store'),
    tokenKeys: secrets.keys('tokens'),
    auditKey: secrets.key('audit'),
    bodyKey: key === null ? null : createSecretKey(key),
    comparePositions,
  })
}

/**
 * A store for the exchanges of one capture: made for it, and thrown away with its folder. Its keys are those of nothing else, so that nothing of it
 * can be joined with what is stored of the hospital.
 */
export async function openCaptureStore(folder: string): Promise<Store> {
  const { openSqliteStore } = await import('./store/sqlite-store.ts')
  const { openSecrets } = await import('./store/secrets.ts')
  const secrets = openSecrets(join(folder, 'secrets'))
  return openSqliteStore({
    folder,
    tokenKeys: [secrets.key('tokens')],
    bodyKey: null,
    comparePositions: (a, b) => (a < b ? -1 : a > b ? 1 : 0),
  })
}

/** What bodies are read with, for a catalogue. */
export async function inspectParts(catalogue: Catalogue, configFolder: string): Promise<InspectParts> {
  const { compileContractFile } = await import('./contract-files.ts')
  const { standardContractOf } = await import('../contracts/languages.ts')
  const contracts = new Map<string, CompiledContract>()
  for (const iface of catalogue.interfaces) {
    const contract =
      iface.contract === null ? standardContractOf(iface.format) : compileContractFile(iface.contract, configFolder)
    if (contract !== null) contracts.set(iface.id, contract)
  }
  return { catalogue, formats: await formats(), contracts }
}

/** Everything that thinking is made of, for a catalogue. Live analysis and offline `analyze` use the same. */
export async function engineParts(catalogue: Catalogue, configFolder: string): Promise<EngineParts> {
  const { monitors } = await import('../monitors/index.ts')
  const { createAlertBook } = await import('./analysis/alert-book.ts')
  const { createIncidents } = await import('./incidents/incidents.ts')
  const { causes } = await import('./incidents/causes/index.ts')
  const { default: journeyPlans } = await import('./catalogue/journeys.json', { with: { type: 'json' } })
  return {
    ...(await inspectParts(catalogue, configFolder)),
    monitors,
    journeyPlans,
    startAlertBook: (saved) => createAlertBook({}, saved),
    startIncidents: (saved) => createIncidents({ catalogue, causes }, saved),
  }
}
