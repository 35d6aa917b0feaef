import { isAbsolute, join } from 'node:path'
import type { Address, FilesSource, KafkaSource, SaslOptions } from '../model/interface.ts'
import type { Probe, ProbeKind, ProbePlan } from '../model/probe.ts'
import { addressOf, tlsOf } from './address.ts'
import type { Locator, Problem } from './problems.ts'
import type { FilesShape, InterfaceShape, KafkaShape, ProbeShape } from './shape.ts'

type Path = readonly (string | number)[]

const nowhere: Address = { host: '', port: 0 }

/** A Kafka source with its defaults. The observer's group is named after the interface, so that another one never shares its positions. */
export function kafkaOf(shape: KafkaShape, interfaceId: string, folder: string): KafkaSource {
  return {
    brokers: shape.brokers.map((text) => addressOf(text) ?? nowhere),
    topics: shape.topic ?? shape.topics ?? '',
    groups: shape.groups ?? [],
    from: shape.from ?? 'latest',
    observerGroup: shape.observerGroup ?? `auscult-${interfaceId}`,
    lagEveryMs: shape.lagEveryMs ?? 5_000,
    tls: tlsOf(shape.tls, folder, true),
    sasl: shape.sasl === undefined ? null : saslOf(shape.sasl, folder),
  }
}

/** A files source with its defaults. */
export function filesOf(shape: FilesShape, folder: string): FilesSource {
  const at = inFolder(shape.folder, folder)
  const results = shape.results
  return {
    folder: at,
    pattern: shape.pattern ?? '*',
    marker: shape.marker ?? null,
    everyMs: shape.everyMs ?? 10_000,
    stableMs: shape.stableMs ?? 15_000,
    graceMs: shape.graceMs ?? 600_000,
    deadline: shape.deadline ?? null,
    encoding: shape.encoding ?? 'auto',
    results:
      results === undefined
        ? null
        : {
            folder: results.folder === undefined ? at : inFolder(results.folder, folder),
            name: results.name,
            withinMs: results.withinMs ?? null,
            rejectedShareMax: results.rejectedShareMax ?? 0.01,
            rejected: results.rejected ?? null,
          },
  }
}

/** The probes of one interface or system. `peer`: what they ask where they name no address of their own. */
export function probesOf(shapes: readonly ProbeShape[], folder: string, peer: Address | null): readonly Probe[] {
  return shapes.map((shape) => probeOf(shape, folder, peer ?? nowhere))
}

/** What is wrong with an interface's sources beyond their schema. */
export function tapProblems(iface: InterfaceShape, path: Path, locator: Locator): readonly Problem[] {
  const { proxy, kafka, files } = iface.source ?? {}
  const problems: Problem[] = []
  const wrong = (message: string, at: Path, atKey = false) =>
    problems.push({ severity: 'error', message, place: locator.place([...path, 'source', ...at], atKey) })
  for (const [i, broker] of (kafka?.brokers ?? []).entries())
    if (addressOf(broker) === null) wrong('the port must be at most 65535', ['kafka', 'brokers', i])
  if (kafka?.groups?.includes(kafka.observerGroup ?? `auscult-${iface.id}`) === true)
    wrong("the observer's own group can't be a watched one: its members would share the messages", ['kafka', 'groups'])
  for (const [kind, source] of [['kafka', kafka] as const, ['files', files] as const]) {
    if (source !== undefined && iface.protocol !== 'record')
      wrong(`a ${kind} source delivers records: the protocol must be record`, [kind], true)
  }
  if (proxy !== undefined && iface.protocol === 'record')
    wrong('a proxy carries mllp, http or dimse: it would not start for records', ['proxy'], true)
  if (files?.marker !== undefined && !/\{(name|stem)\}/.test(files.marker))
    wrong('must hold {name} or {stem}, or all files would share one marker', ['files', 'marker'])
  if (files?.results !== undefined && !/\{(name|stem)\}/.test(files.results.name))
    wrong('must hold {name} or {stem}, or all files would share one result', ['files', 'results', 'name'])
  return problems
}

/** What is wrong with a list of probes beyond its schema. */
export function probeProblems(
  shapes: readonly ProbeShape[],
  path: Path,
  locator: Locator,
  peer: Address | null,
): readonly Problem[] {
  return shapes.flatMap((shape, i) => {
    const problems: Problem[] = []
    const wrong = (message: string, at: Path, atKey = false) =>
      problems.push({ severity: 'error', message, place: locator.place([...path, 'probes', i, ...at], atKey) })
    const keys = keysOf[shape.kind]
    for (const key of Object.keys(shape))
      if (!common.has(key) && !keys.has(key)) wrong(`"${key}" means nothing to a probe of kind ${shape.kind}`, [key], true)
    for (const key of neededOf[shape.kind]) if (!(key in shape)) wrong(`"${key}" is missing`, [])
    const isDialled = keys.has('address')
    if (isDialled && shape.address === undefined && (peer === null || shape.kind === 'ntp')) wrong('"address" is missing', [])
    if (shape.address !== undefined && addressOf(shape.address) === null) wrong('the port must be at most 65535', ['address'])
    if (shape.url !== undefined && !URL.canParse(shape.url)) wrong('must be a whole URL, as https://host/path', ['url'])
    if (shape.url !== undefined && URL.canParse(shape.url) && new URL(shape.url).username !== '')
      wrong('credentials have no place in a URL', ['url'])
    if (shape.everyMs === undefined && shape.at === undefined) wrong('one of "everyMs" and "at" is needed', [])
    return problems
  })
}

/** What a probe of each kind takes besides `kind`, `everyMs`, `at` and `timeoutMs`. */
const keysOf: { readonly [kind in ProbeKind]: ReadonlySet<string> } = {
  tcp: new Set(['address']),
  tls: new Set(['address', 'serverName', 'daysLeftMin', 'ca']),
  mllp: new Set(['address', 'message', 'tls', 'ca']),
  'c-echo': new Set(['address', 'calledAe', 'callingAe']),
  fhir: new Set(['url', 'ca']),
  http: new Set(['url', 'method', 'statuses', 'ca']),
  ntp: new Set(['address', 'offsetMsMax']),
}
const neededOf: { readonly [kind in ProbeKind]: readonly string[] } = {
  tcp: [],
  tls: [],
  mllp: ['message'],
  'c-echo': ['calledAe'],
  fhir: ['url'],
  http: ['url'],
  ntp: [],
}
const common = new Set(['kind', 'everyMs', 'at', 'timeoutMs'])

function probeOf(shape: ProbeShape, folder: string, peer: Address): Probe {
  const plan: ProbePlan = { everyMs: shape.everyMs ?? null, at: shape.at ?? [], timeoutMs: shape.timeoutMs ?? 5_000 }
  const address = shape.address === undefined ? peer : (addressOf(shape.address) ?? nowhere)
  const ca = shape.ca === undefined ? null : inFolder(shape.ca, folder)
  const url = shape.url ?? ''
  const { kind } = shape
  switch (kind) {
    case 'tcp':
      return { ...plan, kind, address }
    case 'tls':
      return { ...plan, kind, address, ca, serverName: shape.serverName ?? null, daysLeftMin: shape.daysLeftMin ?? 30 }
    case 'mllp':
      return { ...plan, kind, address, ca, isTls: shape.tls ?? false, message: inFolder(shape.message ?? '', folder) }
    case 'c-echo':
      return { ...plan, kind, address, calledAe: shape.calledAe ?? '', callingAe: shape.callingAe ?? 'AUSCULT' }
    case 'fhir':
      return { ...plan, kind, url, ca }
    case 'http':
      return { ...plan, kind, url, ca, method: shape.method ?? 'HEAD', statuses: shape.statuses ?? [] }
    case 'ntp':
      return { ...plan, kind, address, offsetMsMax: shape.offsetMsMax ?? 1_000 }
    default:
      return kind satisfies never
  }
}

function saslOf(shape: NonNullable<KafkaShape['sasl']>, folder: string): SaslOptions {
  return {
    mechanism: shape.mechanism,
    username: shape.username,
    passwordFile: shape.passwordFile === undefined ? null : inFolder(shape.passwordFile, folder),
    passwordEnv: shape.passwordEnv ?? null,
  }
}

function inFolder(path: string, folder: string): string {
  return isAbsolute(path) ? path : join(folder, path)
}
