import type { Catalogue, Interface, System } from '../model/interface.ts'
import type { Subject } from '../model/subject.ts'

/** Who is connected with whom, and what they share: the configuration seen as a graph. */
export interface Topology {
  iface(id: string): Interface | null
  system(id: string): System | null
  /** Interfaces that the system sends or receives on, in the catalogue's order. */
  interfacesOf(systemId: string): readonly Interface[]
  /** The resources that a system needs: a database, a link, another system, and the host that it shares with one. */
  resourcesOf(systemId: string): readonly string[]
  /** What an interface's messages need on their whole way: the resources of both ends, and the certificates that it is served with. */
  wayOf(iface: Interface): readonly string[]
  /** Every resource that at least two interfaces need, with those interfaces' ids: at their receiving end, then anywhere on their way. */
  readonly shared: readonly SharedResource[]
  /** More than half of all interfaces need it somewhere: that several ill ones do says nothing. */
  isCommon(resource: string): boolean
  /** Systems that send to this one, directly or over one other: what runs dry when they stop. */
  upstreamOf(systemId: string): readonly string[]
  /** The interfaces that a subject is about: itself, or all of the system's. */
  interfacesFor(subject: Subject): readonly Interface[]
}

export interface SharedResource {
  readonly resource: string
  readonly interfaceIds: readonly string[]
  /** More than half of all interfaces need it there. */
  readonly isCommon: boolean
}

/** Reads the catalogue once. A system that an interface names and nobody declared counts all the same. */
export function createTopology(catalogue: Catalogue): Topology {
  const interfaces = new Map(catalogue.interfaces.map((iface) => [iface.id, iface]))
  const systems = new Map(catalogue.systems.map((system) => [system.id, system]))
  const touching = new Map<string, Interface[]>()
  const senders = new Map<string, Set<string>>()
  for (const iface of catalogue.interfaces) {
    for (const id of new Set([iface.from, iface.to])) listIn(touching, id).push(iface)
    const known = senders.get(iface.to) ?? new Set()
    senders.set(iface.to, known.add(iface.from))
  }
  const hosts = sharedHosts(catalogue)
  const needs = new Map(catalogue.systems.map(({ id, depends }) => [id, [...depends, ...(hosts.get(id) ?? [])]]))
  const resourcesOf = (systemId: string) => needs.get(systemId) ?? []
  const wayOf = (iface: Interface) => [
    ...new Set([...resourcesOf(iface.to), ...resourcesOf(iface.from), ...certificatesOf(iface)]),
  ]
  const ways = usersOf(catalogue.interfaces, wayOf)
  const upstream = new Map([...senders.keys()].map((id) => [id, twoHopsUp(id, senders)]))
  return {
    iface: (id) => interfaces.get(id) ?? null,
    system: (id) => systems.get(id) ?? null,
    interfacesOf: (systemId) => touching.get(systemId) ?? [],
    resourcesOf,
    wayOf,
    shared: sharedResources(
      usersOf(catalogue.interfaces, ({ to }) => resourcesOf(to)),
      ways,
      catalogue.interfaces.length / 2,
    ),
    isCommon: (resource) => (ways.get(resource)?.length ?? 0) > catalogue.interfaces.length / 2,
    upstreamOf: (systemId) => upstream.get(systemId) ?? [],
    interfacesFor: (subject) => {
      if (subject.kind === 'system') return touching.get(subject.id) ?? []
      const iface = subject.kind === 'interface' ? interfaces.get(subject.id) : undefined
      return iface === undefined ? [] : [iface]
    },
  }
}

function listIn<T>(map: Map<string, T[]>, key: string): T[] {
  const known = map.get(key)
  if (known !== undefined) return known
  const fresh: T[] = []
  map.set(key, fresh)
  return fresh
}

function twoHopsUp(systemId: string, senders: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] {
  const found = new Set<string>()
  for (const near of senders.get(systemId) ?? []) {
    found.add(near)
    for (const far of senders.get(near) ?? []) found.add(far)
  }
  found.delete(systemId)
  return [...found].sort()
}

function usersOf(
  interfaces: readonly Interface[],
  needsOf: (iface: Interface) => readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const users = new Map<string, string[]>()
  for (const iface of interfaces) {
    for (const resource of new Set(needsOf(iface))) listIn(users, resource).push(iface.id)
  }
  return users
}

/** Those at the receiving end come first: they say more; and what fewer need before what more do. On the whole way only where that makes a difference. */
function sharedResources(
  atReceiver: ReadonlyMap<string, readonly string[]>,
  onWay: ReadonlyMap<string, readonly string[]>,
  commonFrom: number,
): readonly SharedResource[] {
  const listed = (users: ReadonlyMap<string, readonly string[]>): readonly SharedResource[] =>
    [...users]
      .filter(([, interfaceIds]) => interfaceIds.length > 1)
      .map(([resource, interfaceIds]) => ({ resource, interfaceIds, isCommon: interfaceIds.length > commonFrom }))
      .sort((a, b) => a.interfaceIds.length - b.interfaceIds.length || (a.resource < b.resource ? -1 : 1))
  const wider = listed(onWay).filter(
    ({ resource, interfaceIds }) => interfaceIds.length > (atReceiver.get(resource)?.length ?? 0),
  )
  return [...listed(atReceiver), ...wider]
}

/** Addresses that two systems and more speak from: one host, by each system that is on it. */
function sharedHosts({ systems }: Catalogue): ReadonlyMap<string, readonly string[]> {
  const tenants = new Map<string, Set<string>>()
  for (const { id, addresses } of systems) {
    for (const address of addresses) tenants.set(address, (tenants.get(address) ?? new Set()).add(id))
  }
  const hosts = new Map<string, string[]>()
  for (const [address, ids] of tenants) if (ids.size > 1) for (const id of ids) listIn(hosts, id).push(address)
  return hosts
}

/** By their files' names: two interfaces that are served with one certificate fail together when it ends. */
function certificatesOf({ sources: { proxy } }: Interface): readonly string[] {
  const files = [proxy?.listenTls?.cert, proxy?.upstreamTls?.cert]
  return files.flatMap((file) => (file === null || file === undefined ? [] : [file.slice(file.lastIndexOf('/') + 1)]))
}
