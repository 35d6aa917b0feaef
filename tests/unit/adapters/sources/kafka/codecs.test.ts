import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { unlz4 } from '../../../../../adapters/sources/kafka/codecs/lz4.ts'
import { CodecError } from '../../../../../adapters/sources/kafka/codecs/output.ts'
import { unsnappy } from '../../../../../adapters/sources/kafka/codecs/snappy.ts'

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString()
const bytes = (...parts: readonly (string | readonly number[])[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))))

describe('snappy', () => {
  // 11 bytes: literal "abc", a copy of 3 from 3 back that overlaps itself (length 4..11 in the short form: 8).
  const raw = bytes([11], [2 << 2], 'abc', [((8 - 4) << 2) | 1, 3])

  it('undoes literals and copies, overlapping ones too', () => {
    expect(text(unsnappy(raw, 100))).toBe('abcabcabcab')
  })

  it('undoes the blocks of the Java client', () => {
    const head = [0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1]
    const block = (content: Buffer) => bytes([0, 0, 0, content.length], [...content])
    expect(text(unsnappy(bytes(head, [...block(raw)], [...block(raw)]), 100))).toBe('abcabcabcab'.repeat(2))
  })

  it('undoes literals and copies with longer tags', () => {
    const long = 'x'.repeat(300)
    const literal = bytes([(300 % 128) | 128, 300 >> 7], [61 << 2, 299 & 255, 299 >> 8], long)
    expect(text(unsnappy(literal, 1000))).toBe(long)
    const copy = bytes([68], [3 << 2], 'abcd', [((64 - 1) << 2) | 2, 4, 0])
    expect(text(unsnappy(copy, 1000))).toBe('abcd'.repeat(17))
  })
})

describe('lz4', () => {
  const frame = (flags: number, ...blocks: readonly Buffer[]) =>
    bytes([0x04, 0x22, 0x4d, 0x18, flags, 0x40, 0], ...blocks.map((b) => [...b]), [0, 0, 0, 0])
  const sized = (content: Buffer, isStored = false) => bytes([content.length, 0, 0, isStored ? 0x80 : 0], [...content])

  it('undoes compressed and stored blocks', () => {
    // Token: 3 literals, match of 4 + 15 + 1 = 20 from 3 back; then the last literals.
    const block = bytes([0x3f], 'abc', [3, 0, 1], [0x20], 'yz')
    expect(text(unlz4(frame(0x60, sized(block), sized(bytes('stored'), true)), 1000))).toBe(
      `${'abc'.repeat(8).slice(0, 23)}yzstored`,
    )
  })

  it('reaches back into the block before only where blocks are linked', () => {
    const first = sized(bytes([0x40], 'abcd'))
    const second = sized(bytes([0x00, 4, 0], [0x10], 'z'))
    expect(text(unlz4(frame(0x40, first, second), 1000))).toBe('abcdabcdz')
    expect(() => unlz4(frame(0x60, first, second), 1000)).toThrow(CodecError)
  })

  it('skips what a frame may carry besides: sizes and checksums', () => {
    const head = bytes([0x04, 0x22, 0x4d, 0x18, 0x7c, 0x40], [4, 0, 0, 0, 0, 0, 0, 0], [0])
    const framed = bytes([...head], [...sized(bytes([0x40], 'abcd'))], [9, 9, 9, 9], [0, 0, 0, 0], [9, 9, 9, 9])
    expect(text(unlz4(framed, 1000))).toBe('abcd')
  })
})

it('throws nothing but CodecError, and makes no more than is allowed', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.boolean(), (noise, isLz4) => {
      const input = isLz4 ? Buffer.concat([Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0]), noise]) : noise
      try {
        expect((isLz4 ? unlz4 : unsnappy)(input, 10_000).length).toBeLessThanOrEqual(10_000)
      } catch (error) {
        expect(error).toBeInstanceOf(CodecError)
      }
    }),
    { numRuns: 2_000 },
  )
  // A bomb: 64 bytes for each copy.
  const bomb = bytes(
    [0xff, 0xff, 0x3f],
    [0],
    'a',
    Array.from({ length: 3_000 }, (_, i) => [((64 - 1) << 2) | 2, 1, 0][i % 3] ?? 0),
  )
  expect(() => unsnappy(bomb, 10_000)).toThrow(CodecError)
})
