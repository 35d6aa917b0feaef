import { CodecError, Output } from './output.ts'

const frameMagic = 0x184d2204

/**
 * Undoes an LZ4 frame as Kafka producers write it (LZ4 Frame Format 1.6). Checksums are not looked at: the record batch has its own. Throws CodecError
 * for anything else, and beyond `bytesMax`.
 */
export function unlz4(bytes: Uint8Array, bytesMax: number): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 7 || view.getUint32(0, true) !== frameMagic) throw new CodecError('no LZ4 frame')
  const flags = bytes[4] ?? 0
  if (flags >>> 6 !== 1) throw new CodecError('an LZ4 frame of another version')
  const hasBlockChecksum = (flags & 0x10) !== 0
  const isIndependent = (flags & 0x20) !== 0
  const sizeBytes = (flags & 0x08) === 0 ? 0 : 8
  const dictionaryBytes = (flags & 0x01) === 0 ? 0 : 4
  const output = new Output(bytesMax)
  for (let at = 4 + 2 + sizeBytes + dictionaryBytes + 1; ; ) {
    if (at + 4 > bytes.length) throw new CodecError('an LZ4 frame ends early')
    const head = view.getUint32(at, true)
    at += 4
    if (head === 0) return output.bytes()
    const length = head & 0x7fffffff
    if (at + length > bytes.length) throw new CodecError('an LZ4 frame ends inside a block')
    const content = bytes.subarray(at, at + length)
    if (head >>> 31 === 1) output.push(content)
    else block(content, output, isIndependent ? output.length : 0)
    at += length + (hasBlockChecksum ? 4 : 0)
  }
}

/** One block: token, literals, distance, length, again and again (LZ4 Block Format). */
function block(bytes: Uint8Array, output: Output, from: number): void {
  let at = 0
  const extended = (first: number): number => {
    if (first < 15) return first
    let length = first
    for (;;) {
      const byte = bytes[at++]
      if (byte === undefined) throw new CodecError('an LZ4 block ends inside a length')
      length += byte
      if (byte < 255) return length
    }
  }
  while (at < bytes.length) {
    const token = bytes[at++] ?? 0
    const literal = extended(token >>> 4)
    if (at + literal > bytes.length) throw new CodecError('an LZ4 literal ends early')
    output.push(bytes.subarray(at, at + literal))
    at += literal
    if (at >= bytes.length) return
    const distance = (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * 256
    at += 2
    output.copy(distance, extended(token & 15) + 4, from)
  }
}
