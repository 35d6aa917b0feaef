import { type CaptureCutter, type CapturedPacket, Pending, packetBytesMax } from './packet.ts'

/** Whether a file that begins so is a pcapng (draft-ietf-opsawg-pcapng): a section header block. */
export function isPcapng(head: Buffer): boolean {
  return head.length >= 4 && head.readUInt32BE(0) === blocks.section
}

/** Cuts a pcapng, from its first byte on: any number of sections, of either byte order, and of interfaces. Other blocks are skipped. */
export function pcapngCutter(): CaptureCutter {
  return new PcapngCutter()
}

const blocks = { section: 0x0a0d0d0a, interface: 1, obsoletePacket: 2, simplePacket: 3, enhancedPacket: 6 } as const

interface CaptureInterface {
  readonly link: number
  /** 0: no limit. */
  readonly snapBytes: number
  readonly unitsPerS: bigint
  readonly offsetS: bigint
}

class PcapngCutter implements CaptureCutter {
  readonly #pending = new Pending()
  #isLittle = true
  #interfaces: CaptureInterface[] = []
  #isBroken = false
  /** For simple packets, which carry no time. */
  #lastAt = 0

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
    while (!this.#isBroken) {
      const block = this.#nextBlock()
      if (block === null) break
      const packet = this.#read(block.type, block.body)
      if (packet === null) continue
      this.#lastAt = packet.at
      packets.push(packet)
    }
    return packets
  }

  #nextBlock(): { readonly type: number; readonly body: Buffer } | null {
    const head = this.#pending.peek(12)
    if (head === null) return null
    const isSection = head.readUInt32BE(0) === blocks.section
    if (isSection && !this.#beginSection(head)) return null
    const type = isSection ? blocks.section : this.#u32(head, 0)
    const bytes = this.#u32(head, 4)
    if (bytes < 12 || bytes % 4 !== 0) return this.#break()
    if (!known.has(type)) {
      this.#pending.use(bytes)
      return { type, body: head.subarray(0, 0) }
    }
    if (bytes > packetBytesMax) return this.#break()
    const whole = this.#pending.peek(bytes)
    if (whole === null) return null
    this.#pending.use(bytes)
    return { type, body: whole.subarray(8, bytes - 4) }
  }

  #beginSection(head: Buffer): boolean {
    const order = head.readUInt32BE(8)
    if (order !== 0x4d3c2b1a && order !== 0x1a2b3c4d) {
      this.#isBroken = true
      return false
    }
    this.#isLittle = order === 0x4d3c2b1a
    return true
  }

  #read(type: number, body: Buffer): CapturedPacket | null {
    switch (type) {
      case blocks.section:
        this.#interfaces = []
        return null
      case blocks.interface:
        if (body.length >= 8) this.#interfaces.push(this.#interface(body))
        return null
      case blocks.enhancedPacket:
        return body.length < 20 ? this.#break() : this.#packet(this.#u32(body, 0), body)
      case blocks.obsoletePacket:
        return body.length < 20 ? this.#break() : this.#packet(this.#u16(body, 0), body)
      case blocks.simplePacket:
        return body.length < 4 ? this.#break() : this.#simplePacket(body)
      default:
        return null
    }
  }

  #packet(interfaceIndex: number, body: Buffer): CapturedPacket | null {
    const from = this.#interfaces[interfaceIndex]
    const capturedBytes = this.#u32(body, 12)
    if (from === undefined || capturedBytes > body.length - 20) return this.#break()
    const units = (BigInt(this.#u32(body, 4)) << 32n) + BigInt(this.#u32(body, 8))
    const wireBytes = Math.max(this.#u32(body, 16), capturedBytes)
    return { at: instant(units, from), link: from.link, bytes: body.subarray(20, 20 + capturedBytes), wireBytes }
  }

  #simplePacket(body: Buffer): CapturedPacket | null {
    const from = this.#interfaces[0]
    if (from === undefined) return this.#break()
    const wireBytes = this.#u32(body, 0)
    const capturedBytes = Math.min(wireBytes, from.snapBytes === 0 ? wireBytes : from.snapBytes, body.length - 4)
    return { at: this.#lastAt, link: from.link, bytes: body.subarray(4, 4 + capturedBytes), wireBytes }
  }

  #interface(body: Buffer): CaptureInterface {
    let unitsPerS = 1_000_000n
    let offsetS = 0n
    for (const { code, value } of this.#options(body.subarray(8))) {
      const resolution = value[0]
      // if_tsresol: a power of two when the top bit is set, else of ten.
      if (code === 9 && resolution !== undefined) {
        unitsPerS = resolution > 127 ? 1n << BigInt(resolution & 127) : 10n ** BigInt(resolution)
      }
      if (code === 14 && value.length === 8) offsetS = this.#isLittle ? value.readBigInt64LE(0) : value.readBigInt64BE(0)
    }
    return { link: this.#u16(body, 0), snapBytes: this.#u32(body, 4), unitsPerS, offsetS }
  }

  #options(bytes: Buffer) {
    const options: { readonly code: number; readonly value: Buffer }[] = []
    let at = 0
    while (at + 4 <= bytes.length) {
      const code = this.#u16(bytes, at)
      const length = this.#u16(bytes, at + 2)
      if (code === 0 || at + 4 + length > bytes.length) break
      options.push({ code, value: bytes.subarray(at + 4, at + 4 + length) })
      at += 4 + Math.ceil(length / 4) * 4
    }
    return options
  }

  #break(): null {
    this.#isBroken = true
    return null
  }

  #u16(bytes: Buffer, at: number): number {
    return this.#isLittle ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at)
  }

  #u32(bytes: Buffer, at: number): number {
    return this.#isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)
  }
}

const known: ReadonlySet<number> = new Set(Object.values(blocks))

/** Whole seconds and the rest apart: together they have more digits than a number. */
function instant(units: bigint, { unitsPerS, offsetS }: CaptureInterface): number {
  const seconds = Number(units / unitsPerS + offsetS)
  return seconds * 1000 + (Number(units % unitsPerS) * 1000) / Number(unitsPerS)
}
