import { createHash } from 'node:crypto'
import { parse, stringify } from 'yaml'
import type { Address, Catalogue, Interface, System } from '../model/interface.ts'
import { isRecord, type JsonRecord } from '../model/json.ts'
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

/** One part of one interface or system that two snapshots say differently; null: the one has none of it. */
export interface ConfigurationDifference {
  readonly of: string
  readonly what: string
  readonly before: string | null
  readonly after: string | null
}

/** What differs between the texts of two snapshots of these interfaces and systems, and of no others. */
export function differencesOf(before: string, after: string, ids: readonly string[]): readonly ConfigurationDifference[] {
  const [old, now] = [partsOf(before), partsOf(after)]
  return ids.flatMap((of) => {
    const [was, is] = [old.get(of) ?? {}, now.get(of) ?? {}]
    const names = [...new Set([...Object.keys(was), ...Object.keys(is)])]
    return names.flatMap((what) => {
      const [one, other] = [valueText(was[what]), valueText(is[what])]
      return one === other ? [] : [{ of, what, before: one, after: other }]
    })
  })
}

function partsOf(text: string): ReadonlyMap<string, JsonRecord> {
  const read: unknown = parse(text)
  const parts = ['systems', 'interfaces'].flatMap((list) => {
    const value: unknown = isRecord(read) ? read[list] : null
    return Array.isArray(value) ? value.filter(isRecord) : []
  })
  return new Map(parts.map((part) => [String(part.id), part]))
}

function valueText(value: unknown): string | null {
  return value === undefined || value === null ? null : typeof value === 'object' ? JSON.stringify(value) : String(value)
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
