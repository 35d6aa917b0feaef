import type { IpPayload } from './ip.ts'
import { formatIp } from './ip-address.ts'

/** A TCP segment as the packet has it, before anything is known of its conversation. */
export interface RawSegment {
  readonly source: { readonly host: string; readonly port: number }
  readonly target: { readonly host: string; readonly port: number }
  readonly sequence: number
  readonly ack: number | null
  readonly isSyn: boolean
  readonly isFin: boolean
  readonly isRst: boolean
  readonly bytes: Buffer
  readonly missingBytes: number
}

/** RFC 9293 3.1. Null for another protocol, or when the snap length took the header. */
export function readSegment(ip: IpPayload): RawSegment | null {
  const { bytes } = ip
  if (ip.protocol !== protocols.tcp || bytes.length < 20) return null
  const headerBytes = (bytes.readUInt8(12) >> 4) * 4
  const flags = bytes.readUInt8(13)
  if (headerBytes < 20 || headerBytes > bytes.length + ip.missingBytes) return null
  return {
    source: { host: ip.source, port: bytes.readUInt16BE(0) },
    target: { host: ip.target, port: bytes.readUInt16BE(2) },
    sequence: bytes.readUInt32BE(4),
    ack: (flags & 0x10) === 0 ? null : bytes.readUInt32BE(8),
    isFin: (flags & 0x01) !== 0,
    isSyn: (flags & 0x02) !== 0,
    isRst: (flags & 0x04) !== 0,
    // A reset may carry a text for people (RFC 9293 3.5.3): that is no data of the stream.
    bytes: (flags & 0x04) === 0 ? bytes.subarray(headerBytes) : bytes.subarray(0, 0),
    missingBytes: (flags & 0x04) === 0 ? Math.min(ip.missingBytes, bytes.length + ip.missingBytes - headerBytes) : 0,
  }
}

/**
 * The ends of the TCP conversation that an ICMP "destination unreachable" is about (RFC 792, RFC 4443), as its refused packet had them:
 * null for every other packet.
 */
export function readUnreachable(ip: IpPayload): Pick<RawSegment, 'source' | 'target'> | null {
  const type = ip.bytes[0]
  if (ip.protocol === protocols.icmp && type === 3) return refusedV4(ip.bytes.subarray(8))
  if (ip.protocol === protocols.icmpV6 && type === 1) return refusedV6(ip.bytes.subarray(8))
  return null
}

const protocols = { icmp: 1, tcp: 6, icmpV6: 58 } as const

function refusedV4(inner: Buffer) {
  const headerBytes = ((inner[0] ?? 0) & 15) * 4
  if (headerBytes < 20 || inner.length < headerBytes + 4 || inner[9] !== protocols.tcp) return null
  return ends(formatIp(inner.subarray(12, 16)), formatIp(inner.subarray(16, 20)), inner.subarray(headerBytes))
}

function refusedV6(inner: Buffer) {
  if (inner.length < 44 || inner[6] !== protocols.tcp) return null
  return ends(formatIp(inner.subarray(8, 24)), formatIp(inner.subarray(24, 40)), inner.subarray(40))
}

function ends(source: string, target: string, ports: Buffer) {
  return { source: { host: source, port: ports.readUInt16BE(0) }, target: { host: target, port: ports.readUInt16BE(2) } }
}
