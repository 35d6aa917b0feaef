import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Counter, keyOf } from '../../../../../gateway/incidents/evidence/tally.ts'

test('names are counted under their own family and name, whatever was counted before them', () => {
  const prefixes = ['type', 'type-bad', 'sender']
  const name = fc.oneof(fc.constantFrom('', ':', 'ADT^A01', '张三', 'other'), fc.string({ maxLength: 60 }))
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...prefixes), name), { maxLength: 100 }), (adds) => {
      const tally = new Counter()
      const expected = new Map<string, number>()
      for (const [prefix, one] of adds) {
        tally.addNamed(prefix, one)
        const key = `${prefix}:${one.slice(0, 48)}`
        expected.set(key, (expected.get(key) ?? 0) + 1)
      }
      for (const [key, count] of expected) expect(tally.count(key)).toBe(count)
      for (const prefix of prefixes) {
        const all = tally.top(prefix).reduce((sum, { count }) => sum + count, 0)
        expect(all).toBe(adds.filter(([other]) => other === prefix).length)
      }
    }),
  )
})

test('a key is right for more names than are remembered', () => {
  for (let i = 0; i < 3000; i += 1) expect(keyOf('type', `T${i % 700}`)).toBe(`type:T${i % 700}`)
})

test('names beyond the bound are counted together', () => {
  const tally = new Counter()
  for (let i = 0; i < 500; i += 1) tally.addNamed('type', `T${i}`)
  expect(tally.count('type:T0')).toBe(1)
  expect(tally.count('type:other')).toBe(500 - 160)
})
