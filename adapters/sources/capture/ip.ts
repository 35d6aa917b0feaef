import type { Instant } from '../../../gateway/model/time.ts'
import { formatIp } from './ip-address.ts'

/** What an IP packet carries. */
export interface IpPayload {
  readonly source: string
  readonly target: string
  /** 6 = TCP. */
  readonly protocol: number
  readonly bytes: Buffer
  /** Bytes of it that the wire had and the capture has not. */
  readonly missingBytes: number
}

/** One piece of a payload that was sent in several packets. */
interface Fragment {
  readonly payload: Omit<IpPayload, 'missingBytes'>
  readonly id: string
  readonly offset: number
  readonly isLast: boolean
}

/** Opens IP packets and puts fragments together, within limits: so many datagrams at once, each for so long. */
export class IpReader {
  readonly #datagrams = new Map<string, { readonly beganAt: Instant; pieces: readonly Fragment[] }>()

  /** Null: no IP, no payload of use, or a fragment whose others are still to come. */
  read(bytes: Buffer, at: Instant): IpPayload | null {
    const version = (bytes[0] ?? 0) >> 4
    const read = version === 4 ? readV4(bytes) : version === 6 ? readV6(bytes) : null
    if (read === null || !('offset' in read)) return read
    return this.#assemble(read, at)
  }

  #assemble(fragment: Fragment, at: Instant): IpPayload | null {
    const known = this.#datagrams.get(fragment.id)
    const isFresh = known !== undefined && at - known.beganAt < fragmentWaitMs
    const datagram = isFresh ? known : { beganAt: at, pieces: [] }
    datagram.pieces = [...datagram.pieces, fragment].sort((a, b) => a.offset - b.offset)
    const whole = joined(datagram.pieces)
    this.#datagrams.delete(fragment.id)
    if (whole !== null) return { ...fragment.payload, bytes: whole, missingBytes: 0 }
    // The newest go last: over the limit, the oldest is given up.
    if (datagram.pieces.length < piecesMax) this.#datagrams.set(fragment.id, datagram)
    const oldest = this.#datagrams.keys().next()
    if (this.#datagrams.size > datagramsMax && !oldest.done) this.#datagrams.delete(oldest.value)
    return null
  }
}

const fragmentWaitMs = 30_000
const datagramsMax = 256
const piecesMax = 128

/** The pieces as one, when none is missing. Where two overlap, the earlier bytes stand. */
function joined(pieces: readonly Fragment[]): Buffer | null {
  const parts: Buffer[] = []
  let end = 0
  for (const { offset, payload, isLast } of pieces) {
    if (offset > end) return null
    if (offset + payload.bytes.length > end) {
      parts.push(payload.bytes.subarray(end - offset))
      end = offset + payload.bytes.length
    }
    if (isLast) return Buffer.concat(parts)
  }
  return null
}

/** RFC 791. A total length of 0 is of a packet that the network card cut up after it was captured. */
function readV4(bytes: Buffer): IpPayload | Fragment | null {
  const headerBytes = ((bytes[0] ?? 0) & 15) * 4
  if (headerBytes < 20 || bytes.length < headerBytes) return null
  const totalBytes = bytes.readUInt16BE(2) || bytes.length
  if (totalBytes < headerBytes) return null
  const payload = {
    source: formatIp(bytes.subarray(12, 16)),
    target: formatIp(bytes.subarray(16, 20)),
    protocol: bytes.readUInt8(9),
    bytes: bytes.subarray(headerBytes, totalBytes),
  }
  const flags = bytes.readUInt16BE(6)
  const offset = (flags & 0x1fff) * 8
  const isLast = (flags & 0x2000) === 0
  if (offset === 0 && isLast) return { ...payload, missingBytes: Math.max(0, totalBytes - bytes.length) }
  const id = `${payload.source} ${payload.target} ${payload.protocol} ${bytes.readUInt16BE(4)}`
  return bytes.length < totalBytes ? null : { payload, id, offset, isLast }
}

const extensions = { hopByHop: 0, routing: 43, fragment: 44, authentication: 51, destination: 60 } as const
const extensionsMax = 12

/** RFC 8200. A payload length of 0 is of a packet that the network card cut up after it was captured. */
function readV6(bytes: Buffer): IpPayload | Fragment | null {
  if (bytes.length < 40) return null
  const totalBytes = 40 + (bytes.readUInt16BE(4) || bytes.length - 40)
  const source = formatIp(bytes.subarray(8, 24))
  const target = formatIp(bytes.subarray(24, 40))
  let protocol = bytes.readUInt8(6)
  let at = 40
  let fragment: { readonly id: string; readonly offset: number; readonly isLast: boolean } | null = null
  for (let count = 0; count < extensionsMax && at + 8 <= bytes.length; count += 1) {
    if (protocol === extensions.fragment) {
      const field = bytes.readUInt16BE(at + 2)
      const id = `${source} ${target} ${bytes.readUInt32BE(at + 4)}`
      fragment = { id, offset: field & 0xfff8, isLast: (field & 1) === 0 }
    } else if (!isExtension(protocol)) break
    const lengthField = bytes.readUInt8(at + 1)
    const next = at + extensionBytes(protocol, lengthField)
    protocol = bytes.readUInt8(at)
    at = next
    // Behind the first piece's header stands the middle of a payload, not another header.
    if (fragment !== null) break
  }
  if (at > bytes.length) return null
  const payload = { source, target, protocol, bytes: bytes.subarray(at, totalBytes) }
  const missingBytes = Math.max(0, totalBytes - bytes.length)
  if (fragment === null || (fragment.offset === 0 && fragment.isLast)) return { ...payload, missingBytes }
  return missingBytes > 0 ? null : { payload, ...fragment }
}

function isExtension(protocol: number): boolean {
  return (
    protocol === extensions.hopByHop ||
    protocol === extensions.routing ||
    protocol === extensions.destination ||
    protocol === extensions.authentication
  )
}

function extensionBytes(protocol: number, lengthField: number): number {
  if (protocol === extensions.fragment) return 8
  return protocol === extensions.authentication ? (lengthField + 2) * 4 : (lengthField + 1) * 8
}
