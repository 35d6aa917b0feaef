import type { Address, Catalogue, FormatName, Hospital, Interface, ProtocolName, System } from '../model/interface.ts'
import type { Text } from '../model/text.ts'
import { addressOf, tlsOf } from './address.ts'
import type { Locator, Problem } from './problems.ts'
import type { ConfigShape, InterfaceShape, TextShape } from './shape.ts'
import { filesOf, kafkaOf, probeProblems, probesOf, tapProblems } from './taps.ts'

/**
 * The catalogue that a configuration means, defaults filled in, and what is wrong with it beyond its schema.
 * Systems that interfaces name and nobody declares are taken in, with a warning.
 */
export function catalogueOf(
  shape: ConfigShape,
  folder: string,
  locator: Locator,
): { catalogue: Catalogue; problems: readonly Problem[] } {
  const problems: Problem[] = []
  const hospital = hospitalOf(shape)
  if (!isZone(hospital.timezone))
    problems.push(wrong(`unknown time zone "${hospital.timezone}"`, locator.place(['hospital', 'timezone'])))
  const systems = systemsOf(shape, folder, locator, problems)
  const interfaces = shape.interfaces.map((iface) => interfaceOf(iface, folder))
  checkInterfaces(shape, interfaces, locator, problems)
  return { catalogue: { hospital, systems, interfaces }, problems }
}

function hospitalOf(shape: ConfigShape): Hospital {
  return {
    name: shape.hospital?.name ?? 'Hospital',
    timezone: shape.hospital?.timezone ?? 'Asia/Shanghai',
    calendar: shape.hospital?.calendar ?? 'cn',
  }
}

function systemsOf(shape: ConfigShape, folder: string, locator: Locator, problems: Problem[]): readonly System[] {
  const systems = new Map<string, System>()
  for (const [i, system] of (shape.systems ?? []).entries()) {
    if (systems.has(system.id))
      problems.push(wrong(`system "${system.id}" is declared twice`, locator.place(['systems', i, 'id'])))
    if (system.timezone !== undefined && !isZone(system.timezone)) {
      problems.push(wrong(`unknown time zone "${system.timezone}"`, locator.place(['systems', i, 'timezone'])))
    }
    systems.set(system.id, {
      id: system.id,
      name: textOf(system.name, system.id),
      owner: system.owner ?? null,
      ...(system.category === undefined ? {} : { systemClass: system.category }),
      addresses: system.addresses ?? [],
      depends: system.depends ?? [],
      timezone: system.timezone ?? null,
      ...(system.probes === undefined ? {} : { probes: probesOf(system.probes, folder, null) }),
    })
    problems.push(...probeProblems(system.probes ?? [], ['systems', i], locator, null))
  }
  for (const [i, iface] of shape.interfaces.entries()) {
    for (const end of ['from', 'to'] as const) {
      const id = iface[end]
      if (systems.has(id)) continue
      problems.push({
        severity: 'warning',
        message: `system "${id}" is not declared under systems`,
        place: locator.place(['interfaces', i, end]),
      })
      systems.set(id, { id, name: { zh: id, en: id }, owner: null, addresses: [], depends: [], timezone: null })
    }
  }
  return [...systems.values()]
}

function interfaceOf(iface: InterfaceShape, folder: string): Interface {
  const { proxy, capture, kafka, files } = iface.source ?? {}
  const upstream = proxy ? addressOf(proxy.upstream) : null
  const nowhere = { host: '', port: 0 }
  return {
    id: iface.id,
    name: textOf(iface.name, iface.id),
    from: iface.from,
    to: iface.to,
    protocol: iface.protocol,
    format: iface.format ?? defaultFormat(iface.protocol),
    options: iface.options ?? {},
    contract: iface.contract ?? null,
    criticality: iface.criticality ?? 'medium',
    sources: {
      proxy: proxy
        ? {
            listen: addressOf(proxy.listen) ?? nowhere,
            upstream: upstream ?? nowhere,
            listenTls: tlsOf(proxy.tls?.listen, folder, false),
            upstreamTls: tlsOf(proxy.tls?.upstream, folder, true),
          }
        : null,
      capture: capture ? { acceptor: addressOf(capture.acceptor) ?? nowhere, initiatorHost: capture.initiator ?? null } : null,
      ...(kafka === undefined ? {} : { kafka: kafkaOf(kafka, iface.id, folder) }),
      ...(files === undefined ? {} : { files: filesOf(files, folder) }),
    },
    objectives: { successRate: iface.objectives?.successRate ?? 0.995, latencyP95Ms: iface.objectives?.latencyP95Ms ?? 1000 },
    expectedVolume: iface.volume ? { perHour: iface.volume.perHour, weekendFactor: iface.volume.weekendFactor ?? 1 } : null,
    ...(iface.probes === undefined ? {} : { probes: probesOf(iface.probes, folder, upstream) }),
  }
}

function checkInterfaces(shape: ConfigShape, interfaces: readonly Interface[], locator: Locator, problems: Problem[]): void {
  const ids = new Set<string>()
  const listeners = new Map<string, string>()
  for (const [i, iface] of interfaces.entries()) {
    if (ids.has(iface.id))
      problems.push(wrong(`interface "${iface.id}" is declared twice`, locator.place(['interfaces', i, 'id'])))
    ids.add(iface.id)
    checkAddresses(shape, i, locator, problems)
    const declared = shape.interfaces[i]
    const proxy = iface.sources.proxy
    if (declared) {
      problems.push(...tapProblems(declared, ['interfaces', i], locator))
      problems.push(...probeProblems(declared.probes ?? [], ['interfaces', i], locator, proxy?.upstream ?? null))
    }
    if (!proxy) continue
    const listen = `${proxy.listen.host}:${proxy.listen.port}`
    const place = locator.place(['interfaces', i, 'source', 'proxy', 'listen'])
    const taken = listeners.get(listen)
    if (proxy.listen.port !== 0) {
      if (taken) problems.push(wrong(`"${taken}" listens on ${listen} already`, place))
      listeners.set(listen, iface.id)
    }
    if (isSame(proxy.listen, proxy.upstream)) problems.push(wrong('listen and upstream are the same address', place))
  }
}

/** A proxy that dials itself takes all connections of the edge. Which other addresses are this machine's own can't be told from here. */
function isSame(listen: Address, upstream: Address): boolean {
  if (listen.port !== upstream.port || listen.port === 0) return false
  return listen.host === upstream.host || (isHere(upstream.host) && (isAny(listen.host) || isHere(listen.host)))
}

function isAny(host: string): boolean {
  return host === '0.0.0.0' || host === '::'
}

function isHere(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.') || isAny(host)
}

function checkAddresses(shape: ConfigShape, i: number, locator: Locator, problems: Problem[]): void {
  const source = shape.interfaces[i]?.source
  const addresses = [
    { text: source?.proxy?.listen, path: ['proxy', 'listen'] },
    { text: source?.proxy?.upstream, path: ['proxy', 'upstream'] },
    { text: source?.capture?.acceptor, path: ['capture', 'acceptor'] },
  ]
  for (const { text, path } of addresses) {
    if (text !== undefined && addressOf(text) === null) {
      problems.push(wrong('the port must be at most 65535', locator.place(['interfaces', i, 'source', ...path])))
    }
  }
}

function textOf(text: TextShape | undefined, id: string): Text {
  if (typeof text === 'string') return { zh: text, en: text }
  return { zh: text?.zh ?? text?.en ?? id, en: text?.en ?? text?.zh ?? id }
}

function defaultFormat(protocol: ProtocolName): FormatName {
  switch (protocol) {
    case 'mllp':
      return 'hl7v2'
    case 'dimse':
      return 'dicom'
    case 'http':
    case 'record':
      return 'json'
    default:
      return protocol satisfies never
  }
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name })
    return true
  } catch {
    return false
  }
}

function wrong(message: string, place: Problem['place']): Problem {
  return { severity: 'error', message, place }
}
