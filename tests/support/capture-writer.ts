/** A TCP packet to be written into a capture. Hosts are IPv4, or IPv6 with every group written. */
export interface WrittenPacket {
  readonly at: number
  readonly source: { readonly host: string; readonly port: number }
  readonly target: { readonly host: string; readonly port: number }
  readonly sequence: number
  readonly ack?: number
  /** As tcpdump writes them: S, F, R, P. An acknowledgment is told by `ack`. */
  readonly flags?: string
  readonly bytes?: Uint8Array
}

export type CaptureForm = 'pcap' | 'pcap-nano' | 'pcapng'

/** A capture file of packets, in a form, byte order and link type. Deliberately apart from the reader: it shares no code with it. */
export function captureFile(
  packets: readonly { readonly at: number; readonly bytes: Buffer; readonly wireBytes?: number }[],
  options: { readonly form: CaptureForm; readonly isLittle: boolean; readonly link: number },
): Buffer {
  return options.form === 'pcapng' ? pcapng(packets, options) : pcap(packets, options)
}

/** The packet with its IP header: version 4 or 6 by its hosts. */
export function ipPacket(packet: WrittenPacket): Buffer {
  const tcp = tcpSegment(packet)
  return packet.source.host.includes(':') ? ipv6(packet, 6, tcp) : ipv4(packet, tcp)
}

/** The IP packet as a link of that type carries it. `tags` VLAN tags on those that have them. */
export function onLink(link: number, ip: Buffer, tags = 0): Buffer {
  const type = (ip[0] ?? 0) >> 4 === 6 ? 0x86dd : 0x0800
  const vlan = Array.from({ length: tags }, (_, i) => [i === 0 ? 0x88a8 : 0x8100, 7 + i]).flat()
  const behindTags = u16(...vlan, type)
  switch (link) {
    case 1:
      return Buffer.concat([Buffer.alloc(12, 2), behindTags, ip])
    case 0:
      return Buffer.concat([Buffer.from(type === 0x0800 ? [2, 0, 0, 0] : [30, 0, 0, 0]), ip])
    case 108:
      return Buffer.concat([Buffer.from(type === 0x0800 ? [0, 0, 0, 2] : [0, 0, 0, 24]), ip])
    case 113:
      return Buffer.concat([Buffer.alloc(14), behindTags, ip])
    case 276:
      return tags === 0
        ? Buffer.concat([u16(type), Buffer.alloc(18), ip])
        : Buffer.concat([u16(0x8100), Buffer.alloc(18), u16(...vlan.slice(1), type), ip])
    default:
      return ip
  }
}

/** IPv4 fragments of a packet, each with so many bytes of payload (a multiple of 8). */
export function fragmented(ip: Buffer, payloadBytes: number): readonly Buffer[] {
  const fragments: Buffer[] = []
  for (let at = 20; at < ip.length; at += payloadBytes) {
    const part = ip.subarray(at, at + payloadBytes)
    const header = Buffer.from(ip.subarray(0, 20))
    header.writeUInt16BE(20 + part.length, 2)
    header.writeUInt16BE((at + payloadBytes < ip.length ? 0x2000 : 0) | ((at - 20) / 8), 6)
    fragments.push(Buffer.concat([header, part]))
  }
  return fragments
}

export function tcpSegment(packet: WrittenPacket): Buffer {
  const { source, target, sequence, ack, flags = '', bytes = new Uint8Array(0) } = packet
  // Twelve bytes of options, as most segments have (timestamps).
  const header = Buffer.alloc(32)
  header.writeUInt16BE(source.port, 0)
  header.writeUInt16BE(target.port, 2)
  header.writeUInt32BE(sequence >>> 0, 4)
  header.writeUInt32BE((ack ?? 0) >>> 0, 8)
  header.writeUInt8(0x80, 12)
  const bit = (flag: string, value: number) => (flags.includes(flag) ? value : 0)
  header.writeUInt8(bit('F', 1) | bit('S', 2) | bit('R', 4) | bit('P', 8) | (ack === undefined ? 0 : 16), 13)
  header.writeUInt16BE(65_535, 14)
  return Buffer.concat([header, bytes])
}

/** An IPv6 packet whose extension headers, if any, stand at the front of `payload`. */
export function ipv6({ source, target }: Pick<WrittenPacket, 'source' | 'target'>, next: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(8)
  header.writeUInt8(0x60, 0)
  header.writeUInt16BE(payload.length, 4)
  header.writeUInt8(next, 6)
  header.writeUInt8(64, 7)
  return Buffer.concat([header, address(source.host), address(target.host), payload])
}

function ipv4({ source, target }: WrittenPacket, payload: Buffer): Buffer {
  const header = Buffer.alloc(20)
  header.writeUInt8(0x45, 0)
  header.writeUInt16BE(20 + payload.length, 2)
  header.writeUInt16BE(4711, 4)
  header.writeUInt8(64, 8)
  header.writeUInt8(6, 9)
  address(source.host).copy(header, 12)
  address(target.host).copy(header, 16)
  return Buffer.concat([header, payload])
}

function address(host: string): Buffer {
  if (!host.includes(':')) return Buffer.from(host.split('.').map(Number))
  return u16(...host.split(':').map((group) => Number.parseInt(group, 16)))
}

function u16(...numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(numbers.length * 2)
  for (const [i, number] of numbers.entries()) bytes.writeUInt16BE(number, i * 2)
  return bytes
}

type Packets = Parameters<typeof captureFile>[0]

function pcap(packets: Packets, { form, isLittle, link }: Parameters<typeof captureFile>[1]): Buffer {
  const isNano = form === 'pcap-nano'
  const u32 = (...numbers: readonly number[]) => words(isLittle, numbers)
  const parts = [u32(isNano ? 0xa1b23c4d : 0xa1b2c3d4), halves(isLittle, 2, 4), u32(0, 0, 262_144, link)]
  for (const { at, bytes, wireBytes } of packets) {
    const { seconds, micros } = split(at)
    parts.push(u32(seconds, isNano ? micros * 1000 : micros, bytes.length, wireBytes ?? bytes.length), bytes)
  }
  return Buffer.concat(parts)
}

function pcapng(packets: Packets, { isLittle, link }: Parameters<typeof captureFile>[1]): Buffer {
  const u32 = (...numbers: readonly number[]) => words(isLittle, numbers)
  const parts = [
    pcapngBlock(isLittle, 0x0a0d0d0a, Buffer.concat([u32(0x1a2b3c4d), halves(isLittle, 1, 0), u32(0xffffffff, 0xffffffff)])),
    // if_tsresol: nanoseconds.
    pcapngBlock(
      isLittle,
      1,
      Buffer.concat([halves(isLittle, link, 0), u32(0), halves(isLittle, 9, 1), Buffer.from([9, 0, 0, 0]), u32(0)]),
    ),
    // A block that no reader knows.
    pcapngBlock(isLittle, 0x0bad0bad, Buffer.alloc(20, 1)),
  ]
  for (const { at, bytes, wireBytes } of packets) {
    const { seconds, micros } = split(at)
    const nanos = BigInt(seconds) * 1_000_000_000n + BigInt(micros) * 1000n
    const head = u32(0, Number(nanos >> 32n), Number(nanos & 0xffffffffn), bytes.length, wireBytes ?? bytes.length)
    parts.push(pcapngBlock(isLittle, 6, Buffer.concat([head, bytes])))
  }
  return Buffer.concat(parts)
}

/** A block of a pcapng, padded. */
export function pcapngBlock(isLittle: boolean, type: number, body: Buffer): Buffer {
  const padding = Buffer.alloc((4 - (body.length % 4)) % 4)
  const length = 12 + body.length + padding.length
  return Buffer.concat([words(isLittle, [type, length]), body, padding, words(isLittle, [length])])
}

/** Numbers of four bytes each. */
export function words(isLittle: boolean, numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(numbers.length * 4)
  for (const [i, number] of numbers.entries()) {
    if (isLittle) bytes.writeUInt32LE(number >>> 0, i * 4)
    else bytes.writeUInt32BE(number >>> 0, i * 4)
  }
  return bytes
}

/** Numbers of two bytes each. */
export function halves(isLittle: boolean, ...numbers: readonly number[]): Buffer {
  const bytes = u16(...numbers)
  return isLittle ? bytes.swap16() : bytes
}

function split(at: number): { readonly seconds: number; readonly micros: number } {
  const micros = Math.round((at % 1000) * 1000)
  const seconds = Math.floor(at / 1000)
  return micros === 1e6 ? { seconds: seconds + 1, micros: 0 } : { seconds, micros }
}
