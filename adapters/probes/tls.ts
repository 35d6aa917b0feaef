import { readFile } from 'node:fs/promises'
import { checkServerIdentity, type DetailedPeerCertificate, type PeerCertificate } from 'node:tls'
import { failure } from '../../gateway/model/failures.ts'
import type { Probe } from '../../gateway/model/probe.ts'
import { dialTls } from './dial.ts'
import { no, type ProbeAnswer, type ProbeContext, yes } from './probe-answer.ts'

const dayMs = 86_400_000
const chainMax = 10

/**
 * Looks at what a TLS peer shows: the chain and whether it is trusted, the days left of the certificate that ends first, the name, the protocol version.
 * No, by what is worst: an untrusted or ended chain (OpenSSL's code), another name (ERR_TLS_CERT_ALTNAME_INVALID), a version that RFC 8996 forbids
 * (TLS_TOO_OLD), an end that is near (CERT_ENDS_SOON).
 */
export async function probeTls(probe: Extract<Probe, { kind: 'tls' }>, context: ProbeContext): Promise<ProbeAnswer> {
  const { clock, signal } = context
  const ca = await caOf(probe.ca)
  const socket = await dialTls({ address: probe.address, serverName: probe.serverName, ca, isChecked: false }, signal)
  const chain = chainOf(socket.getPeerCertificate(true))
  const version = socket.getProtocol() ?? 'unknown'
  // Node has it as a code; its type says Error.
  const distrust: unknown = socket.authorizationError
  socket.destroy()
  const [leaf] = chain
  if (leaf === undefined) return no('CERT_MISSING', { version })
  const daysLeft = Math.floor(Math.min(...chain.map((c) => (Date.parse(c.valid_to) - clock.now()) / dayMs)))
  const isNamed = checkServerIdentity(probe.serverName ?? probe.address.host, leaf) === undefined
  const facts = { daysLeft, version, chainLength: chain.length, nameMatches: isNamed ? 'yes' : 'no' }
  if (distrust) return no(codeText(distrust), facts)
  if (!isNamed) return no('ERR_TLS_CERT_ALTNAME_INVALID', facts)
  if (version === 'TLSv1' || version === 'TLSv1.1') return no('TLS_TOO_OLD', facts)
  if (daysLeft < probe.daysLeftMin) return no('CERT_ENDS_SOON', facts)
  return yes(facts)
}

/** The authorities to check against. TLS_MATERIAL_UNREADABLE. */
export async function caOf(path: string | null): Promise<string | null> {
  try {
    return path === null ? null : await readFile(path, 'utf8')
  } catch (cause) {
    throw failure('TLS_MATERIAL_UNREADABLE', 'the CA file of a probe cannot be read', { cause })
  }
}

/** From the peer's own certificate up; a root names itself as its issuer. */
function chainOf(leaf: DetailedPeerCertificate): readonly PeerCertificate[] {
  const chain: PeerCertificate[] = []
  for (let next: DetailedPeerCertificate | undefined = leaf; chain.length < chainMax; next = next.issuerCertificate) {
    if (next?.valid_to === undefined || chain.includes(next)) break
    chain.push(next)
  }
  return chain
}

function codeText(distrust: unknown): string {
  const code: unknown = distrust instanceof Error ? Reflect.get(distrust, 'code') : distrust
  return typeof code === 'string' && /^[A-Z0-9_]+$/.test(code) ? code : 'CERT_UNTRUSTED'
}
