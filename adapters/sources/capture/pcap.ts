import { type CaptureCutter, type CapturedPacket, Pending, packetBytesMax } from './packet.ts'

/** Whether a file that begins so is a classic pcap (draft-ietf-opsawg-pcap): either byte order, micro- or nanoseconds. */
export function isPcap(head: Buffer): boolean {
  return head.length >= 4 && formOf(head) !== null
}

/** Cuts a classic pcap, from its first byte on. Packets are views of the bytes pushed where they came whole. */
export function pcapCutter(): CaptureCutter {
  return new PcapCutter()
}

interface Form {
  readonly isLittle: boolean
  /** Units of the fraction in a millisecond. */
  readonly perMs: number
}

function formOf(head: Buffer): Form | null {
  switch (head.readUInt32BE(0)) {
    case 0xd4c3b2a1:
      return { isLittle: true, perMs: 1e3 }
    case 0xa1b2c3d4:
      return { isLittle: false, perMs: 1e3 }
    case 0x4d3cb2a1:
      return { isLittle: true, perMs: 1e6 }
    case 0xa1b23c4d:
      return { isLittle: false, perMs: 1e6 }
    default:
      return null
  }
}

class PcapCutter implements CaptureCutter {
  readonly #pending = new Pending()
  #form: Form | null = null
  #link = 0
  #isBroken = false

  get pendingBytes(): number {
    return this.#pending.length
  }

  get isBroken(): boolean {
    return this.#isBroken
  }

  push(bytes: Buffer): readonly CapturedPacket[] {
    if (this.#isBroken) return []
    this.#pending.add(bytes)
    const packets: CapturedPacket[] = []
    if (this.#form === null && !this.#readHeader()) return packets
    for (;;) {
      const packet = this.#next()
      if (packet === null) return packets
      packets.push(packet)
    }
  }

  #readHeader(): boolean {
    const header = this.#pending.peek(24)
    if (header === null) return false
    this.#form = formOf(header)
    this.#isBroken = this.#form === null
    if (this.#form === null) return false
    // The upper bits say whether packets end in a frame check sequence; IP's own lengths cut it off.
    this.#link = (this.#form.isLittle ? header.readUInt32LE(20) : header.readUInt32BE(20)) & 0xffff
    this.#pending.use(24)
    return true
  }

  #next(): CapturedPacket | null {
    const head = this.#pending.peek(16)
    const form = this.#form
    if (head === null || form === null) return null
    const number = (at: number) => (form.isLittle ? head.readUInt32LE(at) : head.readUInt32BE(at))
    const capturedBytes = number(8)
    if (capturedBytes > packetBytesMax) {
      this.#isBroken = true
      return null
    }
    const whole = this.#pending.peek(16 + capturedBytes)
    if (whole === null) return null
    this.#pending.use(16 + capturedBytes)
    const at = number(0) * 1000 + number(4) / form.perMs
    return { at, link: this.#link, bytes: whole.subarray(16), wireBytes: Math.max(number(12), capturedBytes) }
  }
}
