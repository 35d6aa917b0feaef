import { describe, expect, it } from 'vitest'
import { type Budget, Kept } from '../../../../../adapters/protocols/dimse/kept.ts'

describe('what is kept of several bodies', () => {
  it('is never more than their budget, and what is handed over frees it', () => {
    const budget: Budget = { leftBytes: 2_000 }
    const [first, second] = [new Kept(budget, 10_000), new Kept(budget, 10_000)]
    for (let i = 0; i < 300; i++) {
      first.append(Buffer.alloc(5, 1), 5)
      second.append(Buffer.alloc(7, 2), 7)
      expect(first.heldBytes + second.heldBytes + budget.leftBytes).toBe(2_000)
    }
    expect(first.usedBytes + second.usedBytes).toBe(2_000)
    expect(first.take().every((byte) => byte === 1)).toBe(true)
    second.letGo()
    expect([budget.leftBytes, first.heldBytes, second.heldBytes]).toEqual([2_000, 0, 0])
    first.append(Buffer.alloc(3_000, 3), 3_000)
    expect(first.take()).toEqual(Buffer.alloc(2_000, 3))
  })

  it('depends on how much there was, not on its pieces, also when the limit falls', () => {
    const kept = [1, 13, 5_000].map((size) => {
      const budget: Budget = { leftBytes: 8_000 }
      const one = new Kept(budget, 6_000)
      for (let at = 0; at < 7_000; at += size) one.append(Buffer.alloc(size, at), Math.min(size, 7_000 - at))
      one.limit(700)
      return [one.usedBytes, one.heldBytes, budget.leftBytes, one.take().length]
    })
    expect(new Set(kept.map(String)).size).toBe(1)
    expect(kept[0]).toEqual([700, 1_024, 6_976, 700])
  })
})
