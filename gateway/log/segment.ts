import { crc32 } from 'node:zlib'
import type { ByteWriter } from './bytes.ts'
import { seal, tagBytes, unseal } from './seal.ts'

/*
 * A segment is a header of 64 bytes and blocks. A block is a head of 24 bytes and a payload: entries, each as length and bytes,
 * sealed as one when the log has a key. Where a segment begins in the whole log stands in its header and in its name.
 * Every number is little endian.
 */

/** What a segment's first 64 bytes say. */
export interface SegmentHeader {
  readonly codecVersion: number
  readonly logId: number
  /** Place of the segment's first byte in the whole log. */
  readonly base: number
  /** Where the segment before it ended when this one was begun: a gap between that and `base` is no loss. */
  readonly previousEnd: number
  /** When it was begun, by the writer's clock. Everything in older segments is older. */
  readonly createdAt: number
  /** Null: not sealed. */
  readonly keyId: Buffer | null
  readonly salt: Buffer
}

/** What a block's first 24 bytes say. */
export interface BlockHead {
  /** Of the payload as stored, tag included. */
  readonly payloadBytes: number
  readonly entryCount: number
  /** Running number within the segment. */
  readonly counter: number
  readonly payloadCrc: number
}

export const segmentHeaderBytes = 64
export const blockHeadBytes = 24
/** A longer block is taken for damage, and an entry that would need one is refused. */
export const blockBytesMax = 256 * 1024 * 1024
export const segmentVersion = 1

const magic = Buffer.from('AUSCULTL', 'latin1')
const blockMark = Buffer.from([0xa5, 0xc1, 0x7b, 0x0c])

export function encodeSegmentHeader(header: SegmentHeader): Buffer {
  const bytes = Buffer.alloc(segmentHeaderBytes)
  magic.copy(bytes, 0)
  bytes.writeUInt8(segmentVersion, 8)
  bytes.writeUInt8(header.codecVersion, 9)
  bytes.writeUInt8(header.keyId === null ? 0 : 1, 10)
  bytes.writeUInt32LE(header.logId, 12)
  bytes.writeDoubleLE(header.base, 16)
  bytes.writeDoubleLE(header.previousEnd, 24)
  bytes.writeDoubleLE(header.createdAt, 32)
  header.keyId?.copy(bytes, 40)
  header.salt.copy(bytes, 48, 0, 12)
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 60)), 60)
  return bytes
}

/** `newer`: written by a newer version. Null: damaged, or not a segment. The version's place never changes. */
export function decodeSegmentHeader(bytes: Buffer): SegmentHeader | 'newer' | null {
  if (bytes.length < segmentHeaderBytes || !bytes.subarray(0, 8).equals(magic)) return null
  if (crc32(bytes.subarray(0, 60)) !== bytes.readUInt32LE(60)) return null
  if (bytes.readUInt8(8) > segmentVersion) return 'newer'
  return {
    codecVersion: bytes.readUInt8(9),
    logId: bytes.readUInt32LE(12),
    base: bytes.readDoubleLE(16),
    previousEnd: bytes.readDoubleLE(24),
    createdAt: bytes.readDoubleLE(32),
    keyId: bytes.readUInt8(10) === 0 ? null : Buffer.from(bytes.subarray(40, 48)),
    salt: Buffer.from(bytes.subarray(48, 60)),
  }
}

/** What a block is bound to: where it stands in the log, and in which segment. A message can't carry a block that passes for one. */
export interface BlockBinding {
  readonly salt: Buffer
  /** Of this segment, or null. */
  readonly key: Buffer | null
}

/**
 * Makes the block of the entries that stand in `entries` behind `blockHeadBytes` reserved bytes: seals and checksums them and fills
 * the head in. `blockAt` is the block's place in the whole log. The writer must not be used afterwards.
 */
export function finishBlock(
  entries: ByteWriter,
  entryCount: number,
  options: { readonly binding: BlockBinding; readonly blockAt: number; readonly counter: number },
): Buffer {
  const { binding, blockAt, counter } = options
  const plainBytes = entries.length - blockHeadBytes
  const bytes = entries.finish(binding.key === null ? 0 : tagBytes)
  blockMark.copy(bytes, 0)
  bytes.writeUInt32LE(bytes.length - blockHeadBytes, 4)
  bytes.writeUInt32LE(entryCount, 8)
  bytes.writeUInt32LE(counter, 12)
  if (binding.key !== null) {
    const payload = bytes.subarray(blockHeadBytes, blockHeadBytes + plainBytes)
    seal(binding.key, counter, bound(bytes.subarray(0, 16), blockAt), payload, bytes.subarray(blockHeadBytes + plainBytes))
  }
  bytes.writeUInt32LE(crc32(bytes.subarray(blockHeadBytes)), 16)
  bytes.writeUInt32LE(headCrc(bytes.subarray(0, 20), binding, blockAt), 20)
  return bytes
}

/** The head at the front of `bytes`, or null where no block of this segment begins. */
export function readBlockHead(bytes: Buffer, binding: BlockBinding, blockAt: number): BlockHead | null {
  if (bytes.length < blockHeadBytes || bytes.compare(blockMark, 0, 4, 0, 4) !== 0) return null
  if (headCrc(bytes.subarray(0, 20), binding, blockAt) !== bytes.readUInt32LE(20)) return null
  const payloadBytes = bytes.readUInt32LE(4)
  if (payloadBytes > blockBytesMax) return null
  return {
    payloadBytes,
    entryCount: bytes.readUInt32LE(8),
    counter: bytes.readUInt32LE(12),
    payloadCrc: bytes.readUInt32LE(16),
  }
}

/** Whether the payload is as it was written. Needs no key. */
export function isPayloadIntact(head: BlockHead, payload: Buffer): boolean {
  return payload.length === head.payloadBytes && crc32(payload) === head.payloadCrc
}

/** The entries' bytes of an intact block, opened when it is sealed; null when the seal is broken. */
export function openPayload(block: Buffer, head: BlockHead, binding: BlockBinding, blockAt: number): Buffer | null {
  const payload = block.subarray(blockHeadBytes, blockHeadBytes + head.payloadBytes)
  if (binding.key === null) return payload
  if (payload.length < tagBytes) return null
  const sealed = payload.subarray(0, payload.length - tagBytes)
  const tag = payload.subarray(payload.length - tagBytes)
  return unseal(binding.key, head.counter, bound(block.subarray(0, 16), blockAt), sealed, tag)
}

/** Where the next mark of a block stands in `bytes` at or after `from`, or -1. A mark alone proves nothing. */
export function findBlockMark(bytes: Buffer, from: number): number {
  return bytes.indexOf(blockMark, from)
}

function headCrc(head: Buffer, binding: BlockBinding, blockAt: number): number {
  return crc32(bound(head, blockAt), crc32(binding.salt))
}

function bound(head: Buffer, blockAt: number): Buffer {
  const bytes = Buffer.allocUnsafe(head.length + 8)
  head.copy(bytes)
  bytes.writeDoubleLE(blockAt, head.length)
  return bytes
}
