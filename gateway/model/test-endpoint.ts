import type { Address } from './address.ts'
import type { Catalogue } from './interface.ts'
import type { Probe } from './probe.ts'
import type { Millis } from './time.ts'

/** Where stored messages may be sent again: a receiver for tests, named in the configuration, never one that an interface uses. */
export type TestEndpoint = {
  readonly name: string
  /** From dialling to the last byte of the answer. */
  readonly timeoutMs: Millis
} & ({ readonly protocol: 'mllp'; readonly address: Address } | { readonly protocol: 'http'; readonly url: string })

/** Host and port that a test endpoint is reached at. */
export function addressOfEndpoint(endpoint: TestEndpoint): Address {
  return endpoint.protocol === 'mllp' ? endpoint.address : addressOfUrl(endpoint.url)
}

/** An address that the hospital's own traffic, or a check of it, goes to. */
export interface UsedAddress {
  readonly address: Address
  /** An id of an interface or a system. */
  readonly by: string
}

/** Every address that is in use, as far as the configuration tells: proxies on both sides, captures, brokers, and what probes ask. */
export function usedAddresses({ interfaces, systems }: Pick<Catalogue, 'interfaces' | 'systems'>): readonly UsedAddress[] {
  const ofInterfaces = interfaces.flatMap(({ id, sources: { proxy, capture, kafka }, probes = [] }) => [
    ...(proxy === null ? [] : [proxy.listen, proxy.upstream]).map((address) => ({ address, by: id })),
    ...(capture === null ? [] : [{ address: capture.acceptor, by: id }]),
    ...(kafka?.brokers ?? []).map((address) => ({ address, by: id })),
    ...probedAddresses(probes).map((address) => ({ address, by: id })),
  ])
  const ofSystems = systems.flatMap(({ id, probes = [] }) => probedAddresses(probes).map((address) => ({ address, by: id })))
  return [...ofInterfaces, ...ofSystems]
}

/**
 * The first use of an address; null: nobody's. A wildcard (`0.0.0.0`, `::`, `*`) is every host, port 0 every port of its host; both together say
 * nothing. Names are compared as they are written.
 */
export function takerOf({ host, port }: Address, used: readonly UsedAddress[]): UsedAddress | null {
  const isTaken = (other: Address) =>
    other.port === 0
      ? isSameHost(host, other.host) && !wildcards.has(other.host)
      : other.port === port && isSameHost(host, other.host)
  return used.find(({ address }) => isTaken(address)) ?? null
}

const wildcards = new Set(['*', '0.0.0.0', '::'])
const loopback = /^(?:localhost|::1|(?:::ffff:)?127\.\d+\.\d+\.\d+)$/

function isSameHost(a: string, b: string): boolean {
  const [one, other] = [hostKey(a), hostKey(b)]
  return one === other || wildcards.has(one) || wildcards.has(other)
}

/** All that is this machine is one: a listener of `::` hears `127.0.0.2` too. */
function hostKey(host: string): string {
  const plain = host.toLowerCase().replace(/\.$/, '')
  return loopback.test(plain) ? 'loopback' : plain.replace(/^::ffff:(?=\d+\.)/, '')
}

/** A configuration that is being checked may have an address that is none; that is said elsewhere. */
function probedAddresses(probes: readonly Probe[]): readonly Address[] {
  return probes.flatMap((probe) => {
    if (!('url' in probe)) return [probe.address]
    return URL.canParse(probe.url) ? [addressOfUrl(probe.url)] : []
  })
}

function addressOfUrl(text: string): Address {
  const { hostname, port, protocol } = new URL(text)
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port) }
}
