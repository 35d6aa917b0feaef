import { expect, test } from 'vitest'
import { ByteWriter } from '../../../../gateway/log/bytes.ts'
import {
  type BlockBinding,
  blockHeadBytes,
  decodeSegmentHeader,
  encodeSegmentHeader,
  finishBlock,
  openPayload,
  readBlockHead,
} from '../../../../gateway/log/segment.ts'

const salt = Buffer.alloc(12, 3)
const key = Buffer.alloc(32, 5)

function block(binding: BlockBinding, blockAt: number, counter = 0): Buffer {
  const writer = new ByteWriter(64, blockHeadBytes)
  writer.u32(5)
  for (const byte of Buffer.from('hello')) writer.u8(byte)
  return finishBlock(writer, 1, { binding, blockAt, counter })
}

test.each([null, key])('a block is read where it stands in its segment, and nowhere else', (used) => {
  const binding = { salt, key: used }
  const bytes = block(binding, 1234)
  const head = readBlockHead(bytes, binding, 1234)
  if (head === null) throw new Error('no block')
  expect(openPayload(bytes, head, binding, 1234)?.subarray(4).toString()).toBe('hello')
  expect(readBlockHead(bytes, binding, 1235)).toBeNull()
  expect(readBlockHead(bytes, { ...binding, salt: Buffer.alloc(12, 4) }, 1234)).toBeNull()
})

test('a seal holds the block to its place and its head, not only to its bytes', () => {
  const binding = { salt, key }
  const bytes = block(binding, 1234)
  const head = readBlockHead(bytes, binding, 1234)
  if (head === null) throw new Error('no block')
  expect(openPayload(bytes, head, binding, 9999)).toBeNull()
  const recounted = Buffer.from(bytes)
  recounted.writeUInt32LE(7, 8)
  expect(openPayload(recounted, head, binding, 1234)).toBeNull()
  expect(openPayload(bytes, head, { salt, key: Buffer.alloc(32, 6) }, 1234)).toBeNull()
})

test('no two blocks of one segment are sealed alike', () => {
  const payload = (counter: number) => block({ salt, key }, 1234, counter).subarray(blockHeadBytes).toString('hex')
  expect(payload(0)).not.toBe(payload(1))
})

test('a segment header comes back as it was, and any wrong byte in it is seen', () => {
  const header = {
    codecVersion: 1,
    logId: 0xdeadbeef,
    base: 2 ** 40 + 1,
    previousEnd: 2 ** 39,
    createdAt: 1.5,
    keyId: Buffer.alloc(8, 9),
    salt,
  }
  const bytes = encodeSegmentHeader(header)
  expect(decodeSegmentHeader(bytes)).toEqual(header)
  for (let at = 0; at < bytes.length; at += 1) {
    const wrong = Buffer.from(bytes)
    wrong[at] = (wrong[at] ?? 0) ^ 16
    expect(decodeSegmentHeader(wrong)).toBeNull()
  }
})
