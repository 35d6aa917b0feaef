import { CodecError, Output } from './output.ts'

/** The Java client wraps snappy blocks in this: magic, version, compatible version, then length and block, again and again (xerial snappy-java, SnappyOutputStream). */
const xerialMagic = [0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]
const xerialHeadBytes = 16

/** Undoes snappy as Kafka producers write it: raw, or in the Java client's stream of blocks. Throws CodecError for anything else, and beyond `bytesMax`. */
export function unsnappy(bytes: Uint8Array, bytesMax: number): Uint8Array {
  const output = new Output(bytesMax)
  if (!xerialMagic.every((byte, i) => bytes[i] === byte)) {
    rawBlock(bytes, output)
    return output.bytes()
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = xerialHeadBytes; at < bytes.length; ) {
    if (at + 4 > bytes.length) throw new CodecError('a snappy stream ends inside a length')
    const length = view.getUint32(at)
    if (at + 4 + length > bytes.length) throw new CodecError('a snappy stream ends inside a block')
    rawBlock(bytes.subarray(at + 4, at + 4 + length), output)
    at += 4 + length
  }
  return output.bytes()
}

/** One raw block: its length as a varint, then literals and copies (google/snappy format_description.txt). */
function rawBlock(bytes: Uint8Array, output: Output): void {
  let at = 0
  let length = 0
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++]
    if (byte === undefined || shift > 28) throw new CodecError('a snappy block has no length')
    length += (byte & 0x7f) * 2 ** shift
    if (byte < 0x80) break
  }
  const from = output.length
  while (at < bytes.length) {
    const tag = bytes[at++] ?? 0
    if ((tag & 3) === 0) {
      const short = tag >>> 2
      const extra = Math.max(0, short - 59)
      const literal = (extra === 0 ? short : littleEndian(bytes, at, extra)) + 1
      at += extra
      if (at + literal > bytes.length) throw new CodecError('a snappy literal ends early')
      output.push(bytes.subarray(at, at + literal))
      at += literal
      continue
    }
    const isShort = (tag & 3) === 1
    const offsetBytes = isShort ? 1 : (tag & 3) === 2 ? 2 : 4
    const low = littleEndian(bytes, at, offsetBytes)
    at += offsetBytes
    const distance = isShort ? ((tag >>> 5) << 8) + low : low
    output.copy(distance, isShort ? ((tag >>> 2) & 7) + 4 : (tag >>> 2) + 1, from)
  }
  if (output.length - from !== length) throw new CodecError('a snappy block has another length than it says')
}

function littleEndian(bytes: Uint8Array, at: number, count: number): number {
  if (at + count > bytes.length) throw new CodecError('a snappy block ends inside a tag')
  let value = 0
  for (let i = count - 1; i >= 0; i -= 1) value = value * 256 + (bytes[at + i] ?? 0)
  return value
}
