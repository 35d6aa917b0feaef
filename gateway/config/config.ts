import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { Ajv } from 'ajv'
import { LineCounter, parseDocument } from 'yaml'
import type { Failure } from '../model/failure.ts'
import { type FailureCode, failure } from '../model/failures.ts'
import type { Protocol } from '../model/frame.ts'
import type { Address, Catalogue } from '../model/interface.ts'
import type { TestEndpoint } from '../model/test-endpoint.ts'
import { addressOf } from './address.ts'
import { catalogueOf } from './catalogue.ts'
import schema from './config.schema.json' with { type: 'json' }
import { mendConfig } from './mend.ts'
import { createLocator, type Locator, type Problem, schemaProblems } from './problems.ts'
import type { AccessShape, ChannelShape, ConfigShape } from './shape.ts'
import { testEndpointsOf } from './test-endpoints.ts'

/** A whole configuration, defaults filled in, paths absolute. */
export interface Config {
  readonly file: string
  readonly catalogue: Catalogue
  readonly edge: {
    readonly id: string
    readonly bodyBytesMax: number
    readonly frameBytesMax: number
    readonly memoryBytesMax: number
    readonly ringBytes: number
    readonly connectionsMax: number
  }
  readonly log: { readonly sync: 'none' | 'batch'; readonly retention: { readonly bytes: number; readonly ageMs: number } }
  readonly store: { readonly exchangeDays: number; readonly bodyDays: number; readonly seriesDays: number }
  readonly encryption: { readonly keyFile: string | null; readonly keyEnv: string | null } | null
  readonly desk: {
    /** A file of rules; null: the customer's, which come with the product. */
    readonly rules: string | null
    readonly channels: readonly ChannelShape[]
    readonly testEndpoints: readonly TestEndpoint[]
    /** Where proposed contracts are written; null: nowhere, they are for download. */
    readonly contractsFolder: string | null
    /** Largest capture that the console takes. */
    readonly captureBytesMax: number
  }
  readonly api: {
    readonly listen: Address
    readonly tls: { readonly cert: string; readonly key: string } | null
    readonly isBehindTls: boolean
    /** Addresses and networks of the proxies whose X-Forwarded-For is believed. */
    readonly proxies: readonly string[]
  }
  readonly access: {
    readonly sessionLimits: { readonly lifeMs: number; readonly idleMs: number }
    readonly oidc: NonNullable<AccessShape['oidc']> | null
  }
  /** Where signatures of the audit are put away besides the data folder. */
  readonly audit: {
    readonly anchorFile: string | null
    readonly syslog: {
      readonly host: string
      readonly port: number
      readonly ca: string | null
      readonly cert: string | null
      readonly key: string | null
      readonly serverName: string | null
    } | null
  }
}

export interface LoadedConfig {
  /** Null when there are errors. */
  readonly config: Config | null
  readonly problems: readonly Problem[]
}

/** What a configuration may name: known protocols (their options are checked) and contracts. */
export interface Known {
  readonly protocols: readonly Protocol[]
  /** False when no such contract of the library exists, nor such a file. */
  hasContract(reference: string, configFolder: string): boolean
  /** What is wrong with the desk's file of rules; null when it can be used. */
  rulesFailure?(path: string): Promise<Failure | null>
}

/**
 * Reads a configuration and says everything that is wrong with it at once, by line and column.
 * Throws Failure `CONFIG_NOT_FOUND` or `CONFIG_NOT_YAML` when there is nothing to check.
 */
export async function loadConfig(path: string, known: Known): Promise<LoadedConfig> {
  const file = resolve(path)
  const text = await readText(file, path)
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const first = document.errors[0]
  if (first) {
    const { line, col } = lines.linePos(first.pos[0])
    throw failure('CONFIG_NOT_YAML', first.message, { place: { file: path, line, column: col } })
  }
  const locator = createLocator(path, document, lines)
  const value: unknown = document.toJS()
  if (!isConfigShape(value)) {
    const errors = isConfigShape.errors ?? []
    const mended = mendConfig(value, errors)
    const deeper = isConfigShape(mended.value) ? readDeeply(mended.value, known, dirname(file), locator).problems : []
    return { config: null, problems: [...schemaProblems(errors, locator), ...deeper.filter((p) => mended.isLeft(p.place.key))] }
  }
  const deep = readDeeply(value, known, dirname(file), locator)
  const { catalogue } = deep
  const tests = testEndpointsOf(value.desk?.testEndpoints ?? [], catalogue, locator)
  const problems = [
    ...deep.problems,
    ...tests.problems,
    ...channelProblems(value, locator),
    ...proxyProblems(value, locator),
    ...(await rulesProblems(value, known, dirname(file), locator)),
  ]
  const broken = problems.some((p) => p.severity === 'error')
  return { config: broken ? null : configOf(value, file, catalogue, tests.endpoints), problems }
}

/** The Failure for a configuration with errors: the first one, and how many there are. */
export function configFailure(problems: readonly Problem[]): Failure {
  const errors = problems.filter((p) => p.severity === 'error')
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : ''
  const code: FailureCode = 'CONFIG_INVALID'
  return failure(code, `${errors[0]?.message ?? 'the configuration is wrong'}${more}`, { place: errors[0]?.place ?? {} })
}

const ajv = new Ajv({ allErrors: true, verbose: true, strict: false })
const isConfigShape = ajv.compile<ConfigShape>(schema)

async function readText(file: string, shown: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw failure('CONFIG_NOT_FOUND', 'the configuration file cannot be read', { place: { file: shown }, cause })
  }
}

/** The catalogue, and what is wrong that the schema can't say. */
function readDeeply(shape: ConfigShape, known: Known, folder: string, locator: Locator): ReturnType<typeof catalogueOf> {
  const { catalogue, problems } = catalogueOf(shape, folder, locator)
  return { catalogue, problems: [...problems, ...knownProblems(shape, known, folder, locator)] }
}

function knownProblems(shape: ConfigShape, known: Known, folder: string, locator: Locator): readonly Problem[] {
  return shape.interfaces.flatMap((iface, i): readonly Problem[] => {
    const problems: Problem[] = []
    if (iface.contract !== undefined && !known.hasContract(iface.contract, folder)) {
      const message = `no contract "${iface.contract}": name a file of contracts/library, or the path of a contract`
      problems.push({ severity: 'error', message, place: locator.place(['interfaces', i, 'contract']) })
    }
    const protocol = known.protocols.find((p) => p.name === iface.protocol)
    if (protocol && iface.options) {
      const check = ajv.compile(protocol.optionsSchema)
      if (!check(iface.options)) {
        const inside: Locator = { place: (path, atKey) => locator.place(['interfaces', i, 'options', ...path], atKey) }
        problems.push(...schemaProblems(check.errors ?? [], inside))
      }
    }
    return problems
  })
}

function channelProblems({ desk }: ConfigShape, locator: Locator): readonly Problem[] {
  const channels = desk?.channels ?? []
  const problems: Problem[] = channels.flatMap(({ name }, i): readonly Problem[] => {
    if (channels.findIndex((other) => other.name === name) === i) return []
    const message = `channel "${name}" is declared twice`
    return [{ severity: 'error', message, place: locator.place(['desk', 'channels', i, 'name']) }]
  })
  const message = 'one channel: the first notice of a major event needs two to count as told'
  return channels.length === 1
    ? [...problems, { severity: 'warning', message, place: locator.place(['desk', 'channels']) }]
    : problems
}

function proxyProblems({ api }: ConfigShape, locator: Locator): readonly Problem[] {
  return (api?.proxies ?? []).flatMap((text, i): readonly Problem[] => {
    const [address = '', bits, ...more] = text.split('/')
    const width = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1
    const isNetwork = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= width)
    if (width > 0 && isNetwork && more.length === 0) return []
    const message = 'must be an address (10.0.5.2) or a network (10.0.5.0/24)'
    return [{ severity: 'error', message, place: locator.place(['api', 'proxies', i]) }]
  })
}

async function rulesProblems(
  { desk }: ConfigShape,
  known: Known,
  folder: string,
  locator: Locator,
): Promise<readonly Problem[]> {
  if (desk?.rules === undefined || known.rulesFailure === undefined) return []
  const failed = await known.rulesFailure(resolve(folder, desk.rules))
  if (failed === null) return []
  const { line, key } = failed.place
  const where = `${line === undefined ? '' : ` line ${line}`}${key === undefined ? '' : ` ${key}`}`
  return [{ severity: 'error', message: `rules${where}: ${failed.message}`, place: locator.place(['desk', 'rules']) }]
}

const mebibyte = 1024 * 1024
const dayMs = 86_400_000

function configOf(shape: ConfigShape, file: string, catalogue: Catalogue, testEndpoints: readonly TestEndpoint[]): Config {
  const folder = dirname(file)
  const keyFile = shape.encryption?.keyFile
  return {
    file,
    catalogue,
    edge: {
      id: shape.edge?.id ?? 'edge-1',
      bodyBytesMax: shape.edge?.bodyBytesMax ?? mebibyte,
      frameBytesMax: shape.edge?.frameBytesMax ?? 64 * mebibyte,
      memoryBytesMax: shape.edge?.memoryBytesMax ?? 256 * mebibyte,
      ringBytes: shape.edge?.ringBytes ?? 24 * mebibyte,
      connectionsMax: shape.edge?.connectionsMax ?? 4096,
    },
    log: {
      sync: shape.log?.sync ?? 'none',
      retention: { bytes: shape.log?.retention?.bytes ?? 8192 * mebibyte, ageMs: (shape.log?.retention?.days ?? 7) * dayMs },
    },
    store: {
      exchangeDays: shape.store?.exchangeDays ?? 180,
      bodyDays: shape.store?.bodyDays ?? 30,
      seriesDays: shape.store?.seriesDays ?? 400,
    },
    encryption: shape.encryption
      ? {
          keyFile: keyFile === undefined ? null : isAbsolute(keyFile) ? keyFile : join(folder, keyFile),
          keyEnv: shape.encryption.keyEnv ?? null,
        }
      : null,
    desk: {
      rules: shape.desk?.rules === undefined ? null : resolve(folder, shape.desk.rules),
      channels: shape.desk?.channels ?? [],
      testEndpoints,
      contractsFolder: shape.desk?.contractsFolder === undefined ? null : resolve(folder, shape.desk.contractsFolder),
      captureBytesMax: shape.desk?.captureBytesMax ?? 536_870_912,
    },
    api: apiOf(shape, folder),
    access: accessOf(shape),
    audit: auditOf(shape, folder),
  }
}

function apiOf({ api }: ConfigShape, folder: string): Config['api'] {
  return {
    listen: addressOf(api?.listen ?? '127.0.0.1:8080') ?? { host: '127.0.0.1', port: 8080 },
    tls: api?.tls === undefined ? null : { cert: resolve(folder, api.tls.cert), key: resolve(folder, api.tls.key) },
    isBehindTls: api?.behindTls ?? false,
    proxies: api?.proxies ?? [],
  }
}

function accessOf({ access }: ConfigShape): Config['access'] {
  const { sessionHours = 12, idleMinutes = 60 } = access ?? {}
  return { sessionLimits: { lifeMs: sessionHours * 3_600_000, idleMs: idleMinutes * 60_000 }, oidc: access?.oidc ?? null }
}

/** RFC 5425 4.1: syslog over TLS has port 6514. */
function auditOf({ audit }: ConfigShape, folder: string): Config['audit'] {
  const path = (file: string | undefined) => (file === undefined ? null : resolve(folder, file))
  const syslog = audit?.syslog
  return {
    anchorFile: path(audit?.anchorFile),
    syslog: syslog
      ? {
          host: syslog.host,
          port: syslog.port ?? 6514,
          ca: path(syslog.ca),
          cert: path(syslog.cert),
          key: path(syslog.key),
          serverName: syslog.serverName ?? null,
        }
      : null,
  }
}
