import { createHmac, createSecretKey } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createShortHmac } from '../../../../gateway/store/hmac.ts'

it('gives the first eight bytes of HMAC-SHA-256 as node:crypto computes it, for any key and message', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), fc.uint8Array({ maxLength: 300 }), (secret, message) => {
      const key = createSecretKey(secret)
      const out = new Uint8Array(10)
      createShortHmac(key).first8(message, out, 2)
      const expected = createHmac('sha256', key).update(message).digest().subarray(0, 8)
      expect(Buffer.from(out.subarray(2))).toEqual(expected)
      createShortHmac(key).first8(Uint8Array.of(...message, 1, 2), out, 0, message.length)
      expect(Buffer.from(out.subarray(0, 8))).toEqual(expected)
    }),
    { numRuns: 500 },
  )
})
