import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ByteReader, ByteWriter } from '../../../../gateway/log/bytes.ts'

/** Few characters and all lengths around those that are remembered: many share their beginning, their words or their slot. */
const texts = fc.array(fc.string({ unit: fc.constantFrom('\0', 'a', 'b', '\xff'), maxLength: 44 }), { maxLength: 60 })

it('reads texts that came before, and those that are nearly like them, as they were written', () => {
  fc.assert(
    fc.property(texts, (all) => {
      const writer = new ByteWriter(8)
      for (const text of all) writer.text(text)
      const bytes = writer.finish()
      for (const _ of [1, 2]) {
        const reader = new ByteReader(bytes, 0, bytes.length)
        expect(all.map(() => reader.knownText())).toEqual(all)
        expect(reader.isAtEnd).toBe(true)
      }
    }),
    { numRuns: 500 },
  )
})
