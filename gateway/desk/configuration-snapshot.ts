import { createHash } from 'node:crypto'
import { stringify } from 'yaml'
import type { Address, Catalogue, Interface, System } from '../model/interface.ts'
import type { Snapshot } from '../store/change-store.ts'

/**
 * What the configuration says of systems and interfaces, as YAML with a stable order. Only what is named here is in it: no password, no
 * key and no path of one.
 */
export function snapshotOf({ hospital, systems, interfaces }: Catalogue): Snapshot {
  const text = stringify({ hospital, systems: systems.map(systemPart), interfaces: interfaces.map(interfacePart) })
  return { digest: digestOf(text), text }
}

/** A digest for each interface and system by itself: what differs between two configurations. */
export interface PartDigests {
  readonly interfaces: { readonly [id: string]: string }
  readonly systems: { readonly [id: string]: string }
}

export function partDigestsOf({ systems, interfaces }: Catalogue): PartDigests {
  return {
    interfaces: Object.fromEntries(interfaces.map((iface) => [iface.id, digestOf(stringify(interfacePart(iface)))])),
    systems: Object.fromEntries(systems.map((system) => [system.id, digestOf(stringify(systemPart(system)))])),
  }
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function systemPart({ id, name, owner, addresses, depends, timezone }: System) {
  return { id, name, owner, addresses, depends, timezone }
}

function interfacePart(iface: Interface) {
  const { id, name, from, to, protocol, format, options, contract, criticality, objectives, expectedVolume, probes } = iface
  const { proxy, capture, kafka, files } = iface.sources
  return {
    id,
    name,
    from,
    to,
    protocol,
    format,
    options,
    contract,
    criticality,
    objectives,
    expectedVolume,
    sources: {
      proxy: proxy && {
        listen: addressText(proxy.listen),
        upstream: addressText(proxy.upstream),
        listenTls: proxy.listenTls !== null,
        upstreamTls: proxy.upstreamTls !== null,
      },
      capture: capture && {
        acceptor: addressText(capture.acceptor),
        initiator: capture.initiatorHost,
      },
      kafka: kafka && {
        brokers: kafka.brokers.map(addressText),
        topics: kafka.topics,
        groups: kafka.groups,
        tls: kafka.tls !== null,
        sasl: kafka.sasl?.mechanism ?? null,
      },
      files: files && { folder: files.folder, pattern: files.pattern, marker: files.marker, deadline: files.deadline },
    },
    probes: probes?.map(({ kind }) => kind) ?? [],
  }
}

function addressText({ host, port }: Address): string {
  return `${host}:${port}`
}
