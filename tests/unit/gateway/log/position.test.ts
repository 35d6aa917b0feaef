import { describe, expect, it } from 'vitest'
import { comparePositions, formatPosition, parsePosition } from '../../../../gateway/log/position.ts'

const at = (blockAt: number, index: number, logId = 7) => formatPosition({ blockAt, index, blockBytes: 100, logId })

describe('positions', () => {
  it('are read back as they were written', () => {
    const spot = { blockAt: 2 ** 40, index: 12, blockBytes: 345, logId: 0xfedcba98 }
    expect(parsePosition(formatPosition(spot))).toEqual(spot)
    expect(parsePosition('12')).toBeNull()
  })

  it('are ordered by where they stand', () => {
    expect(comparePositions(at(10, 5), at(9, 99))).toBe(1)
    expect(comparePositions(at(9, 99), at(10, 5))).toBe(-1)
    expect(comparePositions(at(10, 5), at(10, 5))).toBe(0)
  })

  it('of a log that was begun anew come after those of the old one', () => {
    expect(comparePositions(at(1, 1, 8), at(999, 1, 7))).toBe(1)
  })
})
