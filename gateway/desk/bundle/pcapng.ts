import { isIPv4, isIPv6 } from 'node:net'
import type { Address } from '../../model/address.ts'
import type { Instant } from '../../model/time.ts'

/** A TCP segment to be written. Hosts are IPv4 or IPv6, both ends of the same kind. */
export interface Segment {
  readonly at: Instant
  readonly source: Address
  readonly target: Address
  readonly sequence: number
  /** Null: nothing is acknowledged (the first SYN, a RST to one). */
  readonly ack: number | null
  readonly flags: readonly Flag[]
  readonly bytes: Uint8Array
  /** Written into the file beside the packet. */
  readonly comment: string | null
}
export type Flag = 'syn' | 'rst' | 'psh' | 'fin'

const flagBits = { fin: 1, syn: 2, rst: 4, psh: 8 } as const satisfies { readonly [F in Flag]: number }
const ackBit = 16
/** Packets without a link header, IPv4 or IPv6 by their first digit (https://www.tcpdump.org/linktypes.html). */
const linkRaw = 101

/** A pcapng file (draft-ietf-opsawg-pcapng) of these segments in the order given, with a comment for the whole; checksums are right. */
export function pcapngFile(segments: readonly Segment[], comment: string): Uint8Array {
  const section = Buffer.alloc(16)
  section.writeUInt32LE(0x1a2b3c4d, 0)
  section.writeUInt16LE(1, 4)
  section.writeBigInt64LE(-1n, 8)
  const link = Buffer.alloc(8)
  link.writeUInt16LE(linkRaw, 0)
  return Buffer.concat([
    block(0x0a0d0d0a, section, [option(1, comment), option(4, 'Auscult')]),
    block(1, link, []),
    ...segments.map(packetBlock),
  ])
}

function packetBlock(segment: Segment): Buffer {
  const packet = ipPacket(segment)
  const head = Buffer.alloc(20)
  // Microseconds since 1970, as two halves.
  const micros = BigInt(Math.round(segment.at * 1_000))
  head.writeUInt32LE(Number(micros >> 32n), 4)
  head.writeUInt32LE(Number(micros & 0xffff_ffffn), 8)
  head.writeUInt32LE(packet.length, 12)
  head.writeUInt32LE(packet.length, 16)
  return block(6, Buffer.concat([head, padded(packet)]), segment.comment === null ? [] : [option(1, segment.comment)])
}

function block(type: number, body: Buffer, options: readonly Buffer[]): Buffer {
  const end = options.length === 0 ? [] : [...options, Buffer.alloc(4)]
  const inner = Buffer.concat([body, ...end])
  const head = Buffer.alloc(8)
  head.writeUInt32LE(type, 0)
  head.writeUInt32LE(inner.length + 12, 4)
  return Buffer.concat([head, inner, head.subarray(4)])
}

function option(code: number, text: string): Buffer {
  const value = Buffer.from(text).subarray(0, 4_000)
  const head = Buffer.alloc(4)
  head.writeUInt16LE(code, 0)
  head.writeUInt16LE(value.length, 2)
  return Buffer.concat([head, padded(value)])
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)])
}

function ipPacket({ source, target, sequence, ack, flags, bytes }: Segment): Buffer {
  const tcp = Buffer.alloc(20 + bytes.length)
  tcp.writeUInt16BE(source.port, 0)
  tcp.writeUInt16BE(target.port, 2)
  tcp.writeUInt32BE(sequence >>> 0, 4)
  tcp.writeUInt32BE((ack ?? 0) >>> 0, 8)
  tcp.writeUInt8(5 << 4, 12)
  tcp.writeUInt8(
    flags.reduce((bits, flag) => bits | flagBits[flag], ack === null ? 0 : ackBit),
    13,
  )
  tcp.writeUInt16BE(0xffff, 14)
  tcp.set(bytes, 20)
  const [from, to] = [hostBytes(source.host), hostBytes(target.host)]
  const pseudo = Buffer.concat([from, to, u32(tcp.length), u32(6)])
  tcp.writeUInt16BE(checksum(Buffer.concat([pseudo, tcp])), 16)
  return Buffer.concat([from.length === 4 ? ipv4(tcp.length, from, to) : ipv6(tcp.length, from, to), tcp])
}

function ipv4(payloadBytes: number, from: Buffer, to: Buffer): Buffer {
  const head = Buffer.concat([Buffer.from([0x45, 0]), Buffer.alloc(6), Buffer.from([64, 6, 0, 0]), from, to])
  head.writeUInt16BE(20 + payloadBytes, 2)
  // Never in fragments.
  head.writeUInt16BE(0x4000, 6)
  head.writeUInt16BE(checksum(head), 10)
  return head
}

function ipv6(payloadBytes: number, from: Buffer, to: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt8(0x60, 0)
  head.writeUInt16BE(payloadBytes, 4)
  head.writeUInt8(6, 6)
  head.writeUInt8(64, 7)
  return Buffer.concat([head, from, to])
}

function hostBytes(host: string): Buffer {
  if (isIPv4(host)) return Buffer.from(host.split('.').map(Number))
  if (!isIPv6(host)) throw new Error('a segment has a host that is no address')
  const [head = '', tail] = host.replace(/%.*$/, '').split('::', 2)
  const groups = (part: string | undefined) => (part === undefined || part === '' ? [] : part.split(':').flatMap(groupBytes))
  const [front, back] = [groups(head), groups(tail)]
  return Buffer.from([...front, ...Array<number>(16 - front.length - back.length).fill(0), ...back])
}

/** Two bytes, or the four of an embedded IPv4 address. */
function groupBytes(group: string): readonly number[] {
  if (group.includes('.')) return group.split('.').map(Number)
  const value = Number.parseInt(group, 16)
  return [value >> 8, value & 0xff]
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** RFC 1071. */
function checksum(bytes: Buffer): number {
  let sum = 0
  for (let i = 0; i < bytes.length; i += 2) sum += ((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0)
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16)
  return ~sum & 0xffff
}
