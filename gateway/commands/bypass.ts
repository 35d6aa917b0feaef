import { lookup } from 'node:dns/promises'
import { isIPv4 } from 'node:net'
import process from 'node:process'
import { readSoundConfig } from '../app.ts'
import { failure } from '../model/failures.ts'
import type { Address, Interface, ProxySource } from '../model/interface.ts'
import { readArguments } from './arguments.ts'

const usage = 'auscult bypass --config FILE'

/**
 * Prints the nftables rules that lead new connections past Auscult, from each proxy's address to its upstream, while Auscult is stopped or is to be left
 * out: `auscult bypass --config FILE | nft -f -`. What is connected already stays where it is. Exit 1: some proxies can't be passed by, and are named.
 */
export async function bypass(args: readonly string[]): Promise<number> {
  const { values } = readArguments(args, { config: { type: 'string' } }, usage)
  if (values.config === undefined) throw failure('ARGUMENTS_INVALID', `--config is missing; usage: ${usage}`)
  const { catalogue } = await readSoundConfig(values.config)
  const { rules, left } = await bypassOf(catalogue.interfaces, ipv4Of)
  process.stdout.write(rules)
  for (const { id, why } of left) process.stderr.write(`auscult: ${id} can't be passed by: ${why}\n`)
  return left.length === 0 ? 0 : 1
}

export interface Bypass {
  /** A table for `nft -f`; loading it again replaces it. */
  readonly rules: string
  /** Interfaces with a proxy that the rules don't cover. */
  readonly left: readonly { readonly id: string; readonly why: string }[]
}

/** `resolve` gives a host's IPv4 address, or null. */
export async function bypassOf(
  interfaces: readonly Pick<Interface, 'id' | 'sources'>[],
  resolve: (host: string) => Promise<string | null>,
): Promise<Bypass> {
  const left: Bypass['left'][number][] = []
  const ofAddress: string[] = []
  const ofAny: string[] = []
  for (const { id, sources } of interfaces) {
    if (sources.proxy === null) continue
    const way = await wayOf(sources.proxy, resolve)
    if ('why' in way) left.push({ id, why: way.why })
    else if (way.listen.host === '0.0.0.0') ofAny.push(`      ${way.listen.port} : ${targetOf(way)}, # ${id}`)
    else ofAddress.push(`      ${way.listen.host} . ${way.listen.port} : ${targetOf(way)}, # ${id}`)
  }
  return { rules: tableOf(ofAddress, ofAny), left }
}

interface Way {
  readonly listen: Address
  readonly upstream: Address
}

async function wayOf(
  { listen, upstream, listenTls, upstreamTls }: ProxySource,
  resolve: (host: string) => Promise<string | null>,
): Promise<Way | { readonly why: string }> {
  if (listenTls !== null || upstreamTls !== null) return { why: 'its TLS ends or begins here' }
  const [from, to] = [await resolve(listen.host), await resolve(upstream.host)]
  if (from === null || to === null) return { why: 'one of its hosts has no IPv4 address' }
  return { listen: { host: from, port: listen.port }, upstream: { host: to, port: upstream.port } }
}

function targetOf({ upstream }: Way): string {
  return `${upstream.host} . ${upstream.port}`
}

/**
 * `add` before `flush`, so that loading it is the same the first time and again. Only beginnings are led: a connection that the kernel didn't track
 * before would be led away in its middle. Masquerading, since answers have to come back this way. The way back leaves the table, without
 * which what was led past would break.
 */
function tableOf(ofAddress: readonly string[], ofAny: readonly string[]): string {
  return `# Leads new connections past Auscult. Needs net.ipv4.ip_forward = 1. Back: nft flush chain ip auscult_bypass prerouting
add table ip auscult_bypass
flush table ip auscult_bypass
table ip auscult_bypass {
  map of_address {
    type ipv4_addr . inet_service : ipv4_addr . inet_service
${elementsOf(ofAddress)}  }
  map of_any_address {
    type inet_service : ipv4_addr . inet_service
${elementsOf(ofAny)}  }
  chain prerouting {
    type nat hook prerouting priority dstnat
    tcp flags & (syn | ack) != syn accept
    dnat to ip daddr . tcp dport map @of_address
    fib daddr type local dnat to tcp dport map @of_any_address
  }
  chain postrouting {
    type nat hook postrouting priority srcnat
    ct status dnat masquerade
  }
}
`
}

function elementsOf(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `    elements = {\n${lines.join('\n')}\n    }\n`
}

async function ipv4Of(host: string): Promise<string | null> {
  if (isIPv4(host)) return host
  return lookup(host, { family: 4 }).then(
    ({ address }) => address,
    () => null,
  )
}
