import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BytesError, ByteWriter } from '../../../../gateway/log/bytes.ts'
import { decodeEntry, encodeEntry } from '../../../../gateway/log/entry-codec.ts'
import type { Entry } from '../../../../gateway/model/entry.ts'
import { arbitraryEntry, numberedEntry } from '../../../laws/arbitrary-entries.ts'

function encoded(entry: Entry): Buffer {
  const writer = new ByteWriter(16)
  encodeEntry(writer, entry)
  return writer.finish()
}

test('every entry comes back exactly: every field, number, string and byte', () => {
  fc.assert(
    fc.property(arbitraryEntry, fc.nat(40), (entry, shift) => {
      // Behind other bytes, as in a block: offsets must not be taken for granted.
      const bytes = Buffer.concat([Buffer.alloc(shift, 9), encoded(entry), Buffer.alloc(3, 9)])
      expect(decodeEntry(bytes, shift, bytes.length - 3)).toEqual(entry)
    }),
    { numRuns: 1000 },
  )
})

test('names that one hash stands for are kept apart', () => {
  for (const type of ['Aa', 'BB', 'Aa', 'AaBB', 'BBAa', 'BB']) {
    const entry = numberedEntry(1, 5)
    if (entry.kind !== 'exchange') throw new Error('no exchange')
    const named: Entry = { ...entry, exchange: { ...entry.exchange, type } }
    const bytes = encoded(named)
    expect(decodeEntry(bytes, 0, bytes.length)).toEqual(named)
  }
})

test('a body is a view, of exactly its bytes', () => {
  const bytes = encoded(numberedEntry(1, 500))
  const entry = decodeEntry(bytes, 0, bytes.length)
  if (entry.kind !== 'exchange' || entry.exchange.request === null) throw new Error('no request')
  expect(entry.exchange.request.body).toHaveLength(500)
  expect(entry.exchange.request.body.buffer).toBe(bytes.buffer)
})

test('bytes that end too early, or that nothing wrote, are a BytesError and nothing else', () => {
  const bytes = encoded(numberedEntry(7, 50))
  for (let end = 0; end < bytes.length; end += 1) expect(() => decodeEntry(bytes, 0, end)).toThrow(BytesError)
  const damaged = fc.record({ entry: arbitraryEntry, at: fc.nat(), mask: fc.integer({ min: 1, max: 255 }) })
  fc.assert(
    fc.property(damaged, ({ entry, at, mask }) => {
      const wrong = Buffer.from(encoded(entry))
      const index = at % wrong.length
      wrong[index] = (wrong[index] ?? 0) ^ mask
      try {
        decodeEntry(wrong, 0, wrong.length)
      } catch (error) {
        expect(error).toBeInstanceOf(BytesError)
      }
    }),
    { numRuns: 1000 },
  )
})

test('an exchange of 1 kB costs little more than its body', () => {
  expect(encoded(numberedEntry(123_456, 1000)).length - 1100).toBeLessThan(260)
})
