import type { Catalogue, Interface, System } from '../model/interface.ts'
import type { Subject } from '../model/subject.ts'

/** Who is connected with whom, and what they share: the configuration seen as a graph. */
export interface Topology {
  iface(id: string): Interface | null
  system(id: string): System | null
  /** Interfaces that the system sends or receives on, in the catalogue's order. */
  interfacesOf(systemId: string): readonly Interface[]
  /** The resources that a system needs: a database, a host, a link, another system. */
  resourcesOf(systemId: string): readonly string[]
  /** Every resource that at least two interfaces need at their receiving end, with those interfaces' ids. */
  readonly shared: readonly { readonly resource: string; readonly interfaceIds: readonly string[] }[]
  /** Systems that send to this one, directly or over one other: what runs dry when they stop. */
  upstreamOf(systemId: string): readonly string[]
  /** The interfaces that a subject is about: itself, or all of the system's. */
  interfacesFor(subject: Subject): readonly Interface[]
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
  const resourcesOf = (systemId: string) => systems.get(systemId)?.depends ?? []
  const upstream = new Map([...senders.keys()].map((id) => [id, twoHopsUp(id, senders)]))
  return {
    iface: (id) => interfaces.get(id) ?? null,
    system: (id) => systems.get(id) ?? null,
    interfacesOf: (systemId) => touching.get(systemId) ?? [],
    resourcesOf,
    shared: sharedResources(catalogue, resourcesOf),
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

function sharedResources(
  catalogue: Catalogue,
  resourcesOf: (systemId: string) => readonly string[],
): readonly { readonly resource: string; readonly interfaceIds: readonly string[] }[] {
  const users = new Map<string, string[]>()
  for (const iface of catalogue.interfaces) {
    for (const resource of new Set(resourcesOf(iface.to))) listIn(users, resource).push(iface.id)
  }
  return [...users]
    .filter(([, interfaceIds]) => interfaceIds.length > 1)
    .map(([resource, interfaceIds]) => ({ resource, interfaceIds }))
    .sort((a, b) => (a.resource < b.resource ? -1 : 1))
}
