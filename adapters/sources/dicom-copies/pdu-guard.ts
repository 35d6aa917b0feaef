/** Longest PDU that an SCP of ours takes: it proposes 16 KB, and association requests of hundreds of contexts fit as well. */
export const pduBytesMax = 1_048_576

/**
 * Follows the PDUs of one direction by their headers (PS3.8 9.3.1: type, reserved, length in four bytes). `push` says whether what came may go on: false for
 * a PDU that is none or claims more than `bytesMax`, which a reader that collects it would hold in memory.
 */
export class PduGuard {
  readonly #bytesMax: number
  readonly #header = new Uint8Array(6)
  #headerBytes = 0
  #bodyLeft = 0

  constructor(bytesMax: number = pduBytesMax) {
    this.#bytesMax = bytesMax
  }

  push(bytes: Uint8Array): boolean {
    let at = 0
    while (at < bytes.length) {
      if (this.#bodyLeft > 0) {
        const step = Math.min(this.#bodyLeft, bytes.length - at)
        this.#bodyLeft -= step
        at += step
        continue
      }
      this.#header[this.#headerBytes] = bytes[at] ?? 0
      this.#headerBytes += 1
      at += 1
      if (this.#headerBytes < 6) continue
      const [type = 0, , b0 = 0, b1 = 0, b2 = 0, b3 = 0] = this.#header
      const length = b0 * 0x1000000 + b1 * 0x10000 + b2 * 0x100 + b3
      if (type < 1 || type > 7 || length > this.#bytesMax) return false
      this.#headerBytes = 0
      this.#bodyLeft = length
    }
    return true
  }
}
